import type { IncomingMessage } from 'node:http';
import { ProxyError } from '../source/proxy.ts';
import { type ErrorCode, messageOf, SluiceError } from '../util/error.ts';
import { shownUrl } from './url.ts';

/** A failure that may pass by itself. */
export class Transient extends Error {
  readonly pauseMs: number | undefined;
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(
    message: string,
    more: { pauseMs?: number | undefined; code?: ErrorCode; hint?: string | undefined } = {},
  ) {
    super(message);
    this.pauseMs = more.pauseMs;
    this.code = more.code ?? 'advisory/download';
    this.hint = more.hint;
  }
}

/** Retry-After (RFC 9110, 10.2.3) in milliseconds: seconds, or a date. */
export function retryAfter(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

/** A body that is larger than it may be. */
export function tooLarge(url: URL, limit: number): SluiceError {
  return new SluiceError('advisory/download-too-large', `${shownUrl(url)}: larger than the limit of ${limit} bytes`);
}

/**
 * A body that was packed on the way, unasked (RFC 9110, 8.4): its tag, its length and its parts are those of other bytes.
 * @throws SluiceError `advisory/encoded`
 */
export function checkPlain(response: IncomingMessage, url: URL): void {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return;
  response.destroy();
  const what = `the server sent it packed, unasked (content-encoding: ${encoding.slice(0, 40)})`;
  throw new SluiceError('advisory/encoded', `${shownUrl(url)}: ${what}`);
}

/** What failed below HTTP. A certificate that isn't trusted stays so: trying again would only hide it longer. */
export function networkError(url: URL, thrown: unknown): Error {
  if (thrown instanceof ProxyError) return proxyError(url, thrown);
  const code = (thrown as { code?: unknown }).code;
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new Transient('the connection was cut before the end');
  }
  if (typeof code === 'string' && isDiskError(code)) {
    return new SluiceError('advisory/cache-unwritable', `the download can't be written to the cache folder: ${code}`);
  }
  if (typeof code === 'string' && /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|HOSTNAME_)/.test(code)) {
    return new SluiceError(
      'advisory/tls',
      `${shownUrl(url)}: the server's certificate is not trusted (${code})`,
      'name your own authority in NODE_EXTRA_CA_CERTS',
    );
  }
  return new Transient(typeof code === 'string' ? `the connection failed (${code})` : messageOf(thrown));
}

function proxyError(url: URL, { message, hint, retryable }: ProxyError): Error {
  if (retryable) return new Transient(message, { code: 'advisory/proxy', hint });
  return new SluiceError('advisory/proxy', `${shownUrl(url)}: ${message}`, hint);
}

function isDiskError(code: string): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EIO' || code === 'EROFS' || code === 'EFBIG';
}
