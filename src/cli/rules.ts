import { commandOf, type ListedAction } from './actions.ts';

const actions: Readonly<Record<string, ListedAction>> = {
  list: {
    usage: 'list [PATTERN]',
    doc: 'lists what is looked for beside packages: rules for secrets, and on configuration',
    load: () => import('./rules/list.ts'),
  },
  show: {
    usage: 'show ID',
    doc: 'says what one rule looks for, why it matters, and how to end it',
    load: () => import('./rules/show.ts'),
  },
  test: {
    usage: 'test PATH …',
    doc: 'runs the tests that stand in rules, and says which of them do not hold',
    load: () => import('./rules/test.ts'),
  },
};

/** `sluice rules`: what is looked for beside packages. */
export const command = commandOf(
  'rules',
  actions,
  'sluice scan TARGET --rules FILE takes more rules; rules/README.md has their form.',
);
