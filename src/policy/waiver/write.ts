import { Document, isMap, isScalar, isSeq, parseDocument, visit, type YAMLSeq } from 'yaml';
import { SluiceError } from '../../util/error.ts';
import type { Waiver, WaiverEnd } from './contract.ts';

/** A waiver that is to be written. */
export interface NewWaiver extends Omit<Waiver, 'place'> {
  /** A comment above it: where it is from. */
  readonly comment?: string;
}

/** What stands above the waivers of a new file. */
const heading = `# What may wait, why, who answers for it, and until when. The first that is over a finding answers it.
version: 1
waivers:
`;

/** The text of a new waiver file; `first` are lines that stand above all else, for editors. */
export function newWaiverFile(waivers: readonly NewWaiver[], first = ''): string {
  const rest =
    waivers.length === 0 ? heading.replace(/waivers:\n$/, 'waivers: []\n') : heading + entriesText(waivers, '  ');
  return first + rest;
}

/**
 * The text of a waiver file with more waivers at its end; all that stands in it stays as it is, comments too. The text
 * must be a waiver file's, and what comes out is to be read again by the caller.
 * @throws SluiceError `waive/form` for a file in which nothing can be put without writing all of it anew
 */
export function withWaivers(text: string, waivers: readonly NewWaiver[]): string {
  if (waivers.length === 0) return text;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const contents = parseDocument(text).contents;
  const pair =
    isMap(contents) && contents.flow !== true ? contents.items.find(({ key }) => nameOf(key) === 'waivers') : undefined;
  if (!pair) throw form();
  const list = pair.value;
  if (isSeq(list) && list.flow !== true && list.items.length > 0) {
    const end = endOfLine(text, list.range?.[1] ?? text.length);
    return joined(text, end, entriesText(waivers, indentOf(text, list)), eol);
  }
  // An empty list, or nothing: the entries take its place on the lines below.
  const isEmpty = (isSeq(list) && list.items.length === 0) || list === null || (isScalar(list) && list.value === null);
  const key = (pair.key as { range?: readonly number[] | null }).range;
  if (!isEmpty || !key) throw form();
  const colon = text.indexOf(':', key[1]);
  const after = isSeq(list) ? (list.range?.[1] ?? colon + 1) : colon + 1;
  const without = text.slice(0, colon + 1) + text.slice(after);
  return joined(without, endOfLine(without, colon + 1), entriesText(waivers, '  '), eol);
}

function form(): SluiceError {
  return new SluiceError(
    'waive/form',
    'its waivers are no list with a - a line',
    'write it as such a list, or name another --file',
  );
}

function nameOf(key: unknown): unknown {
  return isScalar(key) ? key.value : undefined;
}

/** Puts text behind a line. */
function joined(text: string, at: number, more: string, eol: string): string {
  const before = text.slice(0, at);
  const line = before === '' || before.endsWith('\n') ? before : before + eol;
  return line + more.replaceAll('\n', eol) + text.slice(at);
}

/** Where the next line begins behind the last character before `end` that is no white space. */
function endOfLine(text: string, end: number): number {
  const last = text.slice(0, end).trimEnd().length;
  const feed = text.indexOf('\n', last);
  return feed < 0 ? text.length : feed + 1;
}

/** What stands before the `-` of a list's first part. */
function indentOf(text: string, list: YAMLSeq): string {
  const start = list.range?.[0] ?? 0;
  return ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
}

function entriesText(waivers: readonly NewWaiver[], indent: string): string {
  return waivers.map((waiver) => entryText(waiver, indent)).join('');
}

function entryText(waiver: NewWaiver, indent: string): string {
  const document = new Document([fieldsOf(waiver)]);
  visit(document, {
    // Lists and the events stand on one line each.
    Collection: (key, node, path) => {
      if (path.length > 2 && key === 'value') node.flow = true;
    },
  });
  const comment = waiver.comment === undefined ? '' : `# ${oneLine(waiver.comment)}\n`;
  const lines = (comment + document.toString({ lineWidth: 0, indentSeq: false })).trimEnd().split('\n');
  return lines.map((line) => `${indent}${line}\n`).join('');
}

function fieldsOf({
  ids,
  packages,
  paths,
  rules,
  images,
  reason,
  owner,
  ticket,
  from,
  expires,
  until,
}: NewWaiver): object {
  const texts = (name: string, all: readonly string[]): object =>
    all.length === 0 ? {} : { [name]: all.length === 1 ? all[0] : all };
  return {
    ...texts('id', ids),
    ...texts('package', packages),
    ...texts('path', paths),
    ...texts('rule', rules),
    ...texts('image', images),
    reason: oneLine(reason),
    owner: oneLine(owner),
    ...(ticket === undefined ? {} : { ticket: oneLine(ticket) }),
    ...(from === undefined ? {} : { from }),
    expires,
    ...untilOf(until),
  };
}

function untilOf({ fixReleased, exploited, epssAbove, base }: WaiverEnd): object {
  const until = {
    ...(fixReleased ? { fix: true } : {}),
    ...(exploited ? { exploited: true } : {}),
    ...(epssAbove === undefined ? {} : { epss: epssAbove }),
    ...(base === undefined ? {} : { base }),
  };
  return Object.keys(until).length === 0 ? {} : { until };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
