import type { Reference } from '../../model/reference.ts';
import { SluiceError } from '../../util/error.ts';
import type { Proxies } from '../proxy.ts';
import { type Authenticator, unauthorized } from './auth.ts';
import type { CredentialFinder } from './credentials.ts';
import { baseUrl, registryHost } from './endpoint.ts';
import { redact } from './error-text.ts';
import { failureOf, type RegistryFailure } from './failure.ts';
import { discard, type HttpAnswer, type HttpRequest, type Transport } from './http.ts';
import { type Sleep, withRetry } from './retry.ts';
import { statusFailure } from './status.ts';
import type { RepositoryAccess } from './token.ts';

/** Something that happened on the way and that a user may want to see. */
export type RegistryEvent =
  | { readonly kind: 'warning'; readonly message: string }
  | { readonly kind: 'retry'; readonly message: string; readonly attempt: number; readonly delayMs: number };

/** One thing to get from a registry, or to leave there. */
export interface Wanted {
  readonly reference: Reference;
  /** Below `/v2/<repository>/`; where an upload goes on, the address that the registry named. */
  readonly path: string | URL;
  /** GET where it is absent. */
  readonly method?: HttpRequest['method'];
  readonly body?: Buffer;
  /** The one status that is success, where that is not 200 (nor 206, for a range). */
  readonly expected?: number;
  /** What it is for; `pull` where it is absent. */
  readonly access?: RepositoryAccess;
  readonly headers: Readonly<Record<string, string>>;
  /** For messages: what it is, with the reference. */
  readonly what: string;
}

/** Gets things from registries: authentication, redirects, retries and messages are its business. */
export interface Session {
  readonly transport: Transport;
  readonly sleep: Sleep;
  /**
   * Sends a request and gives a successful answer to `consume`; both run again after a retryable failure of either.
   * @throws SluiceError that names what was wanted and the host.
   */
  get<T>(wanted: Wanted, consume: (answer: HttpAnswer) => Promise<T>): Promise<T>;
  /**
   * Sends one request of several that fail and are repeated together, inside of `consume`.
   * @throws RegistryFailure
   */
  exchange(wanted: Wanted): Promise<HttpAnswer>;
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
      const once = async () => consume(await session.exchange(wanted));
      try {
        return await withRetry(once, options.sleep, ({ failure, attempt, delayMs }) =>
          session.onRetry(wanted, failure, attempt, delayMs),
        );
      } catch (thrown) {
        throw session.explain(wanted, thrown);
      }
    },
    async exchange(wanted) {
      if (options.offline) throw offlineError(wanted);
      return authorizedExchange(wanted, await base(wanted.reference.registry), options);
    },
    explain: (wanted, thrown) => explain(wanted, thrown, options.authenticator),
    onRetry(wanted, failure, attempt, delayMs) {
      const { message } = explain(wanted, failure, options.authenticator);
      options.onEvent({ kind: 'retry', message, attempt, delayMs });
    },
  };
  return session;
}

async function authorizedExchange(wanted: Wanted, base: URL, options: SessionOptions): Promise<HttpAnswer> {
  const { authenticator, transport } = options;
  const { reference, method = 'GET', access = 'pull', body, path } = wanted;
  const url = path instanceof URL ? path : new URL(`/v2/${reference.repository}/${path}`, base);
  const purpose = { reference, access };
  // An upload may go on at another host, which the registry's token is not for.
  const own = url.origin === base.origin;
  const send = (authorization: string | undefined): Promise<HttpAnswer> => {
    const headers: Record<string, string> = {
      'user-agent': options.userAgent,
      // Bytes as they are kept: the digest is of those, and a compressed answer could grow without bound.
      'accept-encoding': 'identity',
      ...wanted.headers,
    };
    if (authorization !== undefined) headers.authorization = authorization;
    return transport.send({ method, url, headers, ...(body ? { body } : {}) });
  };
  const used = own ? authenticator.current(purpose) : undefined;
  let answer = await send(used);
  if (answer.status === 401 && own && !answer.foreign) {
    const challenge = answer.message.headers['www-authenticate'];
    await discard(answer.message, transport.timing);
    answer = await send(await authenticator.renew(purpose, base, challenge, used));
  }
  if (answer.status === (wanted.expected ?? 200)) return answer;
  if (answer.status === 206 && wanted.headers.range !== undefined) return answer;
  const failure = await statusFailure(answer, transport.timing, authenticator.secrets());
  throw answer.status === 401 && own && !answer.foreign
    ? unauthorized(failure.message, await options.find(reference.registry))
    : failure;
}

function offlineError(wanted: Wanted): SluiceError {
  return new SluiceError(
    'registry/offline',
    `cannot ${wanted.access ?? 'pull'} ${wanted.what}: --offline forbids connections`,
    'scan a saved image archive instead, or run without --offline',
  );
}

function explain(wanted: Wanted, thrown: unknown, authenticator: Authenticator): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const failure = failureOf(thrown);
  const message = redact(failure.message, authenticator.secrets());
  const host = registryHost(wanted.reference.registry);
  const way = wanted.access === 'push' ? `push ${wanted.what} to` : `pull ${wanted.what} from`;
  return new SluiceError(failure.code, `cannot ${way} ${host}: ${message}`, failure.hint);
}
