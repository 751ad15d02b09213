/** One challenge of a WWW-Authenticate header: how the server wants to be asked. */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case; empty where there is a bare token or nothing. */
  readonly params: ReadonlyMap<string, string>;
}

const maxHeader = 8192;
const maxParams = 32;

/**
 * Reads a WWW-Authenticate header (RFC 9110 section 11.6.1), also with several challenges in it. Strict: undefined
 * when anything in it is not of the grammar, because a lenient reading is how a realm gets mistaken for another.
 */
export function parseChallenges(header: string): Challenge[] | undefined {
  if (header.length > maxHeader) return undefined;
  const scan = new Scanner(header);
  const challenges: Challenge[] = [];
  scan.skipCommas();
  while (!scan.atEnd()) {
    const scheme = scan.token();
    if (scheme === '') return undefined;
    const params = new Map<string, string>();
    if (scan.skipSpaces() && !readParams(scan, params)) return undefined;
    challenges.push({ scheme: scheme.toLowerCase(), params });
    if (!scan.atEnd() && !scan.skipCommas()) return undefined;
  }
  return challenges.length === 0 ? undefined : challenges;
}

/** The parameters of one challenge; stops before the comma that stands in front of the next challenge. */
function readParams(scan: Scanner, params: Map<string, string>): boolean {
  if (scan.token68()) return true;
  for (;;) {
    const start = scan.position;
    const comma = scan.skipCommas() || params.size === 0;
    const name = scan.token().toLowerCase();
    scan.skipSpaces();
    if (name === '' || !scan.take('=')) {
      scan.position = start;
      return true;
    }
    if (!comma) return false;
    scan.skipSpaces();
    const value = scan.value();
    if (value === undefined || params.has(name) || params.size >= maxParams) return false;
    params.set(name, value);
    scan.skipSpaces();
  }
}

const tokenChar = /[!#$%&'*+\-.^_`|~0-9A-Za-z]/;
const token68 = /[A-Za-z0-9\-._~+/]+=*[ \t]*(?=,|$)/y;

class Scanner {
  position = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  atEnd(): boolean {
    return this.position >= this.text.length;
  }

  take(char: string): boolean {
    if (this.text[this.position] !== char) return false;
    this.position++;
    return true;
  }

  skipSpaces(): boolean {
    const start = this.position;
    while (this.take(' ') || this.take('\t'));
    return this.position > start;
  }

  /** Commas and the blanks around them; whether there was a comma. */
  skipCommas(): boolean {
    let found = false;
    for (;;) {
      this.skipSpaces();
      if (!this.take(',')) return found;
      found = true;
    }
  }

  token(): string {
    const start = this.position;
    while (!this.atEnd() && tokenChar.test(this.text.charAt(this.position))) this.position++;
    return this.text.slice(start, this.position);
  }

  /** Skips a bare base64 token, as Negotiate has it. */
  token68(): boolean {
    token68.lastIndex = this.position;
    const match = token68.exec(this.text);
    if (match === null) return false;
    this.position += match[0].length;
    return true;
  }

  value(): string | undefined {
    if (!this.take('"')) return this.token() || undefined;
    let out = '';
    while (!this.atEnd()) {
      const char = this.text.charAt(this.position++);
      if (char === '"') return out;
      const literal = char === '\\' ? this.text.charAt(this.position++) : char;
      if (!/^[\t\x20-\x7e\x80-\xff]$/.test(literal)) return undefined;
      out += literal;
    }
    return undefined;
  }
}
