import { harmless } from '../../util/harmless.ts';

/** Most characters of a name, a version or a path that are shown. */
const longestCode = 160;
/** Most characters of a sentence that are shown. */
const longestProse = 400;

/**
 * Words that must not stand as they are: what Markdown or HTML reads as markup (CommonMark 0.31, GFM 0.29), what becomes a
 * link by itself, and what GitHub and GitLab take for a person, an issue, a label or an emoji and so tell people of.
 */
const active = /[`<>|@#[\]\\&*_~^$]|:[^\s.,;)]|^[:/!%](?=.)|www\.|\bgh-\d/i;

/** A time of day, which no emoji is written like. */
const time = /^\d\d:\d\d$/;

/** What begins a list, a heading's underline or a quote when a line begins with it. */
const leading = /^(?:[-+=]+|\d{1,9}[.)])$/;

/** A name or path from outside as code, in which nothing is markup and nobody is mentioned. Nothing for an empty one. */
export function code(text: string, most = longestCode): string {
  const shown = shownText(text, most);
  if (shown === '') return '';
  // A pipe ends a table's cell even in code, and renderers do not agree on how to escape it beside a backslash; with no `<`
  // of anybody else's in the text, none can be taken for HTML or for this report's own comment.
  if (/[|<]/.test(shown)) return `<code>${shown.replace(/[!-/:-@[-`{-~]/g, entity)}</code>`;
  const fence = '`'.repeat(longestRun(shown) + 1);
  const space = shown.startsWith('`') || shown.endsWith('`') || /^ .*[^ ].* $/.test(shown) ? ' ' : '';
  return `${fence}${space}${shown}${space}${fence}`;
}

/** What may stand before and behind a word without being a part of it. */
const opening = `"'(`;
const closing = `"'),.;:!?`;

/** A sentence from outside: its plain words as they are, the rest of it as code. */
export function prose(text: string, most = longestProse): string {
  const parts: string[] = [];
  let odd: string[] = [];
  const end = (before: string, behind: string): void => {
    if (odd.length > 0) parts.push(before + code(odd.join(' '), Number.POSITIVE_INFINITY) + behind);
    odd = [];
  };
  let before = '';
  for (const word of shownText(text, most).split(' ')) {
    const [lead, core, tail] = trimmed(word);
    if (isOdd(word) || isOdd(core)) {
      if (lead !== '') end(before, '');
      if (odd.length === 0) before = lead;
      odd.push(core);
      if (tail !== '') end(before, tail);
    } else if (word !== '') {
      end(before, '');
      parts.push(leading.test(word) ? word.replace(/[-+=.)]/g, '\\$&') : word);
    }
  }
  end(before, '');
  return parts.join(' ');
}

function isOdd(word: string): boolean {
  return active.test(word) && !time.test(word);
}

/** A word and the signs around it. */
function trimmed(word: string): [string, string, string] {
  let from = 0;
  let to = word.length;
  while (from < to && opening.includes(word[from] as string)) from++;
  // A bracket that the word itself opens is a part of it: `resolve_part()`.
  const kept = word.includes('(', from) ? ')' : '';
  while (to > from && word[to - 1] !== kept && closing.includes(word[to - 1] as string)) to--;
  return from === to ? ['', word, ''] : [word.slice(0, from), word.slice(from, to), word.slice(to)];
}

/** Control characters and directions of writing as visible codes, lone surrogates as U+FFFD, and no more than so many characters. */
function shownText(text: string, most: number): string {
  if (text.length <= most) return harmless(text.toWellFormed());
  // Half of a pair that the cut leaves is taken away.
  return `${harmless(
    text
      .slice(0, most - 1)
      .replace(/[\ud800-\udbff]$/, '')
      .toWellFormed(),
  )}…`;
}

/** A character as a reference: GFM reads none of its meanings into it. */
function entity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
