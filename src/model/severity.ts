/** How bad a flaw is, worst first. `unknown` means that nobody has said. */
export const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;

/** One of {@link severities}. */
export type Severity = (typeof severities)[number];

const rank = new Map<string, number>(severities.map((name, index) => [name, index]));

/** Orders severities worst first: negative when `a` is worse than `b`. */
export function compareSeverity(a: Severity, b: Severity): number {
  return (rank.get(a) ?? severities.length) - (rank.get(b) ?? severities.length);
}

/** Whether `severity` is at least as bad as `threshold`. `unknown` never reaches a threshold but its own. */
export function reaches(severity: Severity, threshold: Severity): boolean {
  return compareSeverity(severity, threshold) <= 0;
}

/** Reads a severity word, in any case; undefined when it is none of ours. */
export function parseSeverity(word: string): Severity | undefined {
  const lower = word.toLowerCase();
  return rank.has(lower) ? (lower as Severity) : undefined;
}
