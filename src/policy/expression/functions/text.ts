import { EvaluationFailure } from '../contract.ts';
import { bounded, type FunctionGroup } from './contract.ts';

/** Functions over texts that are CEL's own, and `lower` and `upper`. Places and lengths count code points. */
export const textFunctions: FunctionGroup = {
  docs: [
    {
      signature: 'string.contains(string): bool',
      doc: 'whether the text holds another one',
      example: "instruction.text.contains('--privileged')",
      native: true,
    },
    {
      signature: 'string.startsWith(string): bool',
      doc: 'whether the text begins with another one',
      example: "finding.id.startsWith('CVE-2024-')",
      native: true,
    },
    {
      signature: 'string.endsWith(string): bool',
      doc: 'whether the text ends with another one',
      example: "file.name.endsWith('.pem')",
      native: true,
    },
    { signature: 'string.lower(): string', doc: 'in small letters', example: "pkg.license.lower() == 'mit'" },
    { signature: 'string.upper(): string', doc: 'in capitals', example: "pkg.name.upper() == 'ACME'" },
    {
      signature: 'string.lowerAscii(): string',
      doc: 'with small letters for A to Z',
      example: "image.user.lowerAscii() == 'root'",
      native: true,
    },
    {
      signature: 'string.upperAscii(): string',
      doc: 'with capitals for a to z',
      example: "image.stopSignal.upperAscii() == 'SIGKILL'",
      native: true,
    },
    {
      signature: 'string.trim(): string',
      doc: 'without blanks at its ends',
      example: "image.workingDir.trim() == ''",
      native: true,
    },
    {
      signature: 'string.replace(string, string): string',
      doc: 'with every occurrence of the first text replaced by the second',
      example: "pkg.name.replace('_', '-') == 'a-b'",
    },
    {
      signature: 'string.split(string): list<string>',
      doc: 'the pieces between the occurrences of a text',
      example: "image.user.split(':')[0] == 'root'",
      native: true,
    },
    {
      signature: 'string.split(string, int): list<string>',
      doc: 'the same with at most so many pieces; the last one is the rest',
      example: "image.repository.split('/', 2)[0] == 'library'",
      native: true,
    },
    {
      signature: 'string.substring(int): string',
      doc: 'from a place on, counted from 0; failing beyond the end',
      example: "finding.id.substring(4) != ''",
      native: true,
    },
    {
      signature: 'string.substring(int, int): string',
      doc: 'from a place to before another one',
      example: "finding.published.size() > 3 && finding.published.substring(0, 4) == '2024'",
      native: true,
    },
    {
      signature: 'string.charAt(int): string',
      doc: 'the character at a place; empty at the end, failing beyond it',
      example: "file.octal.charAt(0) == '4'",
    },
    {
      signature: 'string.indexOf(string): int',
      doc: 'where a text stands first, from 0; -1 when it does not',
      example: "image.tag.indexOf('-') > 0",
      native: true,
    },
    {
      signature: 'string.lastIndexOf(string): int',
      doc: 'where a text stands last; -1 when it does not',
      example: "file.path.lastIndexOf('/') == 0",
      native: true,
    },
  ],
  handlers: {
    contains: { run: (text: string, part: string) => text.includes(part) },
    startsWith: { run: (text: string, start: string) => text.startsWith(start) },
    endsWith: { run: (text: string, end: string) => text.endsWith(end) },
    lower: { run: (text: string) => text.toLowerCase() },
    upper: { run: (text: string) => text.toUpperCase() },
    lowerAscii: { run: (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) },
    upperAscii: { run: (text: string) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) },
    trim: { run: (text: string) => text.trim() },
    replace: { run: replaceAll, fails: true, costs: true },
    split: { run: split, costs: true },
    substring: { run: substring, fails: true },
    charAt: { run: charAt, fails: true },
    indexOf: { run: (text: string, part: string) => place(text, text.indexOf(part)) },
    lastIndexOf: { run: (text: string, part: string) => place(text, text.lastIndexOf(part)) },
  },
};

/** The size is looked at before the text is made: nested replacements grow without end. */
function replaceAll(text: string, old: string, by: string): string {
  if (by.length > old.length && text.length * (by.length + 1) > 1 << 24)
    throw new EvaluationFailure('a replacement makes a text that is too long');
  return bounded(text.replaceAll(old, () => by));
}

function split(text: string, at: string, most = -1): readonly string[] {
  if (most === 0) return [];
  const pieces = text.split(at);
  return most < 0 || pieces.length <= most ? pieces : [...pieces.slice(0, most - 1), pieces.slice(most - 1).join(at)];
}

function substring(text: string, from: number, to?: number): string {
  const points = pointsOf(text);
  const end = to ?? points.length;
  if (from < 0 || end < from || end > points.length)
    throw new EvaluationFailure(`a text of ${points.length} characters has no part from ${from} to ${end}`);
  return typeof points === 'string' ? points.slice(from, end) : points.slice(from, end).join('');
}

function charAt(text: string, at: number): string {
  const points = pointsOf(text);
  if (at < 0 || at > points.length)
    throw new EvaluationFailure(`a text of ${points.length} characters has none at ${at}`);
  return points[at] ?? '';
}

/** A place in code points, of one in UTF-16 units. */
function place(text: string, at: number): number {
  return at <= 0 ? at : pointsOf(text.slice(0, at)).length;
}

/** How many code points a text has. */
export function sizeOfText(text: string): number {
  return pointsOf(text).length;
}

/** The text where each of its units is a code point, else the list of those. */
function pointsOf(text: string): string | readonly string[] {
  return /[\ud800-\udbff]/.test(text) ? Array.from(text) : text;
}
