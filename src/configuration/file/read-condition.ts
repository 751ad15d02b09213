import type { Expression } from '../../policy/expression/node.ts';
import { conditionIn } from '../../policy/file/condition.ts';
import type { Faults } from '../../policy/file/fault.ts';
import type { Value } from '../../policy/file/value.ts';
import { type ConfigurationSubject, configurationSubjects } from '../contract.ts';
import { variableOf, variablesFor } from '../subjects.ts';

/** Reads and checks the condition of a rule, which has no lists; what is wrong in it is told at its place in the file. */
export function readCondition(
  value: Value,
  on: ConfigurationSubject,
  each: boolean,
  faults: Faults,
): Expression | undefined {
  return conditionIn(value, { variables: variablesFor(on, each), lists: [], whereIs }, faults);
}

/** Where a variable is there that a rule on something else asks for. */
function whereIs(name: string): string | undefined {
  if (name === 'each') return 'each is there in rules that say each: image.ports or its like';
  const kind = configurationSubjects.find((one) => variableOf(one).name === name);
  return kind && `${name} is there in rules that say on: ${kind}`;
}
