import { shortDigest } from '../../model/digest.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import { feedTitles } from '../source-names.ts';
import type { WaiverEnd } from './contract.ts';

/** What evidence can tell of the events that end waivers. */
export interface Watched {
  /** Whether CISA's catalogue was at hand. */
  readonly kev: boolean;
  /** Whether the scores were at hand. */
  readonly epss: boolean;
  /** Digest of the base image, where it is known. */
  readonly base: string | undefined;
}

/** What of these events an image's evidence tells. */
export function watchedBy({ sources, target, findings }: Evidence): Watched {
  const has = (title: string): boolean =>
    sources.some(({ ecosystem, origin, digest }) => origin === 'feed' && ecosystem === title && digest !== undefined);
  return {
    kev: has(feedTitles.kev) || findings.some(({ exploited }) => exploited !== undefined),
    epss: has(feedTitles.epss) || findings.some(({ epss }) => epss !== undefined),
    base: target.base?.digest,
  };
}

/**
 * What has ended a waiver as a whole, in words; undefined while nothing has. What can't be told has ended it as well: a
 * waiver that its author tied to an event does not outlive the knowledge of it.
 */
export function endedForAll({ base }: WaiverEnd, watched: Watched): string | undefined {
  if (base === undefined || base === watched.base) return undefined;
  return watched.base === undefined
    ? 'the digest of the base image is not known'
    : `the base image is now ${shortDigest(watched.base)}`;
}

/** What of a finding its events are. */
export type Flaw = Pick<Finding, 'exploited' | 'epss' | 'fixed'>;

/** What has ended a waiver for one finding, in words; undefined while nothing has. What can't be told has ended it too. */
export function endedFor(until: WaiverEnd, flaw: Flaw | undefined, watched: Watched): string | undefined {
  const { exploited: byExploit, epssAbove, fixReleased } = until;
  if (!byExploit && epssAbove === undefined && !fixReleased) return undefined;
  if (flaw === undefined) return 'it ends by what happens to a flaw, and this is none';
  const { exploited, epss, fixed } = flaw;
  if (byExploit) {
    if (exploited) return `it is known to be exploited since ${exploited.added}`;
    if (!watched.kev) return 'the KEV data is missing that would tell whether it is exploited';
  }
  if (epssAbove !== undefined) {
    if (epss && epss.score > epssAbove) return `its EPSS score is ${epss.score}, above ${epssAbove}`;
    if (!watched.epss) return 'the EPSS data is missing that would tell its score';
  }
  return fixReleased && fixed[0] !== undefined ? `${fixed[0]} fixes it` : undefined;
}
