import { nearest } from '../../../util/nearest.ts';
import { ExpressionError } from '../contract.ts';
import type { CelNode } from './cel.ts';
import type { Reading } from './context.ts';

/** Notes that one of the policy's lists is read, where that is one. @throws ExpressionError when there is no such list */
export function knownList(of: CelNode, name: string, place: CelNode, { lists, locals, reads }: Reading): void {
  if (of.op !== 'id' || of.args !== 'lists' || locals.has('lists')) return;
  reads.add(`lists.${name}`);
  if (lists === undefined || lists.includes(name)) return;
  const near = nearest(name, lists);
  const hint = lists.length === 0 ? 'the policy has no lists' : `its lists are ${lists.slice(0, 20).join(', ')}`;
  throw new ExpressionError(
    `the policy has no list ${name.slice(0, 60)}`,
    place.start,
    place.end,
    near === undefined ? hint : `did you mean ${near}?`,
  );
}
