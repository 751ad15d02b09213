import type { ErrorCode } from '../../util/error.ts';
import { errorText } from './error-text.ts';
import { RegistryFailure } from './failure.ts';
import { type HttpAnswer, readBody, type Timing } from './http.ts';
import { parseRetryAfter } from './retry.ts';

const maxErrorBody = 16 * 1024;
const transientStatuses = new Set([408, 429, 500, 502, 503, 504]);

/** Turns an answer that is no success into a failure, with what the registry says of it. */
export async function statusFailure(
  answer: HttpAnswer,
  timing: Timing,
  secrets: Iterable<string>,
  who = 'it',
): Promise<RegistryFailure> {
  const { status, message } = answer;
  const body = await readBody(message, maxErrorBody, timing).catch(() => Buffer.alloc(0));
  const said = errorText(body, secrets);
  const [code, words, hint] = meaningOf(status);
  return new RegistryFailure(code, `${who} ${words} (HTTP ${status}${said === '' ? '' : `: ${said}`})`, {
    hint,
    retryable: transientStatuses.has(status),
    retryAfterMs: parseRetryAfter(message.headers['retry-after'], message.headers.date),
  });
}

function meaningOf(status: number): [code: ErrorCode, words: string, hint?: string] {
  if (status === 401) {
    return [
      'registry/unauthorized',
      'does not accept the credentials, or has no such image',
      'log in with docker login, or set SLUICE_REGISTRY_USERNAME and SLUICE_REGISTRY_PASSWORD',
    ];
  }
  if (status === 403) return ['registry/denied', 'denies access', 'ask for the right to pull from this repository'];
  if (status === 404) return ['registry/not-found', 'knows no such image'];
  if (status === 429)
    return ['registry/rate-limited', 'has had too many requests', 'log in for a higher limit, or wait'];
  if (status >= 500) return ['registry/unavailable', 'has a failure of its own'];
  return ['registry/http-status', 'gave an answer that does not fit'];
}
