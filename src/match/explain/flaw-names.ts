import type { Advisory } from '../../model/advisory.ts';
import { flawsOf, isCve, isOneFlaw } from '../merge.ts';
import type { Relation } from './contract.ts';

/** A record, and whether it was looked up for a distribution's package. */
export interface FoundRecord {
  readonly advisory: Advisory;
  readonly distribution: boolean;
}

/** All names of one flaw; compared without regard to case, since people type ids in any. */
export class FlawNames {
  /** As the records write them, by their spelling in lower case. */
  readonly #names = new Map<string, string>();

  has(name: string): boolean {
    return this.#names.has(name.toLowerCase());
  }

  /** Whether it was not known before; a spelling that a record uses replaces the user's. */
  add(name: string): boolean {
    const folded = name.toLowerCase();
    const isNew = !this.#names.has(folded);
    this.#names.set(folded, name);
    return isNew;
  }

  /** Sorted. */
  all(): string[] {
    return [...this.#names.values()].sort();
  }

  /** The name the field knows it by: its one CVE; else the name that was asked for, as the records write it. */
  main(asked: string): string {
    const cves = this.all().filter(isCve);
    return cves.length === 1 ? (cves[0] as string) : (this.#names.get(asked.toLowerCase()) ?? asked);
  }

  /** How a record has to do with the flaw; undefined when it does not name it. */
  relationOf({ advisory, distribution }: FoundRecord): Relation | undefined {
    const has = (name: string): boolean => this.has(name);
    if (ownNames({ advisory, distribution }).some(has)) return 'itself';
    if (flawsOf(advisory, distribution).some(has)) return 'for';
    return advisory.upstream.some(has) || advisory.related.some(has) ? 'related' : undefined;
  }
}

/**
 * All names of the flaw that `asked` names: those of every record that shares one, as matching merges records. Walks
 * from name to name and takes each record once, however many names it has.
 */
export function flawNames(asked: string, records: readonly FoundRecord[]): FlawNames {
  const found = new FlawNames();
  found.add(asked);
  spellAsRecordsDo(found, records);
  const byName = namedRecords(records);
  const taken = new Set<readonly string[]>();
  const waiting = [asked];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const names of byName.get(name.toLowerCase()) ?? []) {
      if (taken.has(names)) continue;
      taken.add(names);
      for (const other of names) if (found.add(other)) waiting.push(other);
    }
  }
  return found;
}

/** An erratum for several flaws names it too: it has that spelling even where no other record names it. */
function spellAsRecordsDo(found: FlawNames, records: readonly FoundRecord[]): void {
  for (const { advisory } of records) {
    for (const name of advisory.upstream) if (found.has(name)) found.add(name);
    for (const name of advisory.related) if (found.has(name)) found.add(name);
  }
}

/** The names of each record, by each of them in lower case. */
function namedRecords(records: readonly FoundRecord[]): Map<string, string[][]> {
  const byName = new Map<string, string[][]>();
  for (const record of records) {
    const names = ownNames(record);
    for (const name of names) {
      const folded = name.toLowerCase();
      const known = byName.get(folded);
      if (known) known.push(names);
      else byName.set(folded, [names]);
    }
  }
  return byName;
}

/** What a record's flaw is called: its id, its aliases, and the one flaw that a distribution published it for. */
function ownNames({ advisory, distribution }: FoundRecord): string[] {
  const flaws = flawsOf(advisory, distribution);
  return [advisory.id, ...advisory.aliases, ...(isOneFlaw(flaws) ? flaws : [])];
}
