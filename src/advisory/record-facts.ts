import type { FixState, FlawedImport } from '../model/advisory.ts';
import { compareText } from '../util/compare-text.ts';
import { asArray, asRecord, asString } from '../util/json.ts';

type Json = Record<string, unknown>;

/** Most kinds of weakness of one record or package; real ones have a handful. */
const maxCwes = 32;
/** Entries of a list of weaknesses that are looked at. */
const maxCweEntries = 256;
/** Digits of a weakness's number: the list of them (MITRE) has four. */
const cweForm = /^CWE-0*([1-9]\d{0,5})$/i;

/** Most import paths of one package: beyond, the record counts as one that does not tell. */
const maxImports = 200;
/** Most symbols of one import path: beyond, all of the path is flawed. */
const maxSymbols = 1000;
/** Longest import path or symbol in characters. */
const maxImportText = 300;

/** What the CVE list puts in front of the description of an entry that somebody contests. */
const disputedMark = '** DISPUTED **';

/**
 * The kinds of weakness that a record, or one `affected` of it, names in `database_specific`: as texts (GitHub's
 * `cwe_ids`) or as objects (`cwes` of OpenSSF's malicious packages: `{"cweId": "CWE-506"}`). Sorted by number.
 */
export function cwesIn(object: Json): readonly string[] {
  const specific = asRecord(object.database_specific);
  if (!specific) return none;
  const numbers = new Set<number>();
  for (const list of [asArray(specific.cwe_ids), asArray(specific.cwes)]) {
    if (!list) continue;
    for (const item of list.slice(0, maxCweEntries)) {
      const number = cweNumber(item);
      if (number !== undefined && numbers.size < maxCwes) numbers.add(number);
    }
  }
  return numbers.size === 0 ? none : [...numbers].sort((a, b) => a - b).map(cweOf);
}

/** Several lists of weaknesses as one, each once, sorted by number. */
export function unionOfCwes(lists: readonly (readonly string[])[]): readonly string[] {
  const [first, ...rest] = lists.filter((list) => list.length > 0);
  if (first === undefined) return none;
  if (rest.every((list) => list === first)) return first;
  return [...new Set([first, ...rest].flat())].sort((a, b) => numberOfCwe(a) - numberOfCwe(b));
}

/** `CWE-79` of 79. */
export function cweOf(number: number): string {
  return `CWE-${number}`;
}

/** 79 of `CWE-79`. */
export function numberOfCwe(cwe: string): number {
  return Number(cwe.slice('CWE-'.length));
}

function cweNumber(item: unknown): number | undefined {
  const text = asString(item) ?? asString(asRecord(item)?.cweId);
  const found = text !== undefined && text.length < 20 ? cweForm.exec(text) : null;
  return found ? Number(found[1]) : undefined;
}

/** Whether somebody contests that the record is about a flaw: its publisher says so, or the CVE list's mark does. */
export function isDisputed(record: Json): boolean {
  const specific = asRecord(record.database_specific);
  if (specific?.isDisputed === true || specific?.disputed === true) return true;
  return isMarked(record.summary) || isMarked(record.details);
}

function isMarked(value: unknown): boolean {
  return (asString(value) ?? '').slice(0, 200).trimStart().startsWith(disputedMark);
}

/**
 * What a distribution says in an `affected` of its record that it will do about the flaw. Debian's urgency `end-of-life`
 * is the one word that records have for it: what else distributions say stands in their trackers.
 */
export function fixStateIn(affected: Json): FixState | undefined {
  return asString(asRecord(affected.ecosystem_specific)?.urgency) === 'end-of-life' ? 'end-of-life' : undefined;
}

/**
 * Where in the module the flaw is (Go vulnerability database: `ecosystem_specific.imports`), sorted by path. What is not
 * of that form tells nothing; a path without symbols is flawed as a whole. Systems (`goos`, `goarch`) are left out.
 */
export function importsIn(affected: Json): readonly FlawedImport[] {
  const items = asArray(asRecord(affected.ecosystem_specific)?.imports);
  if (!items || items.length === 0 || items.length > maxImports) return none;
  const paths: Paths = new Map();
  for (const item of items) {
    const path = asString(asRecord(item)?.path);
    if (path === undefined || path === '' || path.length > maxImportText) return none;
    addPath(paths, path, symbolsIn(asRecord(item)!));
  }
  return listOf(paths);
}

/** Several lists as one: where one of them doesn't tell, the flaw may be anywhere; all of a path where one says so. */
export function joinImports(lists: readonly (readonly FlawedImport[])[]): readonly FlawedImport[] {
  if (lists.some((list) => list.length === 0)) return none;
  const paths: Paths = new Map();
  for (const { path, symbols } of lists.flat()) addPath(paths, path, symbols.length > 0 ? new Set(symbols) : undefined);
  return paths.size > maxImports ? none : listOf(paths);
}

/** The symbols of each path; undefined: all of it. */
type Paths = Map<string, Set<string> | undefined>;

function addPath(paths: Paths, path: string, symbols: Set<string> | undefined): void {
  const known = paths.get(path);
  if (!paths.has(path)) paths.set(path, symbols);
  else if (!known || !symbols) paths.set(path, undefined);
  else {
    for (const symbol of symbols) known.add(symbol);
    if (known.size > maxSymbols) paths.set(path, undefined);
  }
}

function listOf(paths: Paths): readonly FlawedImport[] {
  return [...paths]
    .map(([path, symbols]) => ({ path, symbols: symbols ? [...symbols].sort(compareText) : [] }))
    .sort((a, b) => compareText(a.path, b.path));
}

/** Undefined: all of the path. */
function symbolsIn(item: Json): Set<string> | undefined {
  const symbols = asArray(item.symbols);
  if (!symbols || symbols.length === 0 || symbols.length > maxSymbols) return undefined;
  const texts = new Set<string>();
  for (const symbol of symbols) {
    if (typeof symbol !== 'string' || symbol === '' || symbol.length > maxImportText) return undefined;
    texts.add(symbol);
  }
  return texts;
}

const none: readonly never[] = [];
