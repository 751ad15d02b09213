/** A stretch of a text, and what takes its place. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all splices made. They may come in any order; one that overlaps an earlier one is left out. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: put } of [...splices].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < at) continue;
    parts.push(text.slice(at, start), put);
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/** A line of a text, with its place: the line end is not part of it. */
export interface PlacedLine {
  readonly start: number;
  readonly text: string;
}

/** The lines of a text one by one, with where they begin. */
export function* placedLines(text: string): Generator<PlacedLine, void, undefined> {
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const stop = end > start && text.charCodeAt(end - 1) === 0x0d ? end - 1 : end;
    yield { start, text: text.slice(start, stop) };
    start = end + 1;
  }
}
