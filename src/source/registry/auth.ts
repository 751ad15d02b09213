import type { Reference } from '../../model/reference.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import type { CredentialFinder, FoundCredentials } from './credentials.ts';
import { RegistryFailure } from './failure.ts';
import type { Transport } from './http.ts';
import { basicAuthorization, fetchToken, type RepositoryAccess, type TokenExchange, tokenRequest } from './token.ts';

/** What a header is needed for: each has a token of its own, so that none can do more than it has to. */
export interface Purpose {
  readonly reference: Reference;
  readonly access: RepositoryAccess;
}

/** Knows what to put in the Authorization header for each repository. */
export interface Authenticator {
  /** The header that worked last; undefined before a registry has asked for one. */
  current(purpose: Purpose): string | undefined;
  /**
   * A new header, after the registry answered 401 to `refused`. Requests that run side by side share one exchange.
   * @throws RegistryFailure
   */
  renew(purpose: Purpose, base: URL, header: string | undefined, refused: string | undefined): Promise<string>;
  /** Everything that must never be printed. */
  secrets(): Iterable<string>;
}

/** Settings of {@link createAuthenticator}. */
export interface AuthenticatorOptions {
  readonly userAgent: string;
  readonly find: CredentialFinder;
  readonly transport: Transport;
  /** What must never be printed besides what the authenticator comes to know itself. */
  readonly secrets: Iterable<string>;
}

/** Makes an authenticator; tokens are kept for each repository, which is the scope they are asked for. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const headers = new Map<string, string>();
  const running = new Map<string, Promise<string>>();
  const secrets = new Set(options.secrets);

  const renewOnce = async (purpose: Purpose, base: URL, header: string | undefined): Promise<string> => {
    const found = await options.find(purpose.reference.registry);
    remember(secrets, found);
    const authorization = await authorize(purpose, base, header, found, { ...options, secrets });
    secrets.add(authorization.slice(authorization.indexOf(' ') + 1));
    headers.set(scopeOf(purpose), authorization);
    return authorization;
  };

  return {
    current: (purpose) => headers.get(scopeOf(purpose)),
    renew(purpose, base, header, refused) {
      const scope = scopeOf(purpose);
      const known = headers.get(scope);
      if (known !== undefined && known !== refused) return Promise.resolve(known);
      const pending = running.get(scope);
      if (pending !== undefined) return pending;
      const started = renewOnce(purpose, base, header).finally(() => running.delete(scope));
      running.set(scope, started);
      return started;
    },
    secrets: () => secrets,
  };
}

function scopeOf({ reference, access }: Purpose): string {
  return `${access} ${reference.registry}/${reference.repository}`;
}

async function authorize(
  { reference, access }: Purpose,
  base: URL,
  header: string | undefined,
  found: FoundCredentials,
  options: AuthenticatorOptions & TokenExchange,
): Promise<string> {
  const challenge = chooseChallenge(header);
  const { credentials } = found;
  if (challenge.scheme === 'basic') {
    const basic = basicAuthorization(credentials);
    if (basic !== undefined) return basic;
    throw unauthorized('it asks for a user name and a password', found);
  }
  if (credentials?.kind === 'bearer') return `Bearer ${checkedToken(credentials.token)}`;
  const request = tokenRequest(challenge, base, reference.repository, access);
  try {
    return `Bearer ${await fetchToken(request, credentials, options)}`;
  } catch (thrown) {
    if (!(thrown instanceof RegistryFailure) || thrown.code !== 'registry/unauthorized') throw thrown;
    throw unauthorized(thrown.message, found);
  }
}

/** A registry that refuses, with the place where credentials might have been but that could not be asked. */
export function unauthorized(why: string, found: FoundCredentials): RegistryFailure {
  const trouble = found.trouble === undefined ? '' : `; ${found.trouble}`;
  return new RegistryFailure('registry/unauthorized', `${why}${trouble}`, {
    hint: 'log in with docker login, or set SLUICE_REGISTRY_USERNAME and SLUICE_REGISTRY_PASSWORD',
  });
}

function chooseChallenge(header: string | undefined): Challenge {
  const challenges = header === undefined ? undefined : parseChallenges(header);
  if (challenges === undefined) {
    throw new RegistryFailure('registry/auth-challenge', 'it asks for credentials in a way that cannot be read');
  }
  const chosen =
    challenges.find((challenge) => challenge.scheme === 'bearer') ??
    challenges.find((challenge) => challenge.scheme === 'basic');
  if (chosen === undefined) {
    throw new RegistryFailure('registry/auth-challenge', 'it wants neither Bearer nor Basic authentication');
  }
  return chosen;
}

/** A token from a file goes into a header: a line break in it would forge another header. */
function checkedToken(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new RegistryFailure(
    'registry/credentials',
    'the token in the docker configuration has characters that are refused',
  );
}

function remember(secrets: Set<string>, { credentials }: FoundCredentials): void {
  if (credentials === undefined) return;
  secrets.add(credentials.kind === 'basic' ? credentials.password : credentials.token);
  const basic = basicAuthorization(credentials);
  if (basic !== undefined) secrets.add(basic.slice('Basic '.length));
}
