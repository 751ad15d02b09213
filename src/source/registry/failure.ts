import type { ErrorCode } from '../../util/error.ts';
import { ProxyError } from '../proxy.ts';

/** How a failure can be told from others, and what to do about it. */
export interface FailureDetails {
  readonly hint?: string | undefined;
  /** Whether the same request may succeed a little later. */
  readonly retryable?: boolean;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * Why one exchange with a registry failed. It stays inside of this folder: the session turns it into a SluiceError
 * that names the image and the host.
 */
export class RegistryFailure extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: FailureDetails = {}) {
    super(message);
    this.name = 'RegistryFailure';
    this.code = code;
    this.hint = details.hint;
    this.retryable = details.retryable ?? false;
    this.retryAfterMs = details.retryAfterMs;
  }
}

const transientCodes = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

const networkWords = new Map([
  ['EAI_AGAIN', 'the name server does not answer'],
  ['ECONNREFUSED', 'the connection was refused'],
  ['ECONNRESET', 'the connection was closed by the other side'],
  ['EHOSTUNREACH', 'the host cannot be reached'],
  ['ENETUNREACH', 'the network cannot be reached'],
  ['ENOTFOUND', 'the host name is not known'],
  ['ETIMEDOUT', 'the connection timed out'],
]);

const certificateCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Whether Node's error code says that the other side showed a certificate that cannot be trusted. */
export function isCertificateCode(code: string): boolean {
  return code.startsWith('CERT_') || certificateCodes.has(code);
}

/** Node's code of anything that was thrown, or `''`. */
export function systemCode(thrown: unknown): string {
  const code = thrown instanceof Error ? (thrown as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : '';
}

/**
 * Tells what an error of Node's sockets, TLS or HTTP parser, or of a proxy means. A RegistryFailure stays what it is.
 * @throws what it is given, when that is neither: a bug must not pass for a bad network.
 */
export function failureOf(thrown: unknown): RegistryFailure {
  if (thrown instanceof RegistryFailure) return thrown;
  if (thrown instanceof ProxyError) return new RegistryFailure('registry/proxy', thrown.message, thrown);
  const code = systemCode(thrown);
  if (code === '') throw thrown;
  if (isCertificateCode(code)) {
    return new RegistryFailure('registry/certificate', `its certificate cannot be trusted (${code})`, {
      hint: 'set NODE_EXTRA_CA_CERTS to a file with the certificate of the authority that issued it',
    });
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new RegistryFailure('registry/protocol', 'its answer has too many bytes of headers');
  }
  if (code.startsWith('HPE_')) return new RegistryFailure('registry/protocol', `its answer is not HTTP (${code})`);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return new RegistryFailure('registry/protocol', 'it does not speak TLS as expected', {
      hint: 'a registry without TLS that is not on this machine needs the insecure option',
    });
  }
  const words = networkWords.get(code) ?? `the connection failed (${code})`;
  return new RegistryFailure('registry/network', words, { retryable: transientCodes.has(code) });
}
