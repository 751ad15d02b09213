import { keep } from '../../detect/documents/keep.ts';
import { claims as claimsDocument, documentLimit } from '../../detect/documents/paths.ts';
import { largestLicenceFile } from '../../detect/licences/claims.ts';
import type { ReadText, SecretScanner } from '../../detect/secrets/contract.ts';
import type { EntryHead } from '../../ecosystem/contract.ts';
import type { BodySink } from '../../format/tar/contract.ts';
import { type Problem, warning } from '../../model/problem.ts';
import type { FileSecrets, KeptDocument, LayerSurvey, LicenceFile } from '../../model/survey.ts';
import { CollectingSink, Scratch } from '../body.ts';
import type { LicenceReader, ReadyLook } from './contract.ts';
import { OwnerTableBuilder } from './owner-table.ts';
import { PairSink, SecretSink } from './sinks.ts';

/** Most that is kept of one layer; more is made to use up memory. */
const most = {
  /** Matches of rules for secrets. */
  matches: 20_000,
  documents: 5_000,
  /** Characters of all documents. */
  documentText: 16 * 1024 * 1024,
  licences: 50_000,
  problems: 100,
} as const;

/** What was found in a layer beside packages. */
export type FoundInLayer = Pick<LayerSurvey, 'secrets' | 'documents' | 'licences' | 'looked' | 'owners' | 'unlooked'>;

/** Looks for secrets, settings and licences in the bodies of one layer as they pass by. */
export class LayerFinder {
  /** To be told whose the files are that the layer's lists name. */
  readonly owners = new OwnerTableBuilder();
  readonly #ready: ReadyLook;
  /** Absent where secrets are not looked for. */
  readonly #scanner: SecretScanner | undefined;
  readonly #licences: LicenceReader | undefined;
  readonly #keepsDocuments: boolean;
  readonly #scratch = new Scratch();
  readonly #copy = new Scratch();
  readonly #secrets: FileSecrets[] = [];
  readonly #documents: KeptDocument[] = [];
  readonly #texts: LicenceFile[] = [];
  readonly #problems: Problem[] = [];
  #collected: { readonly path: string; readonly entry: number; readonly bytes: Buffer } | undefined;
  #matches = 0;
  #kept = 0;
  #untold = 0;

  constructor(ready: ReadyLook) {
    const { secrets, documents } = ready.look.looked;
    this.#ready = ready;
    this.#scanner = secrets === undefined ? undefined : ready.borrow();
    this.#keepsDocuments = documents !== undefined;
    this.#licences = ready.licences;
  }

  /** What gets the body of a file; `own` is what wants it for its packages. */
  sink(path: string, head: EntryHead, entry: number, own: BodySink | undefined): BodySink | undefined {
    this.#keepCollected();
    const { size } = head;
    if (size === 0) return own;
    let sink = own;
    if (this.#keepsDocuments && claimsDocument(path)) sink = paired(sink, this.#documentSink(path, size, entry));
    if (this.#licences?.claims(path, head)) sink = paired(sink, this.#licenceSink(path, size, entry, this.#licences));
    return this.#scanner ? paired(sink, this.#secretSink(path, size, entry)) : sink;
  }

  /** All that was found, by entry. To be asked once. */
  finish(): FoundInLayer {
    this.#keepCollected();
    if (this.#scanner) this.#ready.giveBack(this.#scanner);
    const byEntry = (a: { readonly entry: number }, b: { readonly entry: number }): number => a.entry - b.entry;
    if (this.#untold > 0) {
      this.#problems.push(warning('layer/not-looked-at', `${this.#untold} more of its files were not looked at whole`));
    }
    const owners = this.owners.build();
    return {
      looked: this.#ready.look.looked,
      ...(this.#scanner ? { secrets: this.#secrets.sort(byEntry) } : {}),
      ...(this.#documents.length > 0 ? { documents: this.#documents.sort(byEntry) } : {}),
      ...(this.#texts.length > 0 ? { licences: this.#texts.sort(byEntry) } : {}),
      ...(owners ? { owners } : {}),
      ...(this.#problems.length > 0 ? { unlooked: this.#problems } : {}),
    };
  }

  #secretSink(path: string, size: number, entry: number): BodySink | undefined {
    const reader = this.#scanner?.open(path, size);
    if (!reader) return undefined;
    const copy = mayBeShipped(path) ? this.#copy : undefined;
    return new SecretSink(reader, size, copy, (read, digests) => this.#take(path, entry, read, digests));
  }

  #take(path: string, entry: number, { matches, problems }: ReadText, digestsOf: () => readonly string[]): void {
    for (const problem of problems) this.#problem({ ...problem, path });
    if (matches.length === 0) return;
    const left = most.matches - this.#matches;
    if (matches.length > left) {
      const message = `the layer holds more than ${most.matches} secrets: the rest is not told`;
      this.#problem(warning('secrets/too-many', message, path));
    }
    if (left <= 0) return;
    this.#matches += matches.length;
    const digests = digestsOf();
    this.#secrets.push({ entry, matches: matches.slice(0, left), ...(digests.length > 0 ? { digests } : {}) });
  }

  #documentSink(path: string, size: number, entry: number): BodySink | undefined {
    const tooLarge = (): void => {
      const message = `the file is larger than ${documentLimit} bytes: no rule on its settings is asked`;
      this.#problem(warning('configuration/too-large', message, path));
    };
    if (size > documentLimit) {
      tooLarge();
      return undefined;
    }
    return new CollectingSink(this.#scratch, {
      size,
      limit: documentLimit,
      // The reader of this very body is still open, and there is one at a time.
      take: (bytes) => {
        this.#collected = { path, entry, bytes: Buffer.from(bytes) };
      },
      overflow: tooLarge,
    });
  }

  /** Keeps the configuration file that has come last, now that nothing else reads it. */
  #keepCollected(): void {
    if (!this.#collected) return;
    const { path, entry, bytes } = this.#collected;
    this.#collected = undefined;
    const scanner = this.#scanner ?? this.#ready.borrow();
    const text = keep(path, bytes, (all, place) => scanner.search(all, place));
    if (!this.#scanner) this.#ready.giveBack(scanner);
    if (text === undefined) return;
    this.#kept += text.length;
    if (this.#documents.length >= most.documents || this.#kept > most.documentText) {
      this.#problem(warning('configuration/too-many', 'the layer holds more configuration files than are read', path));
      return;
    }
    this.#documents.push({ entry, text });
  }

  #licenceSink(path: string, size: number, entry: number, reader: LicenceReader): BodySink | undefined {
    if (size > largestLicenceFile || this.#texts.length >= most.licences) return undefined;
    return new CollectingSink(this.#scratch, {
      size,
      limit: largestLicenceFile,
      take: (bytes) => {
        const found = reader.identify(path, bytes);
        if (found) this.#texts.push({ entry, expression: found.expression, likeness: found.likeness });
      },
    });
  }

  #problem(problem: Problem): void {
    if (this.#problems.length < most.problems) this.#problems.push(problem);
    else this.#untold++;
  }
}

/** Whether a distribution's package may have the file: that it has it unchanged is told by its digest. */
function mayBeShipped(path: string): boolean {
  return (path.startsWith('usr/') || path.startsWith('lib')) && !path.startsWith('usr/local/');
}

function paired(first: BodySink | undefined, second: BodySink | undefined): BodySink | undefined {
  return first && second ? new PairSink(first, second) : (first ?? second);
}
