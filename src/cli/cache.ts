import { commandOf, type ListedAction } from './actions.ts';

const actions: Readonly<Record<string, ListedAction>> = {
  prune: {
    usage: 'prune [--cache DIR] [--max-size SIZE]',
    doc: 'removes what is old or too much from the cache of layers and images',
    load: () => import('./cache/prune.ts'),
  },
};

/** `sluice cache`: keeps small what scans leave for the next ones. */
export const command = commandOf(
  'cache',
  actions,
  'What is removed is found out again when it is needed. The vulnerability data is kept by sluice db.',
);
