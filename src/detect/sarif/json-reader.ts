/** What ends the reading of JSON that is none. */
export class MalformedJson extends Error {
  /** Where, in bytes from the beginning. */
  readonly offset: number;

  constructor(offset: number) {
    super(`it is no JSON at byte ${offset}`);
    this.name = 'MalformedJson';
    this.offset = offset;
  }
}

/** Deepest nesting that is passed over. */
const deepest = 1000;
/** Longest name of a member that is told (bytes): no format has longer ones. */
const longestKey = 200;

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Goes through a large JSON document value by value, so that only what is asked for is ever made. Memory does not grow with
 * the document, and no nesting makes it call itself. Every method throws {@link MalformedJson}.
 */
export class JsonReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Another reader of the value that comes next, for what can only be understood with what stands behind it. */
  fork(): JsonReader {
    return new JsonReader(this.#bytes, this.#start());
  }

  /** Tells each member of the object that comes next; `told` reads its value, or leaves it. Anything else is passed over. */
  object(told: (key: string) => void): void {
    if (this.#next() !== openBrace) {
      this.skip();
      return;
    }
    this.#at++;
    for (let first = true; ; first = false) {
      if (this.#next() === closeBrace) break;
      if (!first) this.#take(comma);
      if (this.#next() !== quote) throw new MalformedJson(this.#at);
      const key = this.#key();
      this.#take(colon);
      const before = this.#start();
      told(key);
      if (this.#at === before) this.skip();
    }
    this.#at++;
  }

  /** Tells each item of the list that comes next, in the same way. */
  list(told: (index: number) => void): void {
    if (this.#next() !== openBracket) {
      this.skip();
      return;
    }
    this.#at++;
    for (let index = 0; ; index++) {
      if (this.#next() === closeBracket) break;
      if (index > 0) this.#take(comma);
      const before = this.#start();
      told(index);
      if (this.#at === before) this.skip();
    }
    this.#at++;
  }

  /** The value that comes next; undefined when it has more than `most` bytes. */
  value(most: number): unknown {
    const from = this.#start();
    this.skip();
    if (this.#at - from > most) return undefined;
    try {
      return JSON.parse(this.#bytes.toString('utf8', from, this.#at));
    } catch {
      throw new MalformedJson(from);
    }
  }

  /** Passes over the value that comes next. */
  skip(): void {
    const first = this.#next();
    if (first === openBrace || first === openBracket) this.#skipNested();
    else if (first === quote) this.#skipText();
    else this.#skipPlain();
  }

  /** With a count in place of calls of its own. */
  #skipNested(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    let depth = 0;
    do {
      const code = bytes[at];
      if (code === quote) {
        at = endOfText(bytes, at);
        continue;
      }
      if (code === undefined) throw new MalformedJson(at);
      // Opening signs are 0x5b and 0x7b, closing ones two above.
      const sign = code | 0x20;
      if (sign === openBrace) depth++;
      else if (sign === closeBrace) depth--;
      if (depth > deepest) throw new MalformedJson(at);
      at++;
    } while (depth > 0);
    this.#at = at;
  }

  /** Throws unless nothing follows. */
  end(): void {
    if (this.#next() !== undefined) throw new MalformedJson(this.#at);
  }

  /** The first byte of what comes next. */
  #next(): number | undefined {
    const bytes = this.#bytes;
    let code = bytes[this.#at];
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = bytes[++this.#at];
    return code;
  }

  /** Where the next value begins. */
  #start(): number {
    this.#next();
    return this.#at;
  }

  #take(sign: number): void {
    if (this.#next() !== sign) throw new MalformedJson(this.#at);
    this.#at++;
  }

  #key(): string {
    const from = this.#at + 1;
    this.#skipText();
    const to = this.#at - 1;
    return to - from > longestKey ? '' : this.#bytes.toString('utf8', from, to);
  }

  #skipText(): void {
    this.#at = endOfText(this.#bytes, this.#at);
  }

  /** A number, `true`, `false` or `null`. */
  #skipPlain(): void {
    const from = this.#at;
    for (let code = this.#bytes[this.#at]; code !== undefined && isPlain(code); code = this.#bytes[++this.#at]);
    if (this.#at === from) throw new MalformedJson(from);
  }
}

/** Where the text that begins with a quote ends. */
function endOfText(bytes: Buffer, from: number): number {
  // Most texts are short, and a search costs as much as a few dozen bytes.
  for (let at = from + 1; at < from + 24; at++) {
    const code = bytes[at];
    if (code === quote) return at + 1;
    if (code === backslash) break;
  }
  for (let end = bytes.indexOf(quote, from + 1); end >= 0; end = bytes.indexOf(quote, end + 1)) {
    let slashes = 0;
    while (bytes[end - 1 - slashes] === backslash) slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
  throw new MalformedJson(from);
}

function isPlain(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x45
  );
}
