import { RE2JS } from 're2js';
import type { FieldType } from '../subject/contract.ts';
import { ExpressionError } from './contract.ts';
import type { Expression } from './node.ts';
import { parseCel } from './reading/cel.ts';
import { complaintOf } from './reading/complain.ts';
import type { Reading } from './reading/context.ts';
import { convert } from './reading/convert.ts';
import { setRegular } from './regular.ts';

/** Longest expression (UTF-16 units). */
export const longestExpression = 8192;

setRegular(RE2JS);

/**
 * Reads an expression (CEL) that is true or false, with all types, names, patterns and ranges checked. This file loads the
 * libraries for that: import it only when there is something to read.
 * @param lists names of the policy's lists; those that are read must be among them
 * @throws ExpressionError with the place and, where it can be told, the correction
 */
export function parseExpression(
  text: string,
  variables: Readonly<Record<string, FieldType>>,
  lists?: readonly string[],
): Expression {
  if (text.length > longestExpression)
    throw new ExpressionError(`an expression has at most ${longestExpression} characters`, 0, text.length);
  const checked = parseCel(text, variables);
  if ('fault' in checked) throw complaintOf(checked.fault, text, variables);
  if (checked.type !== 'bool')
    throw new ExpressionError(`a rule asks for true or false, and this is ${checked.type}`, 0, text.length);
  const reading: Reading = { text, variables, lists, locals: new Map(), reads: new Set() };
  const node = convert(checked.ast, reading);
  return { text, node, reads: [...reading.reads].sort() };
}
