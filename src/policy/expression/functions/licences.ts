import type { FunctionGroup } from './contract.ts';
import { allowing, isMetBy, requiring } from './licence.ts';

/** What functions look at of the view of a licence. */
interface LicenceView {
  readonly expression: string;
}

/** Functions over licences. */
export const licenceFunctions: FunctionGroup = {
  docs: [
    {
      signature: 'Licence.metBy(list<string>): bool',
      doc: 'whether it can be met by these licences alone, where `*` is any text: of a choice one of them must do',
      example: "!licence.metBy(['MIT', 'Apache-2.0', 'BSD-*'])",
    },
    {
      signature: 'Licence.requires(list<string>): bool',
      doc: "whether it can't be met without one of these: of a choice there is no other one",
      example: "licence.requires(['AGPL-*', 'SSPL-1.0'])",
    },
  ],
  handlers: {
    metBy: {
      run: ({ expression }: LicenceView, allowed: readonly string[]) => isMetBy(expression, allowed),
      prepare: (allowed: readonly string[]) => {
        const meets = allowing(allowed);
        return ({ expression }: LicenceView) => meets(expression);
      },
      fails: true,
    },
    requires: {
      run: ({ expression }: LicenceView, denied: readonly string[]) => requiring(denied)(expression),
      prepare: (denied: readonly string[]) => {
        const requires = requiring(denied);
        return ({ expression }: LicenceView) => requires(expression);
      },
      fails: true,
    },
  },
};
