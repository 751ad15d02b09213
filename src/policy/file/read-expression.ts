import { ExpressionError } from '../expression/contract.ts';
import type { Expression } from '../expression/node.ts';
import { parseExpression } from '../expression/parse.ts';
import { type SubjectKind, subjectKinds, subjectVariables } from '../subject/contract.ts';
import { commonVariables } from '../subject/fields/all.ts';
import type { Faults } from './fault.ts';
import { misreadOrder } from './misread-order.ts';
import { scalarIn } from './shape.ts';
import type { TextValue, Value } from './value.ts';

/** Variables of a rule by the kind of its subjects, with their types. */
export function variablesOf(on: SubjectKind): Readonly<Record<string, string>> {
  const { name, type } = subjectVariables[on];
  return { ...commonVariables, [name]: type, ...(on === 'finding' ? { pkg: 'Package' } : {}) };
}

/** Reads and checks a condition; what is wrong in it is told at its place in the file. */
export function readExpression(value: Value, on: SubjectKind, faults: Faults): Expression | undefined {
  const text = conditionIn(value, faults);
  if (!text) return undefined;
  try {
    const expression = parseExpression(text.text, variablesOf(on));
    const misread = misreadOrder(expression);
    if (misread === undefined) return expression;
    faults.add(text.at(misread.offset), misread.message, misread.hint);
  } catch (thrown) {
    if (!(thrown instanceof ExpressionError)) throw thrown;
    faults.add(text.at(thrown.start), thrown.message, ofAnotherKind(thrown.message) ?? thrown.hint);
  }
  return undefined;
}

/** Where a variable is there that a rule on something else asks for. */
function ofAnotherKind(message: string): string | undefined {
  const name = /^there is no variable (\w+)$/.exec(message)?.[1];
  const kind = subjectKinds.find((one) => subjectVariables[one].name === name);
  return kind && `${name} is there in rules that say on: ${kind}`;
}

/** `true` and `false` are conditions too, though YAML reads them as something else. */
function conditionIn(value: Value, faults: Faults): TextValue | undefined {
  if (value.kind !== 'plain' || typeof value.value !== 'boolean') return scalarIn(value, 'when', faults);
  return { kind: 'text', text: String(value.value), place: value.place, at: () => value.place };
}
