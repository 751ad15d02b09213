import { placedLines } from './splices.ts';

/** Lines of context around a change, as `diff -u` has them. */
const context = 3;

/** Most lines that may differ between the two texts: the time to find them grows with their square. */
const mostDiffering = 2000;

/** Characters that a path in the head of a diff may be made of, so that no reader of diffs takes it for another one. */
const plainPath = /^[A-Za-z0-9@_+~.,=()[\] /-]+$/;

/** Characters that do something to a terminal: a diff that is to be applied can't have them escaped. */
const control =
  /\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069]/;

/**
 * A unified diff of one file, as `git apply` and `patch -p1` take it; undefined where none can be told: the path or a
 * changed line holds characters that would do something to a terminal, or too much differs.
 */
export async function unifiedDiff(path: string, before: string, after: string): Promise<string | undefined> {
  if (!plainPath.test(path) || path.startsWith('/') || path.split('/').includes('..')) return undefined;
  if (differing(before, after) > mostDiffering) return undefined;
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff');
  const options = { context, maxEditLength: mostDiffering, headerOptions: FILE_HEADERS_ONLY };
  const diff = createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, '', '', options);
  return diff === undefined || control.test(diff) ? undefined : diff;
}

/** How many lines differ at least, wherever they stand: what is far too much is not compared at all. */
function differing(before: string, after: string): number {
  const lines = new Map<string, number>();
  for (const { text } of placedLines(before)) lines.set(text, (lines.get(text) ?? 0) + 1);
  for (const { text } of placedLines(after)) lines.set(text, (lines.get(text) ?? 0) - 1);
  let total = 0;
  for (const left of lines.values()) total += Math.abs(left);
  return total;
}
