import { type Digest, parseDigest } from '../model/digest.ts';
import { compareText } from '../util/compare-text.ts';
import { SluiceError } from '../util/error.ts';
import { asArray, asRecord, asString } from '../util/json.ts';
import { type SourceInfo, updateHint } from './contract.ts';
import { isEcosystemBase } from './names.ts';

/** What lets a server say that its file is still the same (RFC 9110, entity tags). */
export interface Validator {
  /** Digest of the URL that the tag came from: the tag means nothing elsewhere, and the URL may hold a secret. */
  readonly url: Digest;
  readonly etag: string;
}

/** One ecosystem's data in force: what reports say of it, and which index file it is. */
export interface CurrentSource extends SourceInfo {
  /** Size of the index file in bytes. */
  readonly size: number;
  /** Digest of the export's zip that the index was made from. */
  readonly export: Digest;
  /** The format of the index file. */
  readonly indexVersion: number;
  readonly unreadableNames: readonly string[];
  readonly validator?: Validator;
}

const schema = 'sluice-advisories/v1';

/** The largest file of current sources that is read, in bytes. */
export const maxCurrentBytes = 4 * 1024 * 1024;

/** The sources in force as bytes: sorted, so that the same data is the same file. */
export function encodeCurrent(sources: readonly CurrentSource[]): Buffer {
  const sorted = [...sources].sort((a, b) => compareText(a.ecosystem, b.ecosystem));
  return Buffer.from(`${JSON.stringify({ schema, sources: sorted }, null, 1)}\n`);
}

/**
 * Reads the sources in force.
 * @throws SluiceError `advisory/current-damaged` when it is anything but what {@link encodeCurrent} writes.
 */
export function decodeCurrent(bytes: Buffer): CurrentSource[] {
  let file: Record<string, unknown> | undefined;
  try {
    // Written by sluice, bounded, and checked below member by member: it needs no look at its form before.
    file = asRecord(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw damaged('it is not JSON');
  }
  if (file?.schema !== schema) throw damaged('its format is not known');
  const sources = asArray(file.sources)?.map(sourceOf);
  if (!sources) throw damaged('it lists no sources');
  if (new Set(sources.map((source) => source.ecosystem)).size !== sources.length) throw damaged('it names one twice');
  return sources.sort((a, b) => compareText(a.ecosystem, b.ecosystem));
}

function sourceOf(value: unknown): CurrentSource {
  const source = asRecord(value);
  const ecosystem = asString(source?.ecosystem);
  if (!source || ecosystem === undefined || !isEcosystemBase(ecosystem)) throw damaged('a source has no name');
  const checkedAt = text(source.checkedAt);
  if (Number.isNaN(Date.parse(checkedAt))) throw damaged('a time is malformed');
  if (source.origin !== 'osv-export') throw damaged('an origin is not known');
  const validator = validatorOf(source.validator);
  return {
    ecosystem,
    records: count(source.records),
    withdrawn: count(source.withdrawn),
    unreadable: count(source.unreadable),
    newest: text(source.newest),
    releases: (asArray(source.releases) ?? []).map(text),
    digest: digest(source.digest),
    checkedAt,
    origin: source.origin,
    size: count(source.size),
    export: digest(source.export),
    indexVersion: count(source.indexVersion),
    unreadableNames: (asArray(source.unreadableNames) ?? []).map(text),
    ...(validator ? { validator } : {}),
  };
}

function validatorOf(value: unknown): Validator | undefined {
  const validator = asRecord(value);
  return validator ? { url: digest(validator.url), etag: text(validator.etag) } : undefined;
}

/** The digest names the index file: only a well-formed one may become a path. */
function digest(value: unknown): Digest {
  try {
    return parseDigest(value);
  } catch {
    throw damaged('a digest is malformed');
  }
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw damaged('a text is missing');
  return value;
}

function count(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw damaged('a count is malformed');
  return value;
}

function damaged(why: string): SluiceError {
  return new SluiceError('advisory/current-damaged', `the list of advisory sources is damaged: ${why}`, updateHint);
}
