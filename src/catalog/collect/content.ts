import { createHash, type Hash } from 'node:crypto';
import type { BodySink } from '../../format/tar/contract.ts';
import { type Problem, warning } from '../../model/problem.ts';
import { type ErrorCode, SluiceError } from '../../util/error.ts';
import type { BodyRequests } from '../body-pass.ts';
import type { ReadyQuery, Selected } from './select.ts';
import { type DocumentReader, documentReader, type ReadDocument, shownValue, type ValueFormat } from './values.ts';

/** Largest file in which expressions and values are looked for, in bytes. */
const largestContent = 32 * 1024 * 1024;

/** Bytes in which the expressions of one policy are looked for in all, each file once for each expression. */
const mostSearched = 2 * 1024 * 1024 * 1024;

/** Steps of an expression at which a byte counts once; of a longer one it counts oftener. */
const stepsOfOne = 64;

/** Most steps in one file, should all steps of an expression be taken for each byte: half a minute. */
const mostSteps = 2_000_000_000;

/** Bytes of configuration files that are read for one policy in all. */
const mostDocuments = 16 * 1024 * 1024;

/** What one query found in the content of one file. */
export interface FoundByQuery {
  /** Names of expressions, sorted. */
  readonly matches: readonly string[];
  /** By name, sorted. */
  readonly values: Readonly<Record<string, string>>;
}

/** What was found in the content of one file. */
export interface FoundContent {
  /** Hex. */
  readonly sha256?: string;
  /** Queries may give the same name to different expressions, so each has its own. */
  readonly byQuery: ReadonlyMap<ReadyQuery, FoundByQuery>;
}

/** Told when a query can't be answered for a file. */
export type OnUnanswered = (query: ReadyQuery, problem: Problem) => void;

/** Looks into the content of selected files as their bodies pass by. */
export class ContentReader {
  /** What was found, when the bodies have come. */
  readonly found = new Map<Selected, FoundContent>();
  readonly #readers: ReadonlyMap<ValueFormat, DocumentReader>;
  readonly #unanswered: OnUnanswered;
  /** Which queries wait for a body that has not come. */
  readonly #waiting = new Map<Selected, readonly ReadyQuery[]>();
  #searched = 0;
  #documents = 0;

  private constructor(readers: ReadonlyMap<ValueFormat, DocumentReader>, unanswered: OnUnanswered) {
    this.#readers = readers;
    this.#unanswered = unanswered;
  }

  /** Loads what the queries need to read values. */
  static async open(queries: readonly ReadyQuery[], unanswered: OnUnanswered): Promise<ContentReader> {
    const formats = new Set(queries.flatMap(({ values }) => values.map(([, { format }]) => format)));
    const readers = new Map<ValueFormat, DocumentReader>();
    for (const format of formats) readers.set(format, await documentReader(format));
    return new ContentReader(readers, unanswered);
  }

  /** Asks for the body of a file, if a query asks for its content. */
  request(one: Selected, wanted: BodyRequests): void {
    const { entry, queries } = one;
    if (entry.kind !== 'file') return;
    const looking = queries.filter((query) => this.#mayLook(query, entry.size, `/${entry.path}`));
    const hashed = queries.filter(({ query }) => query.digest === true);
    if (looking.length === 0 && hashed.length === 0) return;
    this.#waiting.set(one, [...new Set([...looking, ...hashed])]);
    const sink = new ContentSink(looking.length > 0 ? largestContent : 0, hashed.length > 0, (whole, sha256) => {
      this.#waiting.delete(one);
      const byQuery = whole ? this.#look(whole, looking, `/${entry.path}`) : new Map<ReadyQuery, FoundByQuery>();
      this.found.set(one, { byQuery, ...(sha256 === undefined ? {} : { sha256 }) });
    });
    if (entry.size === 0) sink.end();
    else wanted.add({ ...entry, kind: 'file' }, sink);
  }

  /** To be called when all bodies have come: tells of those that have not. */
  finish(): void {
    for (const [{ entry }, queries] of this.#waiting) {
      const problem = warning('files/unread', 'the file can not be read', `/${entry.path}`);
      for (const query of queries) this.#unanswered(query, problem);
    }
  }

  /** Whether a query asks for the content of a file and it may be looked into: size and sum are limited. */
  #mayLook(query: ReadyQuery, size: number, path: string): boolean {
    const { expressions } = query;
    const hasValues = query.values.length > 0;
    if (expressions.length === 0 && !hasValues) return false;
    const [first] = expressions.filter(({ steps }) => steps * size > mostSteps);
    if (size > largestContent || first) {
      const limit = first ? Math.floor(mostSteps / first.steps) : largestContent;
      const what = first ? `the expression ${first.name}` : 'a rule';
      const message = `the file is larger than ${limit} bytes: ${what} can't look into it`;
      this.#unanswered(query, warning('files/too-large', message, path));
      return false;
    }
    for (const { steps } of expressions) this.#searched += size * Math.ceil(steps / stepsOfOne);
    if (hasValues) this.#documents += size;
    if (this.#searched <= mostSearched && this.#documents <= mostDocuments) return true;
    const message = 'rules ask to look into too much content: narrow their paths';
    this.#unanswered(query, warning('files/too-many', message));
    return false;
  }

  #look(bytes: Buffer, asking: readonly ReadyQuery[], path: string): Map<ReadyQuery, FoundByQuery> {
    const found = new Map<ReadyQuery, FoundByQuery>();
    const texts = asking.some(({ expressions }) => expressions.length > 0) ? textsOf(bytes) : [];
    const documents = new Documents(bytes, this.#readers);
    for (const query of asking) {
      try {
        const matches = query.expressions.filter(({ found: isIn }) => texts.some(isIn)).map(({ name }) => name);
        found.set(query, { matches, values: documents.valuesFor(query) });
      } catch (thrown) {
        const what = [...new Set(query.values.map(([, { format }]) => format.toUpperCase()))].join(' and ');
        const { code, cause } = failureOf(thrown);
        this.#unanswered(query, warning(code, `the file can't be read as ${what}: ${cause}`, path));
      }
    }
    return found;
  }
}

/**
 * The text of a file in UTF-8, without a byte order mark; where it has that of UTF-16, in that as well: some programs
 * go by it, others read on behind it.
 */
function textsOf(bytes: Buffer): string[] {
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  const text = bytes.toString('utf8');
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (mark === 0xfffe) return [plain, bytes.toString('utf16le', 2)];
  return mark === 0xfeff
    ? [
        plain,
        Buffer.from(bytes.subarray(2, bytes.length & ~1))
          .swap16()
          .toString('utf16le'),
      ]
    : [plain];
}

/** What was wrong with a file. Parsers quote what they do not understand, which may be a secret: that is not told. */
function failureOf(thrown: unknown): { readonly code: ErrorCode; readonly cause: string } {
  if (!(thrown instanceof SluiceError)) return { code: 'config/malformed', cause: 'it is malformed' };
  return { code: thrown.code, cause: thrown.code.endsWith('/malformed') ? 'it is malformed' : thrown.message };
}

/** One file, read in each format once. */
class Documents {
  readonly #bytes: Buffer;
  readonly #readers: ReadonlyMap<ValueFormat, DocumentReader>;
  readonly #read = new Map<ValueFormat, ReadDocument>();

  constructor(bytes: Buffer, readers: ReadonlyMap<ValueFormat, DocumentReader>) {
    this.#bytes = bytes;
    this.#readers = readers;
  }

  /** The values that a query asks for. @throws when the file is not of a format */
  valuesFor({ values }: ReadyQuery): Readonly<Record<string, string>> {
    const found: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const [name, { format, at }] of values) {
      const shown = shownValue(this.#document(format), at);
      if (shown !== undefined) found[name] = shown;
    }
    return found;
  }

  #document(format: ValueFormat): ReadDocument {
    const known = this.#read.get(format);
    if (known) return known;
    let document: ReadDocument;
    try {
      document = this.#readers.get(format)?.(this.#bytes) ?? (() => undefined);
    } catch (thrown) {
      // It is as unreadable for the next query, and need not be read again to know.
      document = () => {
        throw thrown;
      };
    }
    this.#read.set(format, document);
    return document;
  }
}

/** Takes the digest of a body and collects it, if it is not too large. */
class ContentSink implements BodySink {
  readonly #limit: number;
  readonly #digest: boolean;
  /** Made when the first bytes come: a hundred thousand sinks may wait at once. */
  #hash: Hash | undefined;
  readonly #tell: (whole: Buffer | undefined, sha256: string | undefined) => void;
  readonly #pieces: Buffer[] = [];
  #size = 0;

  constructor(limit: number, digest: boolean, tell: (whole: Buffer | undefined, sha256: string | undefined) => void) {
    this.#limit = limit;
    this.#digest = digest;
    this.#tell = tell;
  }

  write(bytes: Buffer): boolean {
    if (this.#digest) this.#hash ??= createHash('sha256');
    this.#hash?.update(bytes);
    this.#size += bytes.length;
    // The memory is used again for the next piece.
    if (this.#size <= this.#limit) this.#pieces.push(Buffer.from(bytes));
    else this.#pieces.length = 0;
    return this.#size <= this.#limit || this.#digest;
  }

  end(): void {
    const isWhole = this.#limit > 0 && this.#size <= this.#limit;
    const hash = this.#digest ? (this.#hash ?? createHash('sha256')) : undefined;
    this.#tell(isWhole ? Buffer.concat(this.#pieces) : undefined, hash?.digest('hex'));
    this.#pieces.length = 0;
  }
}
