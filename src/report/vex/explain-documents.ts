import { hanging } from '../table/hanging.ts';
import type { Paint } from '../table/style.ts';
import { count } from '../text-fix.ts';
import type { ExplainedDocument, VexExplanation } from './explanation.ts';
import { dateText, formatNames, shownText } from './words.ts';

/** Most documents that are listed. */
const documentsShown = 20;

/** Most lines of one document's unread parts. */
const unreadShown = 5;

/** The documents: of many those that do something, or would if they could be read; the others are only counted. */
export function documentLines(explanation: VexExplanation, width: number, paint: Paint): string[] {
  const { documents, asked } = explanation;
  const speaking = speakingOf(explanation);
  const notable = documents.filter((document) => {
    if (asked === undefined) return document.applied > 0 || document.unread.length > 0;
    return speaking.has(keyOf(document)) || unreadOf(document, asked).length > 0;
  });
  const all = documents.length > documentsShown ? notable : documents;
  const shown = new Set(all.slice(0, documentsShown));
  const left = documents.filter((document) => !shown.has(document));
  const statements = left.reduce((sum, document) => sum + document.statements, 0);
  const word = shown.size > 0 ? 'more document' : 'document';
  const rest = `${count(left.length, word)} with ${count(statements, 'statement')}: -o json shows all`;
  return [
    ...[...shown].flatMap((document) => documentText(document, asked, width, paint)),
    ...(left.length === 0 ? [] : [paint('aside', `${shown.size > 0 ? '      and ' : 'VEX   '}${rest}`)]),
  ];
}

/** The documents that have a word on the flaw that was asked for. */
function speakingOf({ findings, idle }: VexExplanation): Set<string> {
  return new Set([
    ...findings.flatMap(({ statements }) => statements.map(([row]) => keyOf(row))),
    ...idle.map((statement) => keyOf(statement)),
  ]);
}

function keyOf({ file, document }: { readonly file: string; readonly document: string }): string {
  return JSON.stringify([file, document]);
}

/** What could not be read; of a flaw that was asked for, what names it. */
function unreadOf({ unread }: ExplainedDocument, asked: string | undefined): readonly string[] {
  return asked === undefined ? unread : unread.filter((line) => line.toUpperCase().includes(asked.toUpperCase()));
}

function documentText(one: ExplainedDocument, asked: string | undefined, width: number, paint: Paint): string[] {
  const { file, document, format, author, timestamp, statements, applied, believed, unread } = one;
  const by = author === '' ? '' : ` by ${author}`;
  const text = `${file}: ${formatNames[format]}${by}, ${dateText(timestamp)}: ${count(statements, 'statement')}, ${applied} on findings here`;
  const word = 'it came with the image, is not believed, and is only shown';
  const lines = unreadOf(one, asked).slice(0, unreadShown);
  const more = unread.length - lines.length;
  return [
    ...hanging(paint('aside', 'VEX   '), 6, shownText(text), width),
    ...(document === file ? [] : hanging('      ', 6, shownText(document), width)),
    ...(believed ? [] : hanging('      ', 6, word, width)),
    ...lines.flatMap((line) => hanging(`      ${paint('warn', 'unread')}  `, 14, shownText(line), width)),
    ...(more > 0 ? hanging('      ', 6, `${moreText(more, lines.length)}: -o json shows all`, width) : []),
  ];
}

function moreText(more: number, before: number): string {
  const parts = `${count(more, before === 0 ? 'part' : 'more part')} of it could not be read`;
  return before === 0 ? `${parts}, none of them by this name` : parts;
}
