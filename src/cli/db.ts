import { commandOf, type ListedAction } from './actions.ts';

const actions: Readonly<Record<string, ListedAction>> = {
  update: {
    usage: 'update [--from URL|DIR] [--ecosystem NAME …]',
    doc: 'brings the data up to date: the public OSV export by ecosystem, known exploited flaws, and exploit scores',
    load: () => import('./db/update.ts'),
  },
  status: {
    usage: 'status [--json]',
    doc: 'shows what there is, how old it is, and what is kept of before',
    load: () => import('./db/status.ts'),
  },
  prune: {
    usage: 'prune [--keep TIME]',
    doc: 'removes what has been out of force for some time',
    load: () => import('./db/prune.ts'),
  },
  export: {
    usage: 'export FILE [--sign-key FILE]',
    doc: 'writes the data in force to one file, for machines without a network',
    load: () => import('./db/export.ts'),
  },
  import: {
    usage: 'import FILE [--key FILE …]',
    doc: 'takes the data from such a file',
    load: () => import('./db/import.ts'),
  },
  push: {
    usage: 'push REPOSITORY[:TAG] [--sign-key FILE]',
    doc: 'puts the data in force into a registry, for all runners of a team',
    load: () => import('./db/push.ts'),
  },
  pull: {
    usage: 'pull REPOSITORY[:TAG][@DIGEST] [--key FILE …]',
    doc: 'takes from there what is not here yet',
    load: () => import('./db/pull.ts'),
  },
};

/** `sluice db`: fetches vulnerability data, shows what there is, hands it on. */
export const command = commandOf(
  'db',
  actions,
  'What is in force changes all at once; whatever is interrupted leaves the old data in force.',
);
