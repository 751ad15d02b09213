import { ExpressionError } from '../../policy/expression/contract.ts';
import type { Expression } from '../../policy/expression/node.ts';
import { parseExpression } from '../../policy/expression/parse.ts';
import type { Faults } from '../../policy/file/fault.ts';
import { misreadOrder } from '../../policy/file/misread-order.ts';
import { scalarIn } from '../../policy/file/shape.ts';
import type { TextValue, Value } from '../../policy/file/value.ts';
import { type ConfigurationSubject, configurationSubjects } from '../contract.ts';
import { variableOf, variablesFor } from '../subjects.ts';

/** Reads and checks a condition; what is wrong in it is told at its place in the file. */
export function readCondition(
  value: Value,
  on: ConfigurationSubject,
  each: boolean,
  faults: Faults,
): Expression | undefined {
  const text = conditionIn(value, faults);
  if (!text) return undefined;
  try {
    const expression = parseExpression(text.text, variablesFor(on, each), []);
    const misread = misreadOrder(expression);
    if (misread === undefined) return expression;
    faults.add(text.at(misread.offset), misread.message, misread.hint);
  } catch (thrown) {
    if (!(thrown instanceof ExpressionError)) throw thrown;
    faults.add(text.at(thrown.start), thrown.message, whereItIs(thrown.message) ?? thrown.hint);
  }
  return undefined;
}

/** Where a variable is there that a rule on something else asks for. */
function whereItIs(message: string): string | undefined {
  const name = /^there is no variable (\w+)$/.exec(message)?.[1];
  if (name === 'each') return 'each is there in rules that say each: image.ports or its like';
  const kind = configurationSubjects.find((one) => variableOf(one).name === name);
  return kind && `${name} is there in rules that say on: ${kind}`;
}

/** `true` and `false` are conditions too, though YAML reads them as something else. */
function conditionIn(value: Value, faults: Faults): TextValue | undefined {
  if (value.kind !== 'plain' || typeof value.value !== 'boolean') return scalarIn(value, 'when', faults);
  return { kind: 'text', text: String(value.value), place: value.place, at: () => value.place };
}
