import type { Advisory } from '../model/advisory.ts';
import { digestOf } from '../model/digest.ts';
import { compareText } from '../util/compare-text.ts';
import { messageOf, SluiceError } from '../util/error.ts';
import { type AdvisoryDb, type NamedAdvisories, noFeeds, type SourceInfo } from './contract.ts';
import { baseOf, indexKey } from './names.ts';
import { type AffectedPackage, checkOsvRecord, type OsvRecord } from './osv-record.ts';
import { unionOfCwes } from './record-facts.ts';

/**
 * Advisories from OSV records in memory. They come from sluice itself: one that can't be read is an error.
 * `checkedAt` (RFC 3339): when they were last known current; absent, the newest `modified` of an ecosystem's records.
 * @throws SluiceError `advisory/record-unreadable`.
 */
export function memoryAdvisoryDb(
  records: readonly unknown[],
  origin: SourceInfo['origin'],
  checkedAt?: string,
): AdvisoryDb {
  const checked = records.map(checkAt).sort((a, b) => compareText(a.id, b.id));
  const lists = new Map<string, Advisory[]>();
  const ofEcosystem = new Map<string, Set<OsvRecord>>();
  for (const record of checked) {
    for (const one of record.packages) {
      push(lists, indexKey(one.ecosystem, one.name), advisoryOf(record, one));
      const base = baseOf(one.ecosystem);
      const known = ofEcosystem.get(base);
      if (known) known.add(record);
      else ofEcosystem.set(base, new Set([record]));
    }
  }
  const sources = [...ofEcosystem]
    .map(([ecosystem, own]) => sourceOf(ecosystem, [...own], origin, checkedAt))
    .sort((a, b) => compareText(a.ecosystem, b.ecosystem));
  const covered = new Set(sources.flatMap((source) => source.releases));
  return {
    sources,
    covers: (ecosystem) => covered.has(ecosystem),
    has: (ecosystemBase) => ofEcosystem.has(ecosystemBase),
    lookup: (ecosystem, name) => lists.get(indexKey(ecosystem, name)) ?? [],
    find: (ecosystem, name) => namedIn(lists.get(indexKey(ecosystem, name))),
    feeds: noFeeds,
    close() {},
  };
}

/** Few enough that each may be judged. */
function namedIn(advisories: readonly Advisory[] | undefined): NamedAdvisories | undefined {
  if (!advisories) return undefined;
  const standing = advisories.filter(({ withdrawn }) => withdrawn === undefined);
  return { all: () => advisories, candidates: () => standing };
}

function checkAt(value: unknown, index: number): OsvRecord {
  try {
    return checkOsvRecord(value);
  } catch (thrown) {
    throw new SluiceError('advisory/record-unreadable', `record ${index}: ${messageOf(thrown)}`);
  }
}

/** The record as it concerns one of its packages. */
function advisoryOf(record: OsvRecord, one: AffectedPackage): Advisory {
  return {
    id: record.id,
    modified: record.modified,
    summary: record.summary,
    aliases: record.aliases,
    upstream: record.upstream,
    related: record.related,
    ...(record.published === undefined ? {} : { published: record.published }),
    ...(record.withdrawn === undefined ? {} : { withdrawn: record.withdrawn }),
    ...(record.disputed ? { disputed: true } : {}),
    cwes: unionOfCwes([record.cwes, one.cwes]),
    vectors: [...record.vectors, ...one.vectors],
    ...(one.fixState ? { fixState: one.fixState } : {}),
    imports: one.imports,
    severity: one.severity,
    versions: one.versions,
    ranges: one.ranges,
  };
}

function sourceOf(
  ecosystem: string,
  records: readonly OsvRecord[],
  origin: SourceInfo['origin'],
  checkedAt: string | undefined,
): SourceInfo {
  const newest = records.map((record) => record.modified).reduce((a, b) => (Date.parse(b) > Date.parse(a) ? b : a));
  return {
    ecosystem,
    records: records.length,
    withdrawn: records.filter((record) => record.withdrawn !== undefined).length,
    unreadable: 0,
    newest,
    releases: releasesOf(ecosystem, records),
    digest: digestOf(JSON.stringify(records)),
    checkedAt: checkedAt ?? newest,
    origin,
  };
}

function releasesOf(base: string, records: readonly OsvRecord[]): string[] {
  const standing = records.filter((record) => record.withdrawn === undefined);
  const names = standing.flatMap((record) => record.packages.map((one) => one.ecosystem));
  return [...new Set(names.filter((name) => baseOf(name) === base))].sort(compareText);
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
