import { Composer, CST, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, Parser, type Scalar } from 'yaml';
import type { Faults, Place } from './fault.ts';
import { documentBytes } from './read-limits.ts';
import { shown } from './shape.ts';
import type { Entry, Value } from './value.ts';
import { offsetInFile } from './yaml-places.ts';
import { inOneLine, type Refusal, refusalOf, yamlHints } from './yaml-refusals.ts';

/** How deep maps and lists may be nested. */
const deepest = 24;
const tooDeep = `maps and lists are nested more than ${deepest} deep`;
/** Most pieces of a file: marks, keys, values, spaces, line ends. */
const mostPieces = 1_000_000;

/**
 * Reads one YAML 1.2 document (JSON is one as well) with the place of everything. Anchors, aliases, tags and directives
 * are refused: with aliases, a file of some lines stands for gigabytes. Undefined when it can't be read at all.
 */
export function readYaml(bytes: Buffer, file: string, faults: Faults): Value | undefined {
  const begin: Place = { file, line: 1, column: 1 };
  if (bytes.length > documentBytes) {
    faults.add(begin, `the file is larger than ${documentBytes >> 20} MiB`);
    return undefined;
  }
  const source = decoded(bytes);
  if (source === undefined) {
    faults.add(begin, 'the file is not UTF-8 text');
    return undefined;
  }
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  lines.addNewLine(0);
  const tokens = tokensOf(source, new Parser(lines.addNewLine), placeAt, faults);
  if (!tokens || refused(tokens, placeAt, faults)) return undefined;
  // Keys are compared below: the library compares each with each.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, stringKeys: true, logLevel: 'silent' });
  const [document] = [...composer.compose(tokens, true, source.length)];
  const before = faults.all.length;
  for (const { pos, message, code } of document?.errors ?? []) {
    faults.add(placeAt(pos[0]), inOneLine(message), yamlHints[code]);
  }
  if (faults.all.length > before) return undefined;
  if (!document?.contents) {
    faults.add(begin, 'the file is empty', 'begin it with version: 1');
    return undefined;
  }
  return readNode(document.contents, { source, placeAt, faults });
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The tokens of a text; undefined, and a fault, where it is too much or so deep that what reads them would end. */
function tokensOf(
  source: string,
  parser: Parser,
  placeAt: (offset: number) => Place,
  faults: Faults,
): readonly CST.Token[] | undefined {
  const tokens: CST.Token[] = [];
  let pieces = 0;
  for (const piece of new Lexer().lex(source)) {
    tokens.push(...parser.next(piece));
    if (++pieces > mostPieces) faults.add(placeAt(parser.offset), `the file has more than ${mostPieces} parts`);
    // Each level of a map takes two: for itself, and for what is read of it.
    else if (parser.stack.length > 2 * deepest + 4) faults.add(placeAt(parser.offset), tooDeep);
    else continue;
    return undefined;
  }
  tokens.push(...parser.end());
  return tokens;
}

/** Adds what is not read here at all; says whether there is any. Asks no recursion of the library before depth is known. */
function refused(tokens: readonly CST.Token[], placeAt: (offset: number) => Place, faults: Faults): boolean {
  const found: (Refusal & { readonly offset: number })[] = [];
  const [, second] = tokens.filter(({ type }) => type === 'document');
  if (second) {
    const { offset } = second;
    found.push({ offset, message: 'there is a second document in the file', hint: 'one file is one document' });
  }
  const open: { readonly token: CST.Token; readonly depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    const refusal = depth > deepest ? { message: tooDeep } : refusalOf(token);
    if (refusal) found.push({ offset: token.offset, ...refusal });
    if (depth > deepest) break;
    for (const inner of partsOf(token)) open.push({ token: inner, depth: depth + (CST.isCollection(token) ? 1 : 0) });
  }
  found.sort((a, b) => a.offset - b.offset);
  for (const { offset, message, hint } of found) faults.add(placeAt(offset), message, hint);
  return found.length > 0;
}

function partsOf(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return [...token.start, ...(token.value ? [token.value] : [])];
  if (token.type === 'block-scalar') return token.props;
  if (!CST.isCollection(token)) return [];
  return token.items.flatMap(({ start, key, sep, value }) => [
    ...start,
    ...(key ? [key] : []),
    ...(sep ?? []),
    ...(value ? [value] : []),
  ]);
}

interface Reading {
  readonly source: string;
  readonly placeAt: (offset: number) => Place;
  readonly faults: Faults;
}

/** As deep as the tokens, whose depth is limited. */
function readNode(node: Node | null, reading: Reading): Value {
  const place = reading.placeAt(node?.range?.[0] ?? 0);
  if (isMap(node)) return { kind: 'map', entries: entriesOf(node.items, reading), place };
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => readNode(item as Node, reading)), place };
  if (isScalar(node)) return scalarOf(node, place, reading);
  return { kind: 'plain', value: null, source: '', place };
}

function entriesOf(
  items: readonly { readonly key: unknown; readonly value: unknown }[],
  reading: Reading,
): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const { key, value } of items) {
    const node = key as Node | null;
    const at = reading.placeAt(node?.range?.[0] ?? 0);
    if (!isScalar(node)) {
      reading.faults.add(at, 'a key must be a text');
      continue;
    }
    const name = String(node.value ?? '');
    const there = entries.get(name);
    if (there) {
      reading.faults.add(at, `${shown(name)} is there twice: first in line ${there.key.line}`);
      continue;
    }
    const read = readNode(value as Node | null, reading);
    // What is not there has no place of its own.
    entries.set(name, { key: at, value: (value as Node | null)?.range ? read : { ...read, place: at } });
  }
  return entries;
}

function scalarOf(scalar: Scalar, place: Place, { source, placeAt }: Reading): Value {
  const { value } = scalar;
  if (typeof value === 'string') {
    return { kind: 'text', text: value, place, at: (offset) => placeAt(offsetInFile(source, scalar, offset)) };
  }
  const plain = typeof value === 'number' || typeof value === 'boolean' ? value : null;
  return { kind: 'plain', value: plain, source: scalar.source ?? '', place };
}
