/** Longest name or version (characters) that is kept; what PyPI hosts stays far below. */
const fieldLimit = 1000;

/** A name or version that can be reported: 1 to {@link fieldLimit} characters. */
export function usableField(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value.length <= fieldLimit;
}

/** The characters of names and versions: letters, digits, `-`, `.` and `_`. */
export function isNameCharacter(code: number): boolean {
  return isAlphanumeric(code) || code === 0x2d || code === 0x2e || code === 0x5f;
}

/** An ASCII letter or digit. */
export function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** The name under which PyPI and its advisories know a project (PEP 503): lower case, runs of `-`, `_` and `.` become one `-`. */
export function normalizedName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
