import type { Expression } from '../expression/node.ts';
import { type SubjectKind, subjectKinds, subjectVariables } from '../subject/contract.ts';
import { commonVariables } from '../subject/fields/all.ts';
import { conditionIn } from './condition.ts';
import type { Faults } from './fault.ts';
import type { Value } from './value.ts';

/** Variables of a rule by the kind of its subjects, with their types. */
export function variablesOf(on: SubjectKind): Readonly<Record<string, string>> {
  const { name, type } = subjectVariables[on];
  return { ...commonVariables, [name]: type, ...(on === 'finding' ? { pkg: 'Package' } : {}) };
}

/** Reads and checks the condition of a rule; what is wrong in it is told at its place in the file. */
export function readExpression(value: Value, on: SubjectKind, faults: Faults): Expression | undefined {
  return conditionIn(value, { variables: variablesOf(on), whereIs: ofAnotherKind }, faults);
}

/** Where a variable is there that a rule on something else asks for. */
function ofAnotherKind(name: string): string | undefined {
  const kind = subjectKinds.find((one) => subjectVariables[one].name === name);
  return kind && `${name} is there in rules that say on: ${kind}`;
}
