import { harmless } from '../../util/harmless.ts';
import { publicationOf } from '../text-advisory.ts';
import { clip, wrap } from '../text-width.ts';
import type { Paint } from './style.ts';

/** Most columns that one id takes: those of the known databases have half. */
const longestId = 60;

/** An id as it is shown in so many columns at most. */
export function idText(id: string, columns = longestId): string {
  return clip(harmless(id), Math.min(longestId, columns));
}

/** Ids one behind the other behind a lead, each a link, in lines of at most so many columns. */
export function idLines(lead: string, ids: readonly string[], columns: number, paint: Paint): string[] {
  const urls = new Map(ids.map((id) => [idText(id), publicationOf(id).url]));
  return wrap(lead + ids.map((id) => idText(id)).join(' '), columns).map((line) => linked(line, urls, paint));
}

/** Fewest columns that an id takes, with the space behind it. */
const shortestId = 6;

/** As many ids as there is room for in so many lines, each a link; the others are counted. */
export function fewIdLines(ids: readonly string[], columns: number, most: number, paint: Paint): string[] {
  const distinct = [...new Set(ids)];
  let shown = Math.min(distinct.length, Math.ceil((columns * most) / shortestId));
  for (;;) {
    const more = distinct.length - shown;
    const lines = wrap(
      [...distinct.slice(0, shown).map((id) => idText(id)), ...(more > 0 ? [`and ${more} more`] : [])].join(' '),
      columns,
    );
    if (lines.length > most && shown > 1) {
      shown--;
      continue;
    }
    const urls = new Map(distinct.slice(0, shown).map((id) => [idText(id), publicationOf(id).url]));
    return lines.map((line) => linked(line, urls, paint));
  }
}

function linked(line: string, urls: ReadonlyMap<string, string>, paint: Paint): string {
  return line
    .split(' ')
    .map((word) => paint.link(word, urls.get(word)))
    .join(' ');
}
