import { ExpressionError } from '../expression/contract.ts';
import type { Expression } from '../expression/node.ts';
import { parseExpression } from '../expression/parse.ts';
import type { FieldType } from '../subject/contract.ts';
import type { Faults } from './fault.ts';
import { misreadOrder } from './misread-order.ts';
import { scalarIn } from './shape.ts';
import type { TextValue, Value } from './value.ts';

/** What a condition can read. */
export interface Readable {
  readonly variables: Readonly<Record<string, FieldType>>;
  /** Names of the lists; absent: they are not known yet. */
  readonly lists?: readonly string[];
  /** Where a variable is there that other rules have, as a sentence; undefined where none has it. */
  whereIs(name: string): string | undefined;
}

/** Reads and checks a condition; what is wrong in it is told at its place in the file. */
export function conditionIn(
  value: Value,
  { variables, lists, whereIs }: Readable,
  faults: Faults,
): Expression | undefined {
  const text = textOf(value, faults);
  if (!text) return undefined;
  try {
    const expression = parseExpression(text.text, variables, lists);
    const misread = misreadOrder(expression);
    if (misread === undefined) return expression;
    faults.add(text.at(misread.offset), misread.message, misread.hint);
  } catch (thrown) {
    if (!(thrown instanceof ExpressionError)) throw thrown;
    const name = /^there is no variable (\w+)$/.exec(thrown.message)?.[1];
    const hint = (name === undefined ? undefined : whereIs(name)) ?? thrown.hint;
    faults.add(text.at(thrown.start), thrown.message, hint);
  }
  return undefined;
}

/** `true` and `false` are conditions too, though YAML reads them as something else. */
function textOf(value: Value, faults: Faults): TextValue | undefined {
  if (value.kind !== 'plain' || typeof value.value !== 'boolean') return scalarIn(value, 'when', faults);
  return { kind: 'text', text: String(value.value), place: value.place, at: () => value.place };
}
