/**
 * Joins the lines of an instruction as builders do: without the character that continues a line, without comments and
 * empty lines between (Dockerfile reference, "Format").
 */
export function joinedLines(lines: readonly string[], escaper: string): string {
  const parts: string[] = [];
  for (const [at, line] of lines.entries()) {
    const start = line.trimStart();
    if (at > 0 && (start === '' || start.startsWith('#'))) continue;
    const end = line.trimEnd();
    parts.push(end.endsWith(escaper) ? end.slice(0, -1) : line);
  }
  return parts.join('').trim();
}
