/** What names one Maven artifact (Maven POM reference, "Maven Coordinates"). */
export interface Coordinates {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

const longest = 256;

/** Whether the text can be a groupId or artifactId: letters, digits, `.`, `-` and `_`, as Maven's model validator asks. */
export function isId(text: string): boolean {
  if (text.length === 0 || text.length > longest) return false;
  let letters = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const letter = isLetter(c);
    if (!(letter || isDigit(c) || c === 0x2e || c === 0x2d || c === 0x5f)) return false;
    letters ||= letter;
  }
  return letters;
}

/** Whether the text can be a version: printable ASCII, a digit in it, and no `${placeholder}` that nobody filled in. */
export function isVersion(text: string): boolean {
  if (text.length === 0 || text.length > longest || text.startsWith('${')) return false;
  let digits = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c <= 0x20 || c >= 0x7f) return false;
    digits ||= isDigit(c);
  }
  return digits;
}

/** Whether the UTF-16 code unit is `0` to `9`. */
export function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

function isLetter(c: number): boolean {
  return (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);
}
