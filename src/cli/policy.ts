import { commandOf, type ListedAction } from './actions.ts';

const actions: Readonly<Record<string, ListedAction>> = {
  check: {
    usage: 'check [FILE|PACK]',
    doc: 'says what is wrong with a policy, and which of its rules can never fire or add nothing',
    load: () => import('./policy/check.ts'),
  },
  test: {
    usage: 'test [FILE|FOLDER …]',
    doc: 'judges the cases beside policies, and says which do not come to what they expect',
    load: () => import('./policy/test.ts'),
  },
  diff: {
    usage: 'diff OLD NEW --over REPORT|FOLDER …',
    doc: 'judges kept reports by two policies: what would newly stop, what would pass',
    load: () => import('./policy/diff.ts'),
  },
};

/** `sluice policy`: work on the policy itself. */
export const command = commandOf(
  'policy',
  actions,
  'sluice scan goes by sluice.yaml, or by what --policy FILE|PACK names.',
);
