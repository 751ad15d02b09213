import { isDigit } from '../../version/digits.ts';
import { order } from '../../version/gem.ts';
import { fieldLimit, sortedNames, usableField } from './field.ts';
import { rubyText, rubyTexts, skipBlanks } from './ruby-literal.ts';

/** What a gemspec says of a gem; what it doesn't say in plain text is absent. */
export interface Specification {
  readonly name?: string;
  readonly version?: string;
  /** Absent for a gem of pure Ruby. */
  readonly platform?: string;
  readonly license?: string;
  /** Names of the gems that it needs when it runs. */
  readonly needs?: readonly string[];
}

const stubMark = '# stub: ';
const pure = 'ruby';
const newline = 0x0a;
const hash = 0x23;
/** Longest line (bytes) of which something is wanted; lists of files can be longer, and say nothing here. */
const lineLimit = 64 * 1024;

/** What is collected line by line; the first that is said of each counts. */
interface Collected {
  readonly fields: Map<string, string>;
  readonly runtime: Set<string>;
  readonly development: Set<string>;
  readonly plain: Set<string>;
}

/**
 * Reads a gemspec as RubyGems writes it for an installed gem (Gem::Specification#to_ruby) and as people write it, line by
 * line: only `x.name = "…"` and the like, and the `# stub:` line. Nothing of it is evaluated.
 */
export function readGemspec(bytes: Buffer): Specification {
  const collected: Collected = { fields: new Map(), runtime: new Set(), development: new Set(), plain: new Set() };
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(newline, start);
    const end = feed === -1 ? bytes.length : feed;
    if (end - start <= lineLimit) readLine(bytes, start, end, collected);
    start = end + 1;
  }
  const { fields, runtime, development, plain } = collected;
  // Where both ways of RubyGems stand in one file, the second one names what development needs as well.
  for (const name of plain) if (!development.has(name)) runtime.add(name);
  const said = (key: string): string | undefined => fields.get(key) ?? fields.get(`stub ${key}`);
  const platform = said('platform');
  const needs = sortedNames(runtime);
  return {
    ...present('name', said('name')),
    ...present('version', said('version')),
    ...(platform === pure ? {} : present('platform', platform)),
    ...present('license', fields.get('license')),
    ...(needs === undefined ? {} : { needs }),
  };
}

/**
 * `{name, version, platform}` of `name-1.0.gemspec` or `name-1.0-x86_64-linux.gemspec`; undefined for other names. It is
 * how RubyGems itself names the file.
 */
export function fileIdentity(file: string): Specification | undefined {
  const base = file.slice(0, file.endsWith('.gemspec') ? -'.gemspec'.length : undefined);
  for (let cut = base.indexOf('-', 1); cut !== -1; cut = base.indexOf('-', cut + 1)) {
    if (!isDigit(base.charCodeAt(cut + 1))) continue;
    const stop = base.indexOf('-', cut + 1);
    const version = base.slice(cut + 1, stop === -1 ? undefined : stop);
    const name = base.slice(0, cut);
    if (!order.valid(version) || !usableField(name)) return undefined;
    return { name, version, ...(stop === -1 ? {} : present('platform', base.slice(stop + 1))) };
  }
  return undefined;
}

function present<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });
}

/** Only lines that start with a word and a dot, or with `# stub:`, are made into text. */
function readLine(bytes: Buffer, start: number, end: number, collected: Collected): void {
  let at = start;
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
  if (at === end) return;
  if (bytes[at] === hash) {
    const text = bytes.toString('utf8', at, end);
    if (text.startsWith(stubMark)) readStub(text.slice(stubMark.length).trim(), collected.fields);
    return;
  }
  let dot = at;
  while (dot < end && isWordByte(bytes[dot] ?? 0)) dot++;
  if (dot > at && bytes[dot] === 0x2e) readStatement(bytes.toString('utf8', dot + 1, end), collected);
}

function isWordByte(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || byte === 0x5f || (byte >= 0x30 && byte <= 0x39);
}

/** `# stub: name version platform paths`; another such line names extensions and starts with a path. */
function readStub(text: string, fields: Map<string, string>): void {
  const [name, version, platform] = text.split(' ', 3);
  if (!usableField(name) || version === undefined || !order.valid(version) || !usableField(platform)) return;
  keep(fields, 'stub name', name);
  keep(fields, 'stub version', version);
  keep(fields, 'stub platform', platform);
}

/** The first that is said of a field counts. */
function keep(fields: Map<string, string>, key: string, value: string | undefined): void {
  if (usableField(value) && !fields.has(key)) fields.set(key, value);
}

/** `name = "x"`, `add_dependency("x", …)`: what stands behind the block's variable and a dot. */
function readStatement(statement: string, collected: Collected): void {
  const { fields } = collected;
  const word = leadingWord(statement);
  if (word.startsWith('add_')) {
    readDependency(word, statement, collected);
    return;
  }
  const sign = skipBlanks(statement, word.length);
  if (statement.charAt(sign) !== '=' || statement.charAt(sign + 1) === '=') return;
  const from = skipBlanks(statement, sign + 1);
  if (word === 'name') keep(fields, 'name', rubyText(statement, from)?.text);
  else if (word === 'version') keep(fields, 'version', versionAt(statement, from));
  else if (word === 'platform') keep(fields, 'platform', platformAt(statement, from));
  else if (word === 'license' || word === 'licenses') keepLicense(fields, statement, from);
}

function leadingWord(statement: string): string {
  let end = 0;
  while (isWordByte(statement.charCodeAt(end))) end++;
  return statement.slice(0, end);
}

/** `"1.0"` or `Gem::Version.new("1.0")`. */
function versionAt(statement: string, from: number): string | undefined {
  const text = rubyText(statement, argumentStart(statement, from, 'Gem::Version.new('))?.text;
  return text !== undefined && order.valid(text) ? text : undefined;
}

/** `"java"` or `Gem::Platform.new(["x86", "mswin32", nil])`. */
function platformAt(statement: string, from: number): string | undefined {
  const start = argumentStart(statement, from, 'Gem::Platform.new(');
  const list = statement.charAt(start) === '[' ? statement.slice(start).replaceAll(', nil', '') : undefined;
  return list === undefined ? rubyText(statement, start)?.text : rubyTexts(list, 0)?.join('-');
}

function argumentStart(statement: string, from: number, call: string): number {
  return statement.startsWith(call, from) ? from + call.length : from;
}

/** More than one licence offer a choice. */
function keepLicense(fields: Map<string, string>, statement: string, from: number): void {
  const single = rubyText(statement, from)?.text;
  const names = single === undefined ? (rubyTexts(statement, from) ?? []) : [single];
  const joined = names.length > 1 ? `(${names.join(' OR ')})` : names[0];
  if (joined === undefined || joined.trim() === '' || joined.length > fieldLimit || fields.has('license')) return;
  fields.set('license', joined);
}

/** `add_dependency("x", …)`, `add_runtime_dependency(%q<x>.freeze, …)`, `add_development_dependency "x"`. */
function readDependency(word: string, statement: string, collected: Collected): void {
  const start = skipBlanks(statement, word.length);
  const name = rubyText(statement, statement.charAt(start) === '(' ? skipBlanks(statement, start + 1) : start)?.text;
  if (!usableField(name)) return;
  if (word === 'add_runtime_dependency') collected.runtime.add(name);
  else if (word === 'add_development_dependency') collected.development.add(name);
  else if (word === 'add_dependency') collected.plain.add(name);
}
