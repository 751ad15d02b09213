import { displayWidth, wrap } from '../text-width.ts';

/** A text behind a mark of so many columns; its further lines stand below its first. */
export function hanging(mark: string, indent: number, text: string, width: number): string[] {
  const [first, ...rest] = wrap(text, Math.max(20, width - indent));
  return [`${mark}${first}`, ...rest.map((line) => ' '.repeat(indent) + line)];
}

const separator = ' · ';

/** Short texts one behind the other, in lines of at most so many columns; one is broken only when it fits on no line. */
export function flow(items: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last) + separator.length + displayWidth(item) <= columns) {
      lines[lines.length - 1] = last + separator + item;
    } else lines.push(...wrap(item, columns));
  }
  return lines;
}
