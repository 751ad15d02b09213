import type { DataStatus, FeedStatus, SnapshotStatus, SourceStatus } from '../../advisory/status.ts';
import { shortDigest } from '../../model/digest.ts';
import type { FailedUpdate } from '../../model/evidence.ts';
import { minuteText } from '../../policy/minute.ts';
import { feedTitles } from '../../policy/source-names.ts';
import { count } from '../../report/text-fix.ts';
import { sizeText } from '../../report/text-size.ts';
import { harmless } from '../../util/harmless.ts';
import { age, columns } from '../columns.ts';

/** Most snapshots that are listed; the JSON has all. */
const snapshotsShown = 10;

/** What `sluice db status` prints for people. `now` in milliseconds: ages count to it. */
export function statusText({ sources, feeds, snapshots }: DataStatus, now: number): string {
  const sections = [
    sources.length > 0 ? sourceTable(sources, now) : nothing,
    feeds.length > 0 ? feedTable(feeds, now) : '',
    snapshots.length > 0 ? snapshotTable(snapshots, now) : '',
    failures(sources, feeds),
    unreadable(sources, feeds),
  ];
  return sections.filter((text) => text !== '').join('\n');
}

const nothing =
  'There is no vulnerability data yet; scans use the small built-in starter set.\nrun: sluice db update\n';

function sourceTable(sources: readonly SourceStatus[], now: number): string {
  const rows = sources.map(({ ecosystem, records, newest, checkedAt, size, digest }) => [
    ecosystem,
    String(records),
    newest.slice(0, 10),
    ageAt(checkedAt, now),
    sizeText(size),
    shortDigest(digest),
  ]);
  return columns(['ECOSYSTEM', 'RECORDS', 'NEWEST', 'AGE', 'SIZE', 'DIGEST'], rows, [1, 4]);
}

function feedTable(feeds: readonly FeedStatus[], now: number): string {
  const rows = feeds.map(({ id, records, newest, checkedAt, size, digest }) => [
    feedTitles[id],
    String(records),
    newest.slice(0, 10),
    ageAt(checkedAt, now),
    sizeText(size),
    shortDigest(digest),
  ]);
  return columns(['FEED', 'RECORDS', 'OF', 'AGE', 'SIZE', 'DIGEST'], rows, [1, 4]);
}

function snapshotTable(snapshots: readonly SnapshotStatus[], now: number): string {
  const rows = snapshots
    .slice(0, snapshotsShown)
    .map(({ digest, records, ecosystems, checkedAt, inForce }) => [
      shortDigest(digest),
      String(records),
      String(ecosystems),
      ageAt(checkedAt, now),
      inForce ? 'in force' : '',
    ]);
  const table = columns(['SNAPSHOT', 'RECORDS', 'ECOSYSTEMS', 'AGE', ''], rows, [1, 2]);
  const more = snapshots.length - snapshotsShown;
  return more > 0 ? `${table}and ${more} more: --json lists all\n` : table;
}

/** Updates that failed: the data of before stays in force. */
function failures(sources: readonly SourceStatus[], feeds: readonly FeedStatus[]): string {
  const failed = [
    ...sources.map(({ ecosystem, failed: how }) => ({ name: ecosystem, how })),
    ...feeds.map(({ id, failed: how }) => ({ name: feedTitles[id], how })),
  ];
  const lines = failed.flatMap(({ name, how }) => (how ? [`  ${harmless(`${name}: ${failureText(how)}`)}\n`] : []));
  return lines.length === 0 ? '' : `Updates that failed; the data of before is in force\n${lines.join('')}`;
}

function failureText({ at, message }: FailedUpdate): string {
  return `${minuteText(at)}, ${message}`;
}

/** Records that are never matched, by name, with what is wrong with them. */
function unreadable(sources: readonly SourceStatus[], feeds: readonly FeedStatus[]): string {
  const lines = [
    ...sources.flatMap(({ ecosystem, unreadable: n, unreadableNames: names }) => unreadableLines(ecosystem, n, names)),
    ...feeds.flatMap(({ id, unreadable: n, unreadableNames: names }) => unreadableLines(feedTitles[id], n, names)),
  ];
  return lines.length === 0 ? '' : `Records that could not be read and are never matched\n${lines.join('')}`;
}

function unreadableLines(name: string, n: number, names: readonly string[]): string[] {
  if (n === 0) return [];
  const more = n - names.length;
  const lines = names.map((text) => `    ${harmless(text)}\n`);
  const rest = more > 0 && names.length > 0 ? [`    and ${count(more, 'more', 'more')}\n`] : [];
  return [`  ${harmless(name)}: ${count(n, 'record')}\n`, ...lines, ...rest];
}

function ageAt(checkedAt: string, now: number): string {
  return age(now - Date.parse(checkedAt));
}
