import { asArray, asRecord, asString, parseJson } from '../../util/json.ts';
import { feedUnreadable } from './feed-format.ts';
import type { FeedRows } from './rows.ts';
import { encodeStanding, isCveId, standingKey } from './values.ts';

/** The largest file of one repository that is read, in bytes; the public ones have 1 MB. */
export const maxSecdbBytes = 64 * 1024 * 1024;

/** What stands in place of the version that brought the fix, where there never was a flaw. */
const neverAffected = '0';

/**
 * Reads Alpine's secdb: one JSON file for each repository of each release. What is kept is what the advisories can't
 * say: that a package never had a flaw.
 */
export class AlpineReader {
  readonly #rows: FeedRows;
  readonly #never = new Set<string>();
  /** What was mended once was there: that outweighs that it never was. */
  readonly #mended = new Set<string>();

  constructor(rows: FeedRows) {
    this.#rows = rows;
  }

  /** Takes one file. @throws SluiceError when it can't be read as a whole */
  read(bytes: Buffer): void {
    const secdb = asRecord(parseJson(bytes));
    const version = asString(secdb?.distroversion) ?? '';
    const packages = asArray(secdb?.packages);
    if (!packages || !/^(?:v\d{1,3}\.\d{1,3}|edge)$/.test(version)) {
      throw feedUnreadable('it is JSON, but not the security database of an Alpine release');
    }
    for (const [at, value] of packages.entries())
      this.#package(`Alpine:${version}`, asRecord(asRecord(value)?.pkg), at);
  }

  /** Says that there is no more. */
  finish(): void {
    const value = encodeStanding({ state: 'not-affected' })!;
    for (const key of this.#never) if (!this.#mended.has(key)) this.#rows.add(key, value);
  }

  #package(ecosystem: string, found: Record<string, unknown> | undefined, at: number): void {
    const name = asString(found?.name) ?? '';
    const fixes = asRecord(found?.secfixes);
    if (!fixes || !/^[A-Za-z0-9][A-Za-z0-9._+-]{0,199}$/.test(name)) {
      const why = fixes ? 'its name is malformed' : 'it lists no fixes';
      this.#rows.noteUnreadable(`${ecosystem} ${name === '' ? `package ${at + 1}` : name}`, why);
      return;
    }
    for (const [version, flaws] of Object.entries(fixes)) {
      const list = asArray(flaws);
      // secdb writes null for a version that fixes nothing.
      if (!list && flaws !== null) this.#rows.noteUnreadable(`${ecosystem} ${name} ${version}`, 'it lists no flaws');
      for (const flaw of list ?? []) this.#flaws(ecosystem, name, version, flaw);
    }
  }

  /** One text may name a flaw by several names, with spaces between them. */
  #flaws(ecosystem: string, name: string, version: string, flaw: unknown): void {
    const text = asString(flaw);
    if (text === undefined || text.length > 1000) {
      this.#rows.noteUnreadable(`${ecosystem} ${name} ${version}`, 'a flaw in it is no text, or too long');
      return;
    }
    for (const id of text.split(/\s+/)) {
      if (!isCveId(id)) continue;
      const key = standingKey(ecosystem, name, id);
      (version === neverAffected ? this.#never : this.#mended).add(key);
    }
  }
}
