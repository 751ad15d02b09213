import { type EditContext, type Edited, edited, refused, type VersionChange } from './contract.ts';
import { placedLines, type Splice, spliced } from './splices.ts';

/** Longest line that is looked at, in characters. */
const longestLine = 4096;

/**
 * Edits the pins of a requirements file (pip's documentation of the format). Where it pins digests too, the new version's
 * would have to be asked for.
 */
export function editRequirements(file: string, text: string, change: VersionChange, context: EditContext): Edited {
  const splices: Splice[] = [];
  for (const line of placedLines(text)) {
    if (line.text.includes('--hash=')) return refused('the file pins the digest of each package');
    const constraints = /^\s*(?:-c|--constraint)[ =]\s*(\S{1,200})/.exec(line.text.slice(0, longestLine))?.[1];
    if (constraints !== undefined && pins(context.sibling(constraints) ?? '', change)) {
      return refused(`${constraints} holds ${change.name} at ${change.from}`);
    }
    const pin = pinIn(line.text);
    if (pin && normal(pin.name) === normal(change.name) && pin.version === change.from) {
      if (pin.more) return refused(`it asks for more of ${change.name} than one version`);
      const start = line.start + pin.start;
      splices.push({ start, end: start + pin.version.length, text: change.to });
    }
  }
  return splices.length > 0 ? edited(file, spliced(text, splices)) : refused(`the file does not pin ${change.name}`);
}

function pins(text: string, { name, from }: VersionChange): boolean {
  for (const line of placedLines(text)) {
    const pin = pinIn(line.text);
    if (pin && normal(pin.name) === normal(name) && pin.version === from) return true;
  }
  return false;
}

interface Pin {
  readonly name: string;
  readonly version: string;
  /** Where the version begins in the line. */
  readonly start: number;
  /** Whether other conditions follow it. */
  readonly more: boolean;
}

/** `name`, an optional `[extras]`, then `==` or `===` and a version. By hand, so that no line takes long. */
function pinIn(line: string): Pin | undefined {
  if (line.length > longestLine) return undefined;
  let at = skip(line, 0, ' \t\ufeff');
  const nameStart = at;
  while (isNameSign(line.charCodeAt(at))) at++;
  const name = line.slice(nameStart, at);
  at = skip(line, at, ' \t');
  if (line[at] === '[') at = skip(line, line.indexOf(']', at) + 1 || line.length, ' \t');
  if (line[at] === '(') at = skip(line, at + 1, ' \t');
  if (name === '' || !line.startsWith('==', at)) return undefined;
  at = skip(line, at + (line.startsWith('===', at) ? 3 : 2), ' \t');
  const start = at;
  while (isNameSign(line.charCodeAt(at)) || line[at] === '+' || line[at] === '!') at++;
  const more = line[skip(line, at, ' \t')] === ',';
  return at > start ? { name, version: line.slice(start, at), start, more } : undefined;
}

function skip(line: string, from: number, signs: string): number {
  let at = from;
  while (at < line.length && signs.includes(line[at]!)) at++;
  return at;
}

function isNameSign(code: number): boolean {
  const isDigit = code >= 0x30 && code <= 0x39;
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  return isDigit || isLetter || code === 0x2d || code === 0x2e || code === 0x5f;
}

/** As package indexes compare names (PyPA, "Names and normalization"). */
function normal(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
