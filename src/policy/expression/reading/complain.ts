import { nearest } from '../../../util/nearest.ts';
import { types } from '../../subject/fields/all.ts';
import { ExpressionError } from '../contract.ts';
import { functions, handlers } from '../functions.ts';
import { type CelFault, type CelNode, deepest, mostParts } from './cel.ts';
import { noField } from './fields.ts';

/** Loops, which are no functions. */
const loops = ['exists', 'all', 'exists_one', 'filter', 'map'];

/** What cel-js calls the pieces of a text. */
const pieces: Readonly<Record<string, string>> = {
  EOF: 'the end',
  RPAREN: ')',
  LPAREN: '(',
  RBRACKET: ']',
  LBRACKET: '[',
  RBRACE: '}',
  LBRACE: '{',
  COMMA: 'a comma',
  COLON: ':',
  DOT: 'a point',
  QUESTION: '?',
  IDENTIFIER: 'a name',
  NUMBER: 'a number',
  STRING: 'a text',
};

/** The fault as our own, in plain words, with what was meant where that can be told. */
export function complaintOf(
  fault: CelFault,
  text: string,
  variables: Readonly<Record<string, string>>,
): ExpressionError {
  const start = Math.min(fault.range?.start ?? 0, text.length);
  const end = Math.min(Math.max(fault.range?.end ?? text.length, start), text.length);
  const summary = fault.summary ?? 'this is no CEL expression';
  const { node } = fault;
  switch (fault.code) {
    case 'unknown_variable':
      return wrongLoop(text, start) ?? unknownVariable(text.slice(start, end), start, end, Object.keys(variables));
    case 'no_such_key': {
      const [owner, name] = (node?.args ?? []) as [CelNode?, unknown?];
      const type = owner?.checkedType?.name;
      if (type !== undefined && typeof name === 'string') return noField(type, { start, end }, name);
      return new ExpressionError(lowered(summary), start, end);
    }
    case 'no_matching_overload':
      return node === undefined ? new ExpressionError(lowered(summary), start, end) : wrongCall(node, summary, text);
    case 'no_such_overload':
      return new ExpressionError(operatorSays(summary), start, end, operatorHint(summary));
    case 'reserved_identifier': {
      const hint = text.slice(start, end) === 'package' ? 'the package is called pkg' : undefined;
      return new ExpressionError(`${text.slice(start, end)} is a word of CEL's own`, start, end, hint);
    }
    case 'limit_exceeded': {
      const limits = `an expression has at most ${mostParts} parts, nested at most ${deepest} deep`;
      return new ExpressionError(limits, start, end, 'make several rules of it, or a list');
    }
    default:
      return new ExpressionError(inWords(summary), start, end, hintFor(text, start));
  }
}

function unknownVariable(name: string, start: number, end: number, names: readonly string[]): ExpressionError {
  const near = nearest(name, names);
  const owner = names.find((one) => one !== 'image' && one !== 'policy' && one !== 'lists' && one !== 'today');
  const hint =
    near === undefined
      ? `rules can read ${names.join(', ')}${owner === undefined ? '' : `; its fields as in ${owner}.name`}`
      : `did you mean ${near}?`;
  return new ExpressionError(`there is no variable ${name}`, start, end, hint);
}

/** The variable of what is no loop, or of one that lacks what is asked: the name of the loop is what is wrong. */
function wrongLoop(text: string, at: number): ExpressionError | undefined {
  const before = text.slice(Math.max(0, at - 60), at).trimEnd();
  const called = before.endsWith('(') ? lastWord(before.slice(0, -1)) : '';
  const start = text.lastIndexOf(called, at);
  if (called === '' || text.charAt(start - 1) !== '.' || handlers.has(called)) return undefined;
  const near = nearest(called, loops);
  if (loops.includes(called))
    return new ExpressionError(`${called} does not fit`, start, start + called.length, loopForm(called));
  if (near === undefined) return undefined;
  return new ExpressionError(`there is no ${called}`, start, start + called.length, `did you mean ${near}?`);
}

function lastWord(text: string): string {
  let from = text.length;
  while (/\w/.test(text.charAt(from - 1))) from--;
  return text.slice(from);
}

function loopForm(name: string): string {
  return `write it as in list.${name}(item, item != '')`;
}

/** A function that is not there, or not with these arguments. */
function wrongCall(node: CelNode, summary: string, text: string): ExpressionError {
  const receiver = node.op === 'rcall' ? (node.args as [string, CelNode])[1] : undefined;
  const name = (node.args as [string])[0];
  const from = receiver === undefined ? node.start : receiver.end;
  const at = text.indexOf(name, from);
  const start = at < 0 || at > node.end ? node.start : at;
  const end = start === at ? at + name.length : node.end;
  const called = /'([^']*)'/.exec(summary)?.[1] ?? name;
  if (!handlers.has(name) && !loops.includes(name) && name !== 'has') {
    const near = nearest(name, [...handlers.keys(), ...loops]);
    return new ExpressionError(
      `there is no function ${name}`,
      start,
      end,
      near === undefined ? undefined : `did you mean ${near}?`,
    );
  }
  const known = functions.filter(({ signature }) => new RegExp(`(?:^|\\.)${name}\\(`).test(signature));
  const forms = known.map(({ signature }) => signature);
  return new ExpressionError(
    `${called} does not fit`,
    start,
    end,
    forms.length === 0 ? loopForm(name) : `there is ${forms.join(', ')}`,
  );
}

function operatorSays(summary: string): string {
  return `${summary.replace('no such overload: ', '')}: these types don't go together`;
}

function operatorHint(summary: string): string | undefined {
  if (/\bint\b.*\bdouble\b|\bdouble\b.*\bint\b/.test(summary)) return 'a double is written with its point, as in 7.0';
  if (/\bint\b.*\bstring\b|\bstring\b.*\bint\b/.test(summary))
    return 'a text is written in quotes; string(…) makes one';
  const type = Object.keys(types).find((one) => new RegExp(`\\b${one}\\b`).test(summary));
  return type === undefined ? undefined : `compare one of the fields of ${type}`;
}

function inWords(summary: string): string {
  const found = /^(?:Unexpected token: (\w+)|Expected (\w+), got (\w+))$/.exec(summary);
  if (found === null) return lowered(summary);
  const [, unexpected, expected, got] = found;
  const word = (piece: string): string => pieces[piece] ?? piece.toLowerCase();
  if (unexpected !== undefined)
    return unexpected === 'EOF' ? 'the expression ends too early' : `${word(unexpected)} is not expected here`;
  return `${word(expected ?? '')} is expected here, not ${word(got ?? '')}`;
}

function hintFor(text: string, start: number): string | undefined {
  const rest = text.slice(start, start + 3);
  if (rest.startsWith('=') || text[start - 1] === '=')
    return 'equal is written ==, a regular expression is matched by .matches(…)';
  if (rest.startsWith('&')) return 'and is written &&';
  if (rest.startsWith('|')) return 'or is written ||';
  if (/^(?:and|or|not)\b/.test(rest)) return 'and is written &&, or ||, not !';
  return undefined;
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
