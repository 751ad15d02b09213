/** Longest name or version (characters) that is kept; what PyPI hosts stays far below. */
const fieldLimit = 1000;

/** A name or version that can be reported: 1 to {@link fieldLimit} characters. */
export function usableField(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value.length <= fieldLimit;
}

/** The name under which PyPI and its advisories know a project (PEP 503): lower case, runs of `-`, `_` and `.` become one `-`. */
export function normalizedName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
