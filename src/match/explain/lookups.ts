import type { AdvisoryDb } from '../../advisory/contract.ts';
import { baseOf } from '../../advisory/names.ts';
import type { AdvisoryKey, Ecosystem } from '../../ecosystem/contract.ts';
import type { Advisory } from '../../model/advisory.ts';
import type { Package } from '../../model/package.ts';
import { compareText } from '../../util/compare-text.ts';
import type { AdvisoryKeys } from '../keys.ts';
import type { Looked } from './contract.ts';
import type { FoundRecord } from './flaw-names.ts';

/** The records of one name in one ecosystem. */
export interface NamedRecords {
  readonly key: AdvisoryKey;
  readonly records: readonly FoundRecord[];
}

/** The packages of a target with all records of the names that each is looked up by: read once a name. */
export class Lookups {
  readonly #named = new Map<string, readonly FoundRecord[]>();
  readonly #db: Pick<AdvisoryDb, 'has' | 'find'> | undefined;

  constructor(db: Pick<AdvisoryDb, 'has' | 'find'> | undefined) {
    this.#db = db;
  }

  /** @throws SluiceError `advisory/index-damaged` */
  of(key: AdvisoryKey | undefined, ecosystem: Ecosystem | undefined): NamedRecords[] {
    if (!key || !ecosystem) return [];
    return keysIn(key).map((one) => ({ key: one, records: this.#read(one, ecosystem.database) }));
  }

  /** All records that were read, each once. */
  all(): FoundRecord[] {
    return [...this.#named.values()].flat();
  }

  #read({ ecosystem, name }: AdvisoryKey, distribution: boolean): readonly FoundRecord[] {
    const at = `${ecosystem}\0${name}`;
    const known = this.#named.get(at);
    if (known) return known;
    const found = this.#db?.has(baseOf(ecosystem)) ? this.#db.find(ecosystem, name)?.all() : undefined;
    const records = (found ?? []).map((advisory: Advisory) => ({ advisory, distribution }));
    this.#named.set(at, records);
    return records;
  }
}

/** A package's own key, and those that it is looked up by as well. */
export function keysIn({ ecosystem, name, version, also }: AdvisoryKey): AdvisoryKey[] {
  return [ecosystem, ...(also ?? [])].map((one) => ({ ecosystem: one, name, version }));
}

/** Which kinds of package were held against which advisories, sorted. */
export function lookedAt(
  packages: readonly Package[],
  keys: AdvisoryKeys,
  ecosystemOf: (id: string) => Ecosystem | undefined,
  lookups: Lookups,
): Looked[] {
  const rows = new Map<string, { kind: string; ecosystem?: string; packages: number; names: Map<string, boolean> }>();
  packages.forEach(({ ecosystem: kind }, at) => {
    const named = lookups.of(keys[at], ecosystemOf(kind));
    const ecosystems = named.length > 0 ? [...new Set(named.map(({ key }) => key.ecosystem))] : [undefined];
    for (const ecosystem of ecosystems) {
      const id = `${kind}\0${ecosystem ?? ''}`;
      const row = rows.get(id) ?? {
        kind,
        ...(ecosystem === undefined ? {} : { ecosystem }),
        packages: 0,
        names: new Map(),
      };
      rows.set(id, row);
      row.packages++;
      for (const { key, records } of named)
        if (key.ecosystem === ecosystem) row.names.set(key.name, records.length > 0);
    }
  });
  return [...rows]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, { names, ...row }]) => ({
      ...row,
      names: names.size,
      known: [...names.values()].filter((has) => has).length,
    }));
}
