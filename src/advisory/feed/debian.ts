import { debianReleases } from '../../model/debian-releases.ts';
import type { Severity } from '../../model/severity.ts';
import { SluiceError } from '../../util/error.ts';
import { asRecord, asString, parseJson } from '../../util/json.ts';
import type { Standing } from '../contract.ts';
import { JsonSplitter } from './json-splitter.ts';
import type { FeedRows } from './rows.ts';
import { encodeStanding, isCveId, noteOf, standingKey } from './values.ts';

/** The largest export that is read, in bytes; the public one has 70 MB. */
export const maxDebianBytes = 2 * 1024 * 1024 * 1024;

/** The largest entry of one CVE in one package, in bytes. */
const maxEntryBytes = 1024 * 1024;

/** Urgencies that people at Debian gave; with `**` behind them they are computed from elsewhere. */
const urgencies = new Map<string, Severity>([
  ['high', 'high'],
  ['medium', 'medium'],
  ['low', 'low'],
  ['unimportant', 'negligible'],
]);

/**
 * Reads the JSON of the Debian Security Tracker (source package, CVE, `releases` by codename), fed in pieces of any
 * size. What is kept is what the advisories do not say: that a release was never affected, that there will be no fix,
 * and how urgent Debian itself finds it.
 */
export class DebianReader {
  readonly #rows: FeedRows;
  readonly #splitter: JsonSplitter;
  readonly #unknownReleases = new Set<string>();

  constructor(rows: FeedRows) {
    this.#rows = rows;
    this.#splitter = new JsonSplitter(maxEntryBytes, (name, cve, bytes) => this.#entry(name, cve, bytes));
  }

  /** Takes the next piece. @throws SluiceError `advisory/feed-unreadable` */
  write(piece: Buffer): void {
    this.#splitter.write(piece);
  }

  /** Says that there is no more. @throws SluiceError `advisory/feed-unreadable` */
  finish(): void {
    this.#splitter.finish();
  }

  #entry(name: string, cve: string, bytes: Buffer): void {
    // What has no CVE yet (`TEMP-…`) is in no advisory by that name.
    if (!isCveId(cve)) return;
    const byCodename = releasesIn(bytes);
    if (!byCodename || !isPackageName(name)) {
      const why = byCodename ? 'the name of the package is malformed' : 'it lists no releases';
      this.#rows.noteUnreadable(`${name} ${cve}`, why);
      return;
    }
    for (const [codename, value] of Object.entries(byCodename)) this.#release(name, cve, codename, asRecord(value));
  }

  #release(name: string, cve: string, codename: string, release: Record<string, unknown> | undefined): void {
    const number = debianReleases.get(codename);
    if (number === undefined) {
      if (!this.#unknownReleases.has(codename)) this.#rows.noteUnreadable(`the release ${codename}`, 'it is not known');
      if (this.#unknownReleases.size < 100) this.#unknownReleases.add(codename);
      return;
    }
    const standing = release && standingOf(release);
    if (!standing) {
      this.#rows.noteUnreadable(`${name} ${cve} ${codename}`, 'its status is not known');
      return;
    }
    const value = encodeStanding(standing);
    if (value !== undefined) this.#rows.add(standingKey(`Debian:${number}`, name, cve), value);
  }
}

function releasesIn(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    return asRecord(asRecord(parseJson(bytes, 20))?.releases);
  } catch (thrown) {
    if (thrown instanceof SluiceError) return undefined;
    throw thrown;
  }
}

/** Undefined when it is not what the tracker writes. */
function standingOf(release: Record<string, unknown>): Standing | undefined {
  const status = asString(release.status);
  const state = stateOf(status, release);
  if (state === undefined) return undefined;
  const severity = urgencies.get(asString(release.urgency) ?? '');
  const note = status === 'open' ? noteOf(asString(release.nodsa)) : undefined;
  return {
    ...(state === 'none' ? {} : { state }),
    ...(severity ? { severity } : {}),
    ...(note ? { note } : {}),
  };
}

function stateOf(status: string | undefined, release: Record<string, unknown>): Standing['state'] | 'none' {
  if (status === 'resolved') return release.fixed_version === '0' ? 'not-affected' : 'none';
  if (status === 'undetermined') return 'investigating';
  if (status !== 'open') return undefined;
  const { urgency, nodsa, nodsa_reason: reason } = release;
  const isOver = asString(nodsa)?.startsWith('<end-of-life>');
  if (urgency === 'end-of-life' || reason === 'end-of-life' || isOver) return 'end-of-life';
  if (reason === 'ignored') return 'wont-fix';
  return reason === 'postponed' ? 'deferred' : 'none';
}

/** Debian Policy, 5.6.1. */
function isPackageName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.+-]{0,199}$/.test(name);
}
