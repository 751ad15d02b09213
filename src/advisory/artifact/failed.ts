import { SluiceError } from '../../util/error.ts';
import { parseEcosystemBase } from '../names.ts';
import { readCurrentLeniently } from '../read-current.ts';
import { type Change, publish } from '../store.ts';
import { isUsable } from './plan.ts';

/** A check that lies further ahead than this, in milliseconds, is no matter of two clocks: its age is not known. */
const clockToleranceMs = 60 * 60 * 1000;

/**
 * What says that the registry could not be reached, or was too busy. All else (it has no such artifact, it refuses, what
 * it sent is wrong) is not made better by waiting.
 */
const networkCodes = new Set([
  'registry/network',
  'registry/proxy',
  'registry/rate-limited',
  'registry/timeout',
  'registry/unavailable',
]);

/** Whether a failure is of the network, and not of what came over it. */
export function isNetworkFailure(thrown: unknown): thrown is SluiceError {
  return thrown instanceof SluiceError && networkCodes.has(thrown.code);
}

/** What there is in place of what could not be had. */
export interface Fallback {
  /** Whether all of it is in force and within the budget. */
  readonly goodEnough: boolean;
  /** RFC 3339: when the oldest of it was last known current; empty when something is absent, or can't be used. */
  readonly checkedAt: string;
}

/**
 * Writes down that these ecosystems (all, when none is named) could not be brought up to date, and says what there is.
 * Data that was last known current less than `budgetMs` milliseconds ago is good enough.
 */
export function recordFailure(
  folder: string,
  ecosystems: readonly string[],
  error: SluiceError,
  { now, budgetMs }: { readonly now: Date; readonly budgetMs: number },
): Fallback {
  const wanted = new Set(ecosystems.map(parseEcosystemBase));
  const current = readCurrentLeniently(folder);
  const sources = current.sources.filter(({ ecosystem }) => wanted.size === 0 || wanted.has(ecosystem));
  const feeds = wanted.size === 0 ? current.feeds : [];
  const failed = { at: now.toISOString(), message: error.message };
  const changes: Change[] = [
    ...sources.map((source): Change => ({ kind: 'failed', source: { ...source, failed } })),
    ...feeds.map((feed): Change => ({ kind: 'failed', feed: { ...feed, failed } })),
  ];
  if (changes.length > 0) publish(folder, changes, now);
  // Feeds find nothing by themselves: their age warns in reports, and no more.
  const isAll = sources.length > 0 && sources.length >= wanted.size;
  const complete = isAll && sources.every((source) => isUsable(folder, source));
  return {
    goodEnough: complete && sources.every(({ checkedAt }) => isYoung(checkedAt, now, budgetMs)),
    checkedAt: complete
      ? sources.reduce((oldest, { checkedAt }) => (checkedAt < oldest ? checkedAt : oldest), '~')
      : '',
  };
}

function isYoung(checkedAt: string, now: Date, budgetMs: number): boolean {
  const ageMs = now.getTime() - Date.parse(checkedAt);
  return ageMs < budgetMs && ageMs >= -clockToleranceMs;
}
