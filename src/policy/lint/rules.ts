import type { FileQuery } from '../../model/collected.ts';
import { nearest } from '../../util/nearest.ts';
import type { Node } from '../expression/node.ts';
import { allParts } from '../expression/parts.ts';
import type { Fault } from '../file/fault.ts';
import { placeOf } from '../file/resolve.ts';
import type { Rule } from '../rule.ts';
import { fieldTexts, unfilledFields } from './domains.ts';
import { pathOf } from './paths.ts';
import { partsJoinedBy } from './terms.ts';
import { truthOf } from './truth.ts';

/** What is odd about one rule by itself. `today`: `YYYY-MM-DD`. */
export function lintRule(rule: Rule, today: string): Fault[] {
  const place = placeOf(rule);
  const warn = (message: string, hint?: string): Fault => ({ place, message, ...(hint ? { hint } : {}) });
  const found: Fault[] = [];
  if (rule.outcome === 'off') return found;
  if (rule.until !== undefined && rule.until < today) {
    found.push(warn(`${rule.id} has not been in force since ${rule.until}: it only tracks`, 'take it out'));
  }
  const truth = truthOf(rule.when.node);
  if (truth === false)
    found.push(warn(`${rule.id} can never fire: its condition is never true`, contradictionIn(rule.when.node)));
  if (truth === undefined && rule.files && truthOf(amongFiles(rule.files, rule.when.node)) === false) {
    const hint = `files: asks for ${[...(rule.files.kinds ?? ['file']), ...(rule.files.modes ?? [])].join(', ')}`;
    found.push(warn(`${rule.id} can never fire: its condition is true of no file that it asks for`, hint));
  }
  if (truth === true && rule.files === undefined) {
    found.push(warn(`${rule.id} fires on every ${rule.on}: its condition is always true`));
  }
  for (const message of unfilled(rule.when.node)) found.push(warn(`${rule.id}: ${message}`));
  for (const { map, name } of unguardedEntries(rule.when.node)) {
    if (map === 'file.values' && !Object.hasOwn(rule.files?.values ?? {}, name)) continue;
    const hint = `ask before: '${name}' in ${map} && …`;
    found.push(
      warn(`${rule.id}: where ${map} has no ${name}, it can't be answered and the verdict is undecided`, hint),
    );
  }
  if (rule.files) found.push(...lintFileParts(rule, warn));
  return found;
}

/** The condition with what is true of all files that the rule asks for. */
function amongFiles({ kinds = ['file'], modes = [] }: FileQuery, node: Node): Node {
  const field = (name: string): Node => ({ op: 'field', of: { op: 'var', name: 'file' }, name });
  const items = kinds.map((value): Node => ({ op: 'const', value }));
  const left: Node = { op: 'compare', by: 'in', left: field('kind'), right: { op: 'list', items } };
  const asked: Node = { op: 'and', left, right: node };
  const [mode] = modes;
  if (mode === undefined || modes.length > 1) return asked;
  return { op: 'and', left: field(mode === 'world-writable' ? 'worldWritable' : mode), right: asked };
}

/** The part of the condition that is never true by itself, where one is. */
function contradictionIn(node: Node): string | undefined {
  const path = partsJoinedBy('and', node).find((part) => truthOf(part) === false);
  if (path?.op !== 'compare') return undefined;
  const of = pathOf(path.left) ?? pathOf(path.right);
  const texts = of && fieldTexts.get(of.field);
  if (texts) return `${of.text} is ${texts.map((text) => (text === '' ? 'empty' : text)).join(', ')}, and nothing else`;
  return of && `${of.text} is never that: see docs/policy.md`;
}

function unfilled(node: Node): readonly string[] {
  const found = new Set<string>();
  for (const part of allParts(node)) {
    const path = part.op === 'field' ? pathOf(part) : undefined;
    const what = path && unfilledFields.get(path.field);
    if (path && what) found.add(`${path.text} ${what}`);
  }
  return [...found];
}

/** Entries of maps such as `image.labels['stage']` that are read without asking whether they are there. */
function unguardedEntries(node: Node): readonly { readonly map: string; readonly name: string }[] {
  const read = new Map<string, { readonly map: string; readonly name: string }>();
  const asked = new Set<string>();
  for (const part of allParts(node)) {
    const guard = part.op === 'has' ? [part.of, part.name] : [];
    if (part.op === 'compare' && part.by === 'in' && part.left.op === 'const')
      guard.push(part.right, String(part.left.value));
    const [of, name] = guard as [Node?, string?];
    const there = of && pathOf(of)?.text;
    if (there !== undefined) asked.add(JSON.stringify([there, name]));
    if (part.op !== 'index' || part.at.op !== 'const') continue;
    const path = pathOf(part.of);
    if (!path?.type.startsWith('map<')) continue;
    const entry = { map: path.text, name: String(part.at.value) };
    read.set(JSON.stringify([entry.map, entry.name]), entry);
  }
  return [...read].filter(([key]) => !asked.has(key)).map(([, entry]) => entry);
}

/** What a rule on files reads that it does not ask for. */
function lintFileParts({ when, files, id }: Rule, warn: (message: string, hint?: string) => Fault): Fault[] {
  const found: Fault[] = [];
  if (when.reads.includes('file.sha256') && !files?.digest) {
    found.push(warn(`${id}: file.sha256 is always empty`, 'say digest: true under files:'));
  }
  const matches = Object.keys(files?.matches ?? {});
  const values = Object.keys(files?.values ?? {});
  for (const part of allParts(when.node)) {
    const match = nameIn(part, 'file.matches');
    if (match !== undefined && !matches.includes(match)) {
      found.push(warn(`${id}: files: has no matches ${match}`, suggestion(match, matches)));
    }
    const value = nameIn(part, 'file.values');
    if (value !== undefined && !values.includes(value)) {
      found.push(warn(`${id}: files: has no values ${value}`, suggestion(value, values)));
    }
  }
  return found;
}

/** The name that a part asks a field for: `'x' in file.matches`, `file.values['x']`, `file.values.x`. */
function nameIn(part: Node, field: string): string | undefined {
  if (part.op === 'compare' && part.by === 'in' && part.left.op === 'const' && pathOf(part.right)?.text === field) {
    return String(part.left.value);
  }
  if (part.op === 'index' && part.at.op === 'const' && pathOf(part.of)?.text === field) return String(part.at.value);
  return (part.op === 'field' || part.op === 'has') && pathOf(part.of)?.text === field ? part.name : undefined;
}

function suggestion(name: string, names: readonly string[]): string | undefined {
  const close = nearest(name, names);
  return close && `did you mean ${close}?`;
}
