import type { Feeds } from '../../advisory/contract.ts';
import type { EpssScore, Exploited, Finding } from '../../model/finding.ts';
import { compareText } from '../../util/compare-text.ts';
import { isCve } from '../merge.ts';
import type { FlawStory, PackageStory, RecordStory, SeverityStory } from './contract.ts';
import type { FlawNames } from './flaw-names.ts';

/** What the records that concern the target, and the feeds, say of the flaw itself; undefined when none does. */
export function flawStory(
  asked: string,
  names: FlawNames,
  packages: readonly PackageStory[],
  feeds: Feeds | undefined,
): FlawStory | undefined {
  const records = packages.flatMap((one) => one.records);
  const findings = packages.flatMap((one) => one.findings.map(({ finding }) => finding));
  const own = records.filter(({ relation }) => relation === 'itself');
  const told = own.length > 0 ? own : records;
  const more = enrichment(names.all().filter(isCve), findings, feeds);
  if (packages.length === 0 && !more.exploited && !more.epss) return undefined;
  const published = earliest(told.flatMap((record) => record.published ?? []));
  const id = names.main(asked);
  return {
    id,
    names: [...new Set([id, ...names.all()])].sort(),
    title: titleOf(told, findings),
    severities: severities(packages),
    cwes: [...new Set(told.flatMap(({ cwes }) => cwes))].sort((a, b) => numberOf(a) - numberOf(b) || compareText(a, b)),
    ...(published === undefined ? {} : { published }),
    ...(told.length === 0 ? {} : { modified: latest(told.map(({ modified }) => modified)) }),
    withdrawn: withdrawnOf(records),
    disputedBy: [...new Set(records.filter(({ disputed }) => disputed).map((record) => record.id))].sort(),
    ...more,
  };
}

/** The finding's title; without one, that of the first record that has one. */
function titleOf(records: readonly RecordStory[], findings: readonly Finding[]): string {
  const titles = [...findings, ...records].map(({ title }) => title);
  return titles.find((title) => title !== '') ?? '';
}

function severities(packages: readonly PackageStory[]): SeverityStory[] {
  const all = new Map<string, SeverityStory>();
  for (const { records, lookups } of packages) {
    for (const { id: record, severity, vectors, lookup } of records) {
      const story = { record, package: lookups[lookup]?.name ?? '', ...severity, vectors };
      all.set(JSON.stringify([record, severity]), all.get(JSON.stringify([record, severity])) ?? story);
    }
  }
  return [...all.values()].sort((a, b) => compareText(a.record, b.record) || compareText(a.package, b.package));
}

function withdrawnOf(records: readonly RecordStory[]): FlawStory['withdrawn'] {
  const at = new Map(
    records.flatMap(({ id, withdrawn }) => (withdrawn === undefined ? [] : [[id, withdrawn] as const])),
  );
  return [...at].map(([record, time]) => ({ record, at: time })).sort((a, b) => compareText(a.record, b.record));
}

/** Of the findings, which go by the data of the scan; without any, as the feeds have it. */
function enrichment(
  cves: readonly string[],
  findings: readonly Finding[],
  feeds: Feeds | undefined,
): { exploited?: Exploited; epss?: EpssScore } {
  const exploited = first(findings, ({ exploited }) => exploited) ?? first(cves, (cve) => feeds?.exploited(cve));
  const epss = first(findings, (finding) => finding.epss) ?? first(cves, (cve) => feeds?.score(cve));
  return { ...(exploited ? { exploited } : {}), ...(epss ? { epss } : {}) };
}

function first<T, R>(items: readonly T[], of: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = of(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function earliest(times: readonly string[]): string | undefined {
  return times.reduce<string | undefined>(
    (best, time) => (best === undefined || Date.parse(time) < Date.parse(best) ? time : best),
    undefined,
  );
}

function latest(times: readonly string[]): string {
  return times.reduce((best, time) => (best === '' || Date.parse(time) > Date.parse(best) ? time : best), '');
}

function numberOf(cwe: string): number {
  return Number(cwe.slice('CWE-'.length)) || 0;
}
