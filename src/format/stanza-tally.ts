import type { PackageRecord } from '../model/package.ts';
import { blinding, type Problem } from '../model/problem.ts';

/** Stanzas of one package database that are read; all of Debian has some 65,000. Stops a file of tiny stanzas from filling memory. */
export const stanzaLimit = 200_000;

/** Stanzas that are not right: how many, and the line where the first one starts. */
class Flaw {
  count = 0;
  #firstLine = 0;

  note(line: number): void {
    if (this.count === 0) this.#firstLine = line;
    this.count++;
  }

  toString(): string {
    return `${this.count}, the first at line ${this.#firstLine}`;
  }
}

/** What the stanzas of one package database add up to. `id`: the plugin, which its problems are named after. */
export class StanzaTally {
  readonly packages: PackageRecord[] = [];
  /** Stanzas without a name or version. */
  readonly incomplete = new Flaw();
  /** Stanzas with lines that make no sense. */
  readonly malformed = new Flaw();
  /** Stanzas that name a package which is no longer installed. */
  removed = 0;
  /** Whether there were more than {@link stanzaLimit}. */
  cut = false;
  readonly #id: string;

  constructor(id: string) {
    this.#id = id;
  }

  /** A stanza that can't be named could be the vulnerable package, so each of these blinds. */
  problems(path: string): Problem[] {
    const problems: Problem[] = [];
    const add = (what: string, message: string) => problems.push(blinding(`${this.#id}/${what}`, message, path));
    const { packages, incomplete, malformed, removed, cut } = this;
    if (packages.length + removed === 0 && incomplete.count > 0) {
      add('unreadable', 'the package database holds no readable stanza');
    } else {
      if (incomplete.count > 0) add('stanza-incomplete', `stanzas without a package name or a version: ${incomplete}`);
      if (malformed.count > 0) add('stanza-malformed', `stanzas with lines that can't be read: ${malformed}`);
    }
    if (cut) add('too-many', `the package database holds more than ${stanzaLimit} stanzas; the others were not read`);
    return problems;
  }
}
