import type { SecretRuleSet, SecretScanner } from '../../detect/secrets/contract.ts';
import { SluiceError } from '../../util/error.ts';
import type { LayerLook, LicenceReader, ReadyLook } from './contract.ts';

/** What was made ready last in this thread: one run looks for one thing. */
let last: { readonly key: string; readonly ready: Promise<ReadyLook> } | undefined;

/** Loads what a look needs, once for all layers that this thread reads. */
export function readyLook(look: LayerLook): Promise<ReadyLook> {
  const key = JSON.stringify([look.looked, look.values]);
  if (last?.key !== key) last = { key, ready: makeReady(look) };
  return last.ready;
}

async function makeReady(look: LayerLook): Promise<ReadyLook> {
  const { secrets, documents, licences } = look.looked;
  // What is kept of configuration files is kept without their secrets, so that they are searched for as well.
  const make = secrets === undefined && documents === undefined ? undefined : await scannerMaker(look);
  const reader = licences === undefined ? undefined : await licenceReader();
  const free: SecretScanner[] = [];
  return {
    look,
    borrow: () => free.pop() ?? scannerFrom(make),
    giveBack: (scanner) => void free.push(scanner),
    ...(reader ? { licences: reader } : {}),
  };
}

function scannerFrom(make: (() => SecretScanner) | undefined): SecretScanner {
  if (!make) throw new Error('secrets are not looked for');
  return make();
}

async function scannerMaker({ secretRules, values }: LayerLook): Promise<() => SecretScanner> {
  const [{ createScanner }, { secretRules: builtIn }] = await Promise.all([
    import('../../detect/secrets/scanner.ts'),
    import('../../detect/secrets/rules.gen.ts'),
  ]);
  const sets: readonly SecretRuleSet[] = [builtIn, ...secretRules];
  const make = (): SecretScanner => createScanner(sets, { values });
  let first: SecretScanner | undefined;
  try {
    first = make();
  } catch (thrown) {
    if (!(thrown instanceof SluiceError) || thrown.code !== 'pattern/engine') throw thrown;
    const engine = (await import('../../detect/secrets/pattern/engine.ts')).linearEngine;
    return () => createScanner(sets, { values, engine });
  }
  return () => {
    const made = first ?? make();
    first = undefined;
    return made;
  };
}

async function licenceReader(): Promise<LicenceReader> {
  const [{ claims }, { identify }] = await Promise.all([
    import('../../detect/licences/claims.ts'),
    import('../../detect/licences/identify.ts'),
  ]);
  return { claims, identify };
}
