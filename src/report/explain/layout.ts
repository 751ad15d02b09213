import { harmless } from '../../util/harmless.ts';
import type { Paint, Role } from '../table/style.ts';
import { wrap } from '../text-width.ts';

/** How an explanation is laid out. */
export interface ExplainLayout {
  /** What the user called the target. */
  readonly name: string;
  readonly colour: boolean;
  readonly width: number;
}

/** Columns that labels take, with the space before and behind them. */
const labelColumns = 14;

/** What lines are laid out by. */
export interface Layout {
  readonly width: number;
  readonly paint: Paint;
}

/**
 * Texts behind their label, below each other; spaces before a text move it in, and where there are several, further lines
 * of one stand further in than its first. No texts, no line.
 */
export function field(label: string, texts: readonly string[], { width, paint }: Layout, role?: Role): string[] {
  const columns = Math.max(20, width - labelColumns);
  const lines = texts.flatMap((text) => {
    const inner = text.trimStart();
    const indent = ' '.repeat(text.length - inner.length);
    const more = texts.length > 1 ? `${indent}  ` : indent;
    return wrap(harmless(inner), columns - more.length).map((line, i) => ({ indent: i === 0 ? indent : more, line }));
  });
  return lines.map(({ indent, line }, i) => {
    const before = i === 0 ? `  ${label}`.padEnd(labelColumns) : ' '.repeat(labelColumns);
    return (i === 0 ? paint('aside', before) : before) + indent + (role ? paint(role, line) : line);
  });
}

/** `2026-01-02` of an RFC 3339 time. */
export function day(time: string): string {
  return time.slice(0, 10);
}
