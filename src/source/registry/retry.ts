import { failureOf, type RegistryFailure } from './failure.ts';

/** How often a request is sent before its failure is believed. */
const maxAttempts = 5;
/** The first pause, in milliseconds; each later one is twice as long. No jitter: runs are repeatable. */
const firstPauseMs = 500;
/** The longest pause, in milliseconds, whatever the server asks for. */
const longestPauseMs = 30_000;

/** Waits for some milliseconds. Tests put another one in its place. */
export type Sleep = (ms: number) => Promise<void>;

/** What is about to be tried again, and why. */
export interface RetryNotice {
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly delayMs: number;
  readonly failure: RegistryFailure;
}

/** The pause after attempt number `attempt` (from 1), in milliseconds; a server's wish can only make it longer. */
export function pauseAfter(attempt: number, retryAfterMs = 0): number {
  return Math.min(longestPauseMs, Math.max(firstPauseMs * 2 ** (attempt - 1), retryAfterMs));
}

/**
 * Runs `work` until it succeeds, fails for good, or has failed {@link maxAttempts} times.
 * @throws RegistryFailure the last one.
 */
export async function withRetry<T>(
  work: () => Promise<T>,
  sleep: Sleep,
  onRetry: (notice: RetryNotice) => void,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (!failure.retryable || attempt === maxAttempts) throw failure;
      const delayMs = pauseAfter(attempt, failure.retryAfterMs);
      onRetry({ attempt, delayMs, failure });
      await sleep(delayMs);
    }
  }
}

/**
 * Reads `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date that is counted from the answer's own `Date`,
 * so that this machine's clock does not matter. Milliseconds; undefined when it says nothing usable.
 */
export function parseRetryAfter(value: string | undefined, date: string | undefined): number | undefined {
  if (value === undefined || value.length > 64) return undefined;
  if (/^[0-9]{1,9}$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value) - Date.parse(date ?? '');
  return Number.isFinite(until) && until >= 0 ? until : undefined;
}
