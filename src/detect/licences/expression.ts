import parse, { type Info } from 'spdx-expression-parse';
import { isListed, licenceNamed } from './licence-names.ts';
import { longestStatement, type Token, tokensOf } from './stated.ts';

/** What an expression is where the words could not be told. */
export const noAssertion = 'NOASSERTION';

/** How deep brackets may be nested: the parser calls itself for each. */
const deepest = 50;
/** Most statements whose expressions are kept. */
const mostKept = 5000;
const kept = new Map<string, string>();

/** Exceptions by the words that packages have for them. */
const exceptions: readonly (readonly [word: string, id: string])[] = [
  ['classpath', 'Classpath-exception-2.0'],
  ['gcc', 'GCC-exception-3.1'],
  ['bison', 'Bison-exception-2.2'],
  ['autoconf', 'Autoconf-exception-3.0'],
  ['font', 'Font-exception-2.0'],
  ['openssl', 'openvpn-openssl-exception'],
  ['llvm', 'LLVM-exception'],
  ['linux-syscall', 'Linux-syscall-note'],
  ['libtool', 'Libtool-exception'],
  ['openjdk', 'OpenJDK-assembly-exception-1.0'],
];

/** What SPDX has deprecated and what it says instead. */
const replaced = new Map([
  ['GPL-2.0-with-classpath-exception', 'GPL-2.0-only WITH Classpath-exception-2.0'],
  ['GPL-2.0-with-GCC-exception', 'GPL-2.0-only WITH GCC-exception-2.0'],
  ['GPL-2.0-with-autoconf-exception', 'GPL-2.0-only WITH Autoconf-exception-2.0'],
  ['GPL-2.0-with-bison-exception', 'GPL-2.0-only WITH Bison-exception-2.2'],
  ['GPL-2.0-with-font-exception', 'GPL-2.0-only WITH Font-exception-2.0'],
  ['GPL-3.0-with-GCC-exception', 'GPL-3.0-only WITH GCC-exception-3.1'],
  ['GPL-3.0-with-autoconf-exception', 'GPL-3.0-only WITH Autoconf-exception-3.0'],
  ['BSD-2-Clause-FreeBSD', 'BSD-2-Clause-Views'],
  ['BSD-2-Clause-NetBSD', 'BSD-2-Clause'],
  ['StandardML-NJ', 'SMLNJ'],
  ['bzip2-1.0.5', 'bzip2-1.0.6'],
]);

/**
 * What a package states as an SPDX licence expression (SPDX 2.3 annex D): as it is where it is one, else told by the names
 * that distributions, registries and classifiers have. A part that nobody knows becomes a `LicenseRef-`; where no part is
 * known it is `NOASSERTION`. Never throws.
 */
export function expressionOf(stated: string): string {
  const known = kept.get(stated);
  if (known !== undefined) return known;
  const found = told(stated);
  if (kept.size >= mostKept) kept.clear();
  if (stated.length <= longestStatement) kept.set(stated, found);
  return found;
}

/** An expression in one form: ids of today, no licence twice, brackets where they are needed. Undefined when it is none. */
export function canonical(expression: string): string | undefined {
  const info = parsed(expression);
  return info && written(info, false);
}

/** The SPDX ids in an expression, each once, sorted. */
export function idsIn(expression: string): readonly string[] {
  const info = parsed(expression);
  const ids = new Set<string>();
  const stack = info ? [info] : [];
  for (let at = stack.pop(); at; at = stack.pop()) {
    if ('conjunction' in at) stack.push(at.left, at.right);
    else ids.add(at.license);
  }
  return [...ids].sort();
}

function parsed(expression: string): Info | undefined {
  if (expression === '' || expression.length > longestStatement * 4 || depthOf(expression) > deepest) return undefined;
  try {
    return parse(expression);
  } catch {
    return undefined;
  }
}

function depthOf(text: string): number {
  let [depth, most] = [0, 0];
  for (const sign of text) {
    if (sign === '(') most = Math.max(most, ++depth);
    else if (sign === ')') depth--;
  }
  return most;
}

/** `within`: whether it stands in an `AND`, so that a choice needs brackets. */
function written(info: Info, within: boolean): string {
  if (!('conjunction' in info)) return oneWritten(info);
  const isOr = info.conjunction === 'or';
  const parts = [...new Set(chain(info, info.conjunction).map((part) => written(part, !isOr)))];
  const text = parts.join(isOr ? ' OR ' : ' AND ');
  return isOr && within && parts.length > 1 ? `(${text})` : text;
}

/** The parts that one operator joins, without recursion along the chain. */
function chain(info: Info, by: 'and' | 'or'): Info[] {
  const parts: Info[] = [];
  const stack = [info];
  for (let at = stack.pop(); at; at = stack.pop()) {
    if ('conjunction' in at && at.conjunction === by) stack.push(at.right, at.left);
    else parts.push(at);
  }
  return parts;
}

function oneWritten({ license, plus, exception }: Extract<Info, { license: string }>): string {
  const today = replaced.get(license) ?? todays(license, plus === true);
  return exception ? `${today.replace(/ WITH .*$/, '')} WITH ${exception}` : today;
}

/** GNU's licences say today whether it is this version alone. */
function todays(id: string, plus: boolean): string {
  if (/^(?:[AL]?GPL|GFDL)-\d\.\d\+?$/.test(id)) {
    return plus || id.endsWith('+') ? `${id.replace(/\+$/, '')}-or-later` : `${id}-only`;
  }
  return plus && /-only$/.test(id) ? id.replace(/-only$/, '-or-later') : plus && !/-or-later$/.test(id) ? `${id}+` : id;
}

function told(stated: string): string {
  const text = firstLine(stated);
  if (text === '' || text === 'NONE' || text === noAssertion) return text === 'NONE' ? text : noAssertion;
  const plain = prepared(text);
  const whole = canonical(text) ?? (text.includes('>=') ? undefined : singleNamed(text)) ?? singleNamed(plain);
  if (whole !== undefined) return whole;
  const tokens = tokensOf(plain);
  let known = false;
  const parts = tokens.map((token) => {
    if (typeof token !== 'object') return token;
    const one = named(token);
    known ||= one !== undefined;
    return one ?? ownName(token.name);
  });
  return (known ? canonical(balanced(parts).join(' ')) : undefined) ?? noAssertion;
}

/** The text of a licence often begins with its name. */
function firstLine(stated: string): string {
  const text = stated.trim();
  const end = text.indexOf('\n');
  if (end < 0 && text.length <= longestStatement) return text;
  const first = text.slice(0, end < 0 ? 0 : end).trim();
  return first.length <= 120 ? first : '';
}

function singleNamed(text: string): string | undefined {
  const one = licenceNamed(text);
  return one === undefined ? undefined : canonical(one);
}

/** Words in place of signs, so that `or later` is no choice and `(>= 2)` no bracket. */
function prepared(text: string): string {
  return text
    .replace(/\+ ?file licen[cs]e/gi, '')
    .replace(/\(?>= ?(\d[\d.]{0,8})\)?/g, '$1+')
    .replace(/,? ?(?:or|and) (?:\(?at your option\)? )?(?:any )?(?:later|newer|greater)(?: versions?)?/gi, '+')
    .replace(/, ?(?=v(?:er|ersion)?\.? ?\d)/gi, ' ')
    .replace(/ \+(?= |\)|$)/g, '+')
    .replace(/\+ +(?=[A-Za-z(])(?!and\b|or\b|with\b)/gi, '+ AND ')
    .replace(/\b(MIT|BSD) with advertising\b/gi, '$1-with-advertising')
    .replace(/\b(?:and|or)\/or\b/gi, 'OR');
}

function named({ name, exception }: Extract<Token, { name: string }>): string | undefined {
  const found = licenceNamed(name) ?? canonical(name);
  if (found === undefined) return undefined;
  const added = exception === undefined || / /.test(found) ? undefined : exceptionNamed(exception);
  const one = added ? `${found} WITH ${added}` : found;
  return one.includes(' OR ') || one.includes(' AND ') ? `(${one})` : one;
}

/** Undefined where it is not known: an exception only gives more. */
function exceptionNamed(words: string): string | undefined {
  const exact = words.replace(/\s+/g, '-');
  if (parsed(`GPL-2.0-only WITH ${exact}`)) return exact;
  const lower = words.toLowerCase();
  return exceptions.find(([word]) => lower.includes(word))?.[1];
}

function ownName(name: string): string {
  if (isListed(name)) return name;
  const plain = name
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 60)
    .replace(/-+$/, '');
  return `LicenseRef-${plain.replace(/^LicenseRef-/, '') || 'unknown'}`;
}

/** Tokens with operators where they are missing, and brackets that are closed. */
function balanced(parts: readonly string[]): readonly string[] {
  const out: string[] = [];
  let open = 0;
  for (const part of parts) {
    if (isOperator(part)) {
      if (!wantsLicence(out)) out.push(part);
    } else if (part !== ')') {
      if (!wantsLicence(out)) out.push('AND');
      out.push(part);
      if (part === '(') open++;
    } else if (open > 0) {
      open--;
      dropOperators(out);
      if (out.at(-1) === '(') out.pop();
      else out.push(part);
    }
  }
  dropOperators(out);
  for (; out.at(-1) === '('; dropOperators(out)) {
    out.pop();
    open--;
  }
  return [...out, ...new Array<string>(open).fill(')')];
}

function isOperator(part: string | undefined): boolean {
  return part === 'AND' || part === 'OR';
}

function wantsLicence(out: readonly string[]): boolean {
  const last = out.at(-1);
  return last === undefined || last === '(' || isOperator(last);
}

/** Operators that nothing follows. */
function dropOperators(out: string[]): void {
  while (isOperator(out.at(-1))) out.pop();
}
