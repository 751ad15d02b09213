import { feedUnreadable } from './feed-format.ts';

/** The longest name of a member, in bytes as it is written. */
const maxNameBytes = 1024;

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const colon = 0x3a;

/** What the splitter waits for. */
type Wanted = 'object' | 'first' | 'name' | 'colon' | 'value' | 'next' | 'nothing';

/** Takes one inner object: the names of the members that it stands below, and its bytes. */
type TakeObject = (outer: string, inner: string, bytes: Buffer) => void;

/**
 * Cuts a large JSON text of the shape `{outer: {inner: {…}}}` into its inner objects while it passes by, so that only
 * one of them is held. What is outside of them is read strictly; what is in them is left to whoever takes them.
 */
export class JsonSplitter {
  readonly #take: TakeObject;
  readonly #limit: number;
  #wanted: Wanted = 'object';
  /** 1 among the outer members, 2 among the inner ones. */
  #depth = 0;
  #outer = '';
  #inner = '';
  /** The name or object that is being gathered, in pieces. */
  #pieces: Buffer[] = [];
  #gathered = 0;
  #inName = false;
  /** Brackets of the inner object that are open; 0 outside. */
  #open = 0;
  #inText = false;
  #escaped = false;

  /** `limit`: bytes of the largest inner object. */
  constructor(limit: number, take: TakeObject) {
    this.#limit = limit;
    this.#take = take;
  }

  /** Takes the next piece. @throws SluiceError `advisory/feed-unreadable` */
  write(piece: Buffer): void {
    let at = 0;
    while (at < piece.length) {
      if (this.#open > 0) at = this.#object(piece, at);
      else if (this.#inName) at = this.#name(piece, at);
      else at = this.#between(piece, at);
    }
  }

  /** Says that there is no more. @throws SluiceError `advisory/feed-unreadable` when something is missing */
  finish(): void {
    if (this.#wanted !== 'nothing') throw feedUnreadable('it ends too early');
  }

  #between(piece: Buffer, at: number): number {
    const byte = piece[at]!;
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return at + 1;
    switch (this.#wanted) {
      case 'object':
        this.#expect(byte === openBrace);
        this.#depth++;
        this.#wanted = 'first';
        return at + 1;
      case 'first':
        if (byte === closeBrace) return this.#close(at);
        return this.#startName(byte, at);
      case 'name':
        return this.#startName(byte, at);
      case 'colon':
        this.#expect(byte === colon);
        this.#wanted = this.#depth === 1 ? 'object' : 'value';
        return at + 1;
      case 'value':
        this.#expect(byte === openBrace);
        this.#open = 1;
        this.#pieces.push(Buffer.from([openBrace]));
        this.#gathered = 1;
        return at + 1;
      case 'next':
        if (byte === closeBrace) return this.#close(at);
        this.#expect(byte === comma);
        this.#wanted = 'name';
        return at + 1;
      default:
        throw feedUnreadable('something stands behind its end');
    }
  }

  #close(at: number): number {
    this.#depth--;
    this.#wanted = this.#depth === 0 ? 'nothing' : 'next';
    return at + 1;
  }

  #startName(byte: number, at: number): number {
    this.#expect(byte === quote);
    this.#inName = true;
    this.#escaped = false;
    return at + 1;
  }

  #name(piece: Buffer, start: number): number {
    let at = start;
    while (at < piece.length) {
      const byte = piece[at]!;
      if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = true;
      else if (byte === quote) break;
      at++;
    }
    this.#gather(piece.subarray(start, at), maxNameBytes, 'the name of a member');
    if (at === piece.length) return at;
    const name = nameOf(this.#gatheredBytes());
    if (this.#depth === 1) this.#outer = name;
    else this.#inner = name;
    this.#inName = false;
    this.#wanted = 'colon';
    return at + 1;
  }

  /** Only brackets outside of texts count; UTF-8 continuation bytes are none. */
  #object(piece: Buffer, start: number): number {
    let at = start;
    let open = this.#open;
    for (; at < piece.length && open > 0; at++) {
      const byte = piece[at]!;
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inText = false;
      } else if (byte === quote) this.#inText = true;
      else if (byte === openBrace || byte === openBracket) open++;
      else if (byte === closeBrace || byte === closeBracket) open--;
    }
    this.#open = open;
    this.#gather(piece.subarray(start, at), this.#limit, `the entry ${this.#outer} ${this.#inner}`);
    if (open === 0) {
      this.#wanted = 'next';
      this.#take(this.#outer, this.#inner, this.#gatheredBytes());
    }
    return at;
  }

  #gather(bytes: Buffer, limit: number, what: string): void {
    this.#gathered += bytes.length;
    if (this.#gathered > limit) throw feedUnreadable(`${what.slice(0, 200)} is longer than ${limit} bytes`);
    this.#pieces.push(Buffer.from(bytes));
  }

  #gatheredBytes(): Buffer {
    const bytes = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#gathered = 0;
    return bytes;
  }

  #expect(holds: boolean): void {
    if (!holds) throw feedUnreadable('it is not JSON of the shape that is published');
  }
}

function nameOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    throw feedUnreadable('the name of a member is not JSON');
  }
}
