import { commandOf, type ListedAction } from './actions.ts';

const actions: Readonly<Record<string, ListedAction>> = {
  create: {
    usage: 'create TARGET --id ID --status STATUS --author NAME',
    doc: 'writes an OpenVEX document of what you found out of flaws in the target',
    load: () => import('./vex/create.ts'),
  },
  explain: {
    usage: 'explain [ID] TARGET --vex FILE|DIR',
    doc: 'says which statements apply to which findings, and why the others do not',
    load: () => import('./vex/explain.ts'),
  },
};

/** `sluice vex`: says which flaws do not matter and why, and shows what such statements come to. */
export const command = commandOf('vex', actions, 'sluice scan --vex FILE|DIR goes by such documents.');
