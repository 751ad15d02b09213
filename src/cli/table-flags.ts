import { type GroupBy, groupings } from '../report/contract.ts';
import { SluiceError } from '../util/error.ts';
import { nearest } from '../util/nearest.ts';
import type { Flag, Flags } from './flags.ts';

/** What the table shows. */
export interface TableOptions {
  readonly groupBy?: GroupBy;
  readonly explain?: boolean;
}

/** How findings stand in the table, and how much is said of them. */
export const tableFlags: readonly Flag[] = [
  {
    name: 'group-by',
    value: 'package|layer|fix',
    choices: groupings,
    doc: 'the table by package (default), by the layer that brought it, or by what ends it',
  },
  { name: 'explain', doc: 'tell each finding that decides whole: why, advisory, path, layer and fix' },
];

/** What the flags say of the table. @throws SluiceError `usage/flag-value` */
export function tableOptionsOf(given: Flags): TableOptions {
  const text = given.text('group-by');
  const groupBy = groupings.find((known) => known === text);
  if (text !== undefined && groupBy === undefined) {
    const close = nearest(text, groupings);
    const hint = close ? `did you mean ${close}?` : `there are ${groupings.join(', ')}`;
    throw new SluiceError('usage/flag-value', `nothing can be put together by ${text}`, hint);
  }
  return { ...(groupBy ? { groupBy } : {}), ...(given.on('explain') ? { explain: true } : {}) };
}
