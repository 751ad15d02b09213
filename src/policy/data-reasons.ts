import { shortDigest } from '../model/digest.ts';
import type { Evidence, EvidenceSource, FailedUpdate } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { Reason } from '../model/verdict.ts';
import { minuteText } from './minute.ts';
import type { DataAge, Policy } from './policy.ts';
import { feedTitles } from './source-names.ts';

/** What brings the data up to date. */
const action = 'run: sluice db update';

/** Feeds that an update brings up to date where it is told to alone, and what tells it. */
const flagOf = new Map<string, string>([
  [feedTitles.debian, '--debian-tracker URL|FILE'],
  [feedTitles.redhat, '--redhat-vex FOLDER|FILE|URL'],
  [feedTitles.alpine, '--alpine-secdb FOLDER|FILE|URL'],
]);

/** Feeds that only mark findings; all others, those of distributions, rate and answer them. */
const marking = new Set<string>([feedTitles.kev, feedTitles.epss]);

/** Clocks differ; what lies in the future by more hours than this says that one of them is wrong. */
const clockSlack = 24;

/**
 * What speaks against the data that the verdict rests on: that there is none, that it is old, that its last update failed.
 * Only the sources that the image needs stand in its evidence, so no other matters. No message tells an age in hours but
 * the policy's own: the reasons stand in reports that hold no clock. `clock`: the real moment, where `now` is one before it.
 */
export function dataReasons(
  evidence: Pick<Evidence, 'sources' | 'findings'>,
  policy: Policy,
  now: Date,
  clock = now,
): Reason[] {
  const { sources } = evidence;
  const hoursSince = (time: string): number => hoursBetween(time, now, clock);
  return [...missingReasons(sources), ...starterReasons(sources), ...currentReasons(evidence, policy, hoursSince)];
}

function missingReasons(sources: readonly EvidenceSource[]): Reason[] {
  const missing = sources.filter(({ origin }) => origin === 'none');
  if (missing.length === 0) return [];
  const names = missing.map(({ ecosystem, failed }) => (failed ? `${ecosystem} (${failureText(failed)})` : ecosystem));
  const message = `there is no vulnerability data for ${names.join(', ')}`;
  return [{ rule: 'data/missing', decision: 'undecided', message, action }];
}

function starterReasons(sources: readonly EvidenceSource[]): Reason[] {
  const starter = sources.filter(({ origin }) => origin === 'starter');
  if (starter.length === 0) return [];
  const message = `only the built-in starter set was used for ${starter.map((source) => source.ecosystem).join(', ')}: it knows a few famous vulnerabilities and no others`;
  return [{ rule: 'data/starter', decision: 'undecided', message, action }];
}

function currentReasons(
  { sources, findings }: Pick<Evidence, 'sources' | 'findings'>,
  { dataAges }: Policy,
  hoursSince: HoursSince,
): Reason[] {
  const agesOf = (name: string): DataAge => dataAges.bySource.get(name) ?? dataAges.default;
  const ecosystems = sources.filter(({ origin }) => origin === 'osv-export');
  const feeds = sources.filter(({ origin }) => origin === 'feed');
  // Nothing is found by a feed: it leaves the verdict open only where a finding might count for more without its word.
  const isRelied = findings.some(isByDistribution);
  return [
    ...ecosystems.flatMap((source) => reasonsOf(source, agesOf(source.ecosystem), hoursSince)),
    ...feeds.flatMap((feed) => {
      const reasons = reasonsOf(feed, agesOf(feed.ecosystem), hoursSince);
      return isRelied && !marking.has(feed.ecosystem) ? reasons : reasons.map(asWarning);
    }),
  ];
}

/** Whether a distribution's feed has rated or answered the finding. */
function isByDistribution({ severitySource, answered }: Finding): boolean {
  return severitySource === 'distribution' || answered?.by === 'distribution';
}

function asWarning(reason: Reason): Reason {
  return { ...reason, decision: 'warn' };
}

/** What brings one source up to date. */
function actionFor({ ecosystem, origin }: EvidenceSource): string {
  const flag = origin === 'feed' ? flagOf.get(ecosystem) : undefined;
  return flag === undefined ? action : `${action} ${flag}`;
}

/** At most one reason for a source: its age, and with it that its update failed; else that alone. */
function reasonsOf(source: EvidenceSource, ages: DataAge, hoursSince: HoursSince): Reason[] {
  const { checkedAt, failed } = source;
  const failure = failed ? `; ${failureText(failed)}` : '';
  const age = (decision: Reason['decision'], why: string): Reason[] => [
    { rule: 'data/age', decision, message: why + failure + lackOf(source), action: actionFor(source) },
  ];
  const hours = hoursSince(checkedAt);
  // A time that can't be read, or that lies in the future, vouches for nothing: a clock has gone back since.
  if (!isKnown(hours))
    return age('undecided', `when ${whatOf(source)} was last current is not known${asTold(checkedAt)}`);
  if (failed && !isKnown(hoursSince(failed.at))) {
    return age(
      'undecided',
      `when ${whatOf(source)} was last current is not known: an update of it failed in the future`,
    );
  }
  const current = `last known current ${minuteText(checkedAt)}`;
  if (hours > ages.warn) {
    const decision = hours > ages.undecided ? 'undecided' : 'warn';
    return age(decision, `${whatOf(source)} was ${current}, more than ${hoursText(ages[decision])} ago`);
  }
  if (!failed) return [];
  const message = `the last update of ${nameOf(source)} failed (${detailOf(failed)}); its data${digestText(source)} was ${current}`;
  return [{ rule: 'data/update-failed', decision: 'warn', message, action: actionFor(source) }];
}

/** The hours from a time until the moment that is judged as of. */
type HoursSince = (time: string) => number;

/** What lies between a moment that is past and the real one is no future: it was just then. */
function hoursBetween(time: string, now: Date, clock: Date): number {
  const hours = (now.getTime() - Date.parse(time)) / 3_600_000;
  return hours < 0 && Date.parse(time) <= clock.getTime() ? 0 : hours;
}

function isKnown(hours: number): boolean {
  return hours >= -clockSlack;
}

function asTold(checkedAt: string): string {
  return checkedAt === '' ? '' : ` (it says ${JSON.stringify(checkedAt.slice(0, 40))})`;
}

/** `the data for Debian`, `the feed KEV`. */
function nameOf({ ecosystem, origin }: EvidenceSource): string {
  return origin === 'feed' ? `the feed ${ecosystem}` : `the data for ${ecosystem}`;
}

/** The same with the digest by which the data can be told from other data. */
function whatOf(source: EvidenceSource): string {
  return nameOf(source) + digestText(source);
}

function digestText({ digest }: EvidenceSource): string {
  return digest === undefined ? '' : ` (${shortDigest(digest)})`;
}

function failureText(failed: FailedUpdate): string {
  return `its last update failed (${detailOf(failed)})`;
}

function detailOf({ at, message }: FailedUpdate): string {
  return `${minuteText(at)}: ${message}`;
}

function hoursText(hours: number): string {
  return `${hours} ${hours === 1 ? 'hour' : 'hours'}`;
}

/** What the report lacks when a feed is old. */
function lackOf({ ecosystem, origin }: EvidenceSource): string {
  if (origin !== 'feed') return '';
  if (ecosystem === feedTitles.kev) return '; what is known to be exploited since then is not marked';
  if (ecosystem === feedTitles.epss) return '; its scores, and the risk that rests on them, are those of then';
  return '; what the distribution has said of its packages since then is missing';
}
