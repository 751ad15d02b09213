import type { Reference } from '../../model/reference.ts';
import { SluiceError } from '../../util/error.ts';
import type { Proxies } from '../proxy.ts';
import { type Authenticator, unauthorized } from './auth.ts';
import type { CredentialFinder } from './credentials.ts';
import { baseUrl, registryHost } from './endpoint.ts';
import { redact } from './error-text.ts';
import { failureOf, type RegistryFailure } from './failure.ts';
import { discard, type HttpAnswer, type Transport } from './http.ts';
import { type Sleep, withRetry } from './retry.ts';
import { statusFailure } from './status.ts';

/** Something that happened on the way and that a user may want to see. */
export type RegistryEvent =
  | { readonly kind: 'warning'; readonly message: string }
  | { readonly kind: 'retry'; readonly message: string; readonly attempt: number; readonly delayMs: number };

/** One thing to get from a registry. */
export interface Wanted {
  readonly reference: Reference;
  /** Below `/v2/<repository>/`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For messages: what it is, with the reference. */
  readonly what: string;
}

/** Gets things from registries: authentication, redirects, retries and messages are its business. */
export interface Session {
  readonly transport: Transport;
  readonly sleep: Sleep;
  /**
   * Sends a GET and gives a successful answer to `consume`, which runs again when it fails with a retryable failure.
   * @throws SluiceError that names what was wanted and the host.
   */
  get<T>(wanted: Wanted, consume: (answer: HttpAnswer) => Promise<T>): Promise<T>;
  /** The error that a user sees for a failure. */
  explain(wanted: Wanted, thrown: unknown): SluiceError;
  /** Tells of a repetition. */
  onRetry(wanted: Wanted, failure: RegistryFailure, attempt: number, delayMs: number): void;
}

/** Settings of {@link createSession}. */
export interface SessionOptions {
  readonly insecure: boolean;
  readonly offline: boolean;
  readonly userAgent: string;
  readonly ca?: string | undefined;
  readonly proxies: Proxies;
  readonly transport: Transport;
  readonly authenticator: Authenticator;
  readonly find: CredentialFinder;
  readonly sleep: Sleep;
  readonly onEvent: (event: RegistryEvent) => void;
}

/** Makes a session. */
export function createSession(options: SessionOptions): Session {
  const bases = new Map<string, Promise<URL>>();
  const base = (registry: string): Promise<URL> => {
    const known = bases.get(registry) ?? baseUrl(registry, options);
    bases.set(registry, known);
    return known;
  };
  const session: Session = {
    transport: options.transport,
    sleep: options.sleep,
    async get(wanted, consume) {
      if (options.offline) throw offlineError(wanted);
      const once = async () => consume(await authorizedGet(wanted, await base(wanted.reference.registry), options));
      try {
        return await withRetry(once, options.sleep, ({ failure, attempt, delayMs }) =>
          session.onRetry(wanted, failure, attempt, delayMs),
        );
      } catch (thrown) {
        throw session.explain(wanted, thrown);
      }
    },
    explain: (wanted, thrown) => explain(wanted, thrown, options.authenticator),
    onRetry(wanted, failure, attempt, delayMs) {
      const { message } = explain(wanted, failure, options.authenticator);
      options.onEvent({ kind: 'retry', message, attempt, delayMs });
    },
  };
  return session;
}

async function authorizedGet(wanted: Wanted, base: URL, options: SessionOptions): Promise<HttpAnswer> {
  const { authenticator, transport } = options;
  const { reference } = wanted;
  const url = new URL(`/v2/${reference.repository}/${wanted.path}`, base);
  const send = (authorization: string | undefined): Promise<HttpAnswer> => {
    const headers: Record<string, string> = {
      'user-agent': options.userAgent,
      // Bytes as they are kept: the digest is of those, and a compressed answer could grow without bound.
      'accept-encoding': 'identity',
      ...wanted.headers,
    };
    if (authorization !== undefined) headers.authorization = authorization;
    return transport.send({ method: 'GET', url, headers });
  };
  const used = authenticator.current(reference);
  let answer = await send(used);
  if (answer.status === 401 && !answer.foreign) {
    const challenge = answer.message.headers['www-authenticate'];
    await discard(answer.message, transport.timing);
    answer = await send(await authenticator.renew(reference, base, challenge, used));
  }
  if (answer.status === 200 || (answer.status === 206 && wanted.headers.range !== undefined)) return answer;
  const failure = await statusFailure(answer, transport.timing, authenticator.secrets());
  throw answer.status === 401 && !answer.foreign
    ? unauthorized(failure.message, await options.find(reference.registry))
    : failure;
}

function offlineError(wanted: Wanted): SluiceError {
  return new SluiceError(
    'registry/offline',
    `cannot pull ${wanted.what}: --offline forbids connections`,
    'scan a saved image archive instead, or run without --offline',
  );
}

function explain(wanted: Wanted, thrown: unknown, authenticator: Authenticator): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const failure = failureOf(thrown);
  const message = redact(failure.message, authenticator.secrets());
  const host = registryHost(wanted.reference.registry);
  return new SluiceError(failure.code, `cannot pull ${wanted.what} from ${host}: ${message}`, failure.hint);
}
