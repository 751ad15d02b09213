/** The first of many texts, and how many more there are: `a, b and 3 more`. */
export function someOf(texts: readonly string[], most: number): string {
  const more = texts.length - most;
  return texts.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
