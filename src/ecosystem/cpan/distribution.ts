/** Longest name or version (characters) that is kept; those of CPAN stay far below. */
const fieldLimit = 1000;

/** A name or version that can be reported: a text of 1 to {@link fieldLimit} characters. */
export function usableField(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= fieldLimit;
}

/**
 * `{name, version}` of a distribution, `libwww-perl-6.76` or `Counter-v1.2.3`: the version begins behind the last hyphen
 * that a digit follows, or a `v` and a digit, as CPAN's own tools take it. Undefined when there is none.
 */
export function distribution(text: string): { name: string; version: string } | undefined {
  for (let cut = text.lastIndexOf('-'); cut > 0; cut = text.lastIndexOf('-', cut - 1)) {
    const start = text.charAt(cut + 1) === 'v' ? cut + 2 : cut + 1;
    const first = text.charCodeAt(start);
    if (!(first >= 0x30 && first <= 0x39)) continue;
    const name = text.slice(0, cut);
    const version = text.slice(cut + 1);
    return usableField(name) && usableField(version) ? { name, version } : undefined;
  }
  return undefined;
}
