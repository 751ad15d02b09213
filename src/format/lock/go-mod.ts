import { type EditContext, type Edited, edited, refused, type VersionChange } from './contract.ts';
import { placedLines, type Splice, spliced } from './splices.ts';

/** A word of a line, with where it begins. */
interface Word {
  readonly text: string;
  readonly start: number;
}

/** Most words of a line that are looked at; no directive has more. */
const mostWords = 16;

/**
 * Edits what a go.mod file requires, or puts in the place of it (Go modules reference, "go.mod files"). go.sum then lacks
 * the new version's digest, and `go` refuses to build until it has been asked for: nothing else is built meanwhile.
 */
export function editGoMod(file: string, text: string, change: VersionChange, _context: EditContext): Edited {
  if (!fitsPath(change)) return refused(`from ${change.to.split('.')[0]} on ${change.name} may have another path`);
  const splices: Splice[] = [];
  let block = '';
  for (const line of placedLines(text)) {
    const words = wordsOf(line.text);
    const [first, second] = words;
    if (!first) continue;
    if (block === '' && second?.text === '(') block = first.text;
    else if (first.text === ')') block = '';
    const verb = block === '' ? first.text : block;
    if (verb === 'exclude' && isPair(words.slice(-2), change.name, change.to)) {
      return refused(`the file excludes ${change.name} ${change.to}`, []);
    }
    for (const version of versionsIn(verb, words, change)) {
      const start = line.start + version.start;
      splices.push({ start, end: start + version.text.length, text: change.to });
    }
  }
  if (splices.length === 0) return refused(`the file does not require ${change.name} ${change.from}`);
  return edited(file, spliced(text, splices));
}

/** The words that are the version to change, of what a line requires or puts in the place of another module. */
function versionsIn(verb: string, words: readonly Word[], { name, from }: VersionChange): Word[] {
  if (verb !== 'require' && verb !== 'replace') return [];
  const arrow = words.findIndex((word) => word.text === '=>');
  if (verb === 'replace' && arrow < 0) return [];
  const begin = verb === 'replace' ? arrow + 1 : 0;
  return words.filter((word, at) => at > begin && words[at - 1]?.text === name && word.text === from);
}

/** Whether a module of this path can have the version (Go modules reference, "Major version suffixes"). */
function fitsPath({ name, to }: VersionChange): boolean {
  const major = /^v(\d{1,9})\./.exec(to)?.[1];
  if (major === undefined || to.endsWith('+incompatible')) return true;
  const suffix = /(?:\/|\.)v(\d{1,9})$/.exec(name)?.[1];
  return suffix === undefined ? Number(major) < 2 : suffix === major;
}

function isPair([first, second]: readonly Word[], name: string, version: string): boolean {
  return first?.text === name && second?.text === version;
}

/** The words of a line without its comment. */
function wordsOf(line: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length && words.length < mostWords) {
    while (at < line.length && ' \t'.includes(line[at]!)) at++;
    if (at >= line.length || line.startsWith('//', at)) break;
    const start = at;
    while (at < line.length && !' \t'.includes(line[at]!)) at++;
    words.push({ text: line.slice(start, at), start });
  }
  return words;
}
