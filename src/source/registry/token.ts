import type { Challenge } from './challenge.ts';
import type { Credentials } from './docker-config.ts';
import { RegistryFailure } from './failure.ts';
import { discard, type HttpAnswer, readBody, type Transport } from './http.ts';
import { statusFailure } from './status.ts';

const maxTokenAnswer = 256 * 1024;
const maxToken = 16 * 1024;
const clientId = 'sluice';
const pullScope = /^[a-z]+(?:\([a-z]+\))?:[^\s"]+:pull$/;
const tokenText = /^[\x21-\x7e]+$/;

/** What is to be done with a repository; who pushes may need to pull as well. */
export type RepositoryAccess = 'pull' | 'push';

/** What a Bearer challenge asks for, checked. */
export interface TokenRequest {
  readonly realm: URL;
  readonly service: string | undefined;
  readonly scopes: readonly string[];
}

/**
 * Reads a Bearer challenge (docker token authentication specification).
 * @throws RegistryFailure `registry/auth-challenge` when the realm is missing, malformed or not safe to talk to.
 */
export function tokenRequest(
  challenge: Challenge,
  registry: URL,
  repository: string,
  access: RepositoryAccess,
): TokenRequest {
  const text = challenge.params.get('realm');
  if (text === undefined || !URL.canParse(text)) {
    throw new RegistryFailure('registry/auth-challenge', 'it asks for a token without saying where to get one');
  }
  const realm = new URL(text);
  // A password must not go in clear because a registry, or who speaks in its place, names such an address.
  if (realm.protocol !== 'https:' && registry.protocol === 'https:') {
    const why = `it asks for a token from ${realm.protocol}//${realm.host}, which is not https`;
    throw new RegistryFailure('registry/auth-challenge', why);
  }
  if (realm.username !== '' || realm.password !== '') {
    throw new RegistryFailure('registry/auth-challenge', 'the address for tokens has a user name in it');
  }
  return {
    realm,
    service: challenge.params.get('service'),
    scopes:
      access === 'push' ? [`repository:${repository}:pull,push`] : scopesOf(challenge.params.get('scope'), repository),
  };
}

/** The registry's own words for the scope where they ask for pulling and nothing else: never ask for more. */
function scopesOf(asked: string | undefined, repository: string): string[] {
  const scopes = asked?.split(' ').filter((scope) => scope !== '') ?? [];
  const modest = scopes.length > 0 && scopes.length <= 8 && scopes.every((scope) => pullScope.test(scope));
  return modest ? scopes : [`repository:${repository}:pull`];
}

/** What a token exchange needs of its surroundings. */
export interface TokenExchange {
  readonly transport: Transport;
  readonly userAgent: string;
  /** Everything that must never be printed. */
  readonly secrets: Iterable<string>;
}

/**
 * Gets a token: an identity token is exchanged by POST (OAuth2 refresh_token grant), everything else asks by GET.
 * @throws RegistryFailure
 */
export async function fetchToken(
  request: TokenRequest,
  credentials: Credentials | undefined,
  exchange: TokenExchange,
): Promise<string> {
  const { transport, userAgent } = exchange;
  if (credentials?.kind === 'identity') {
    const answer = await postToken(request, credentials.token, exchange);
    if (answer.status !== 404 && answer.status !== 405) return readToken(answer, request, exchange);
    // Servers older than the OAuth2 endpoint take the identity token as a password.
    await discard(answer.message, transport.timing);
  }
  const url = new URL(request.realm);
  if (request.service !== undefined) url.searchParams.set('service', request.service);
  for (const scope of request.scopes) url.searchParams.append('scope', scope);
  const headers: Record<string, string> = { 'user-agent': userAgent, accept: 'application/json' };
  const basic = basicAuthorization(credentials);
  if (basic !== undefined) headers.authorization = basic;
  return readToken(await transport.send({ method: 'GET', url, headers }), request, exchange);
}

/** The value of a Basic Authorization header (RFC 7617); undefined without a password to put in it. */
export function basicAuthorization(credentials: Credentials | undefined): string | undefined {
  if (credentials === undefined || credentials.kind === 'bearer') return undefined;
  const pair =
    credentials.kind === 'basic'
      ? `${credentials.username}:${credentials.password}`
      : `${credentials.username || '<token>'}:${credentials.token}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

function postToken(request: TokenRequest, refreshToken: string, exchange: TokenExchange) {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: clientId,
    scope: request.scopes.join(' '),
    refresh_token: refreshToken,
  });
  if (request.service !== undefined) form.set('service', request.service);
  const body = form.toString();
  return exchange.transport.send({
    method: 'POST',
    url: request.realm,
    headers: {
      'user-agent': exchange.userAgent,
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
    },
    body,
  });
}

async function readToken(answer: HttpAnswer, request: TokenRequest, exchange: TokenExchange): Promise<string> {
  const { timing } = exchange.transport;
  if (answer.status !== 200) {
    throw await statusFailure(answer, timing, exchange.secrets, `the token service ${request.realm.host}`);
  }
  const body = await readBody(answer.message, maxTokenAnswer, timing);
  let value: { token?: unknown; access_token?: unknown } | null = null;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    // The check below says it.
  }
  const token = value?.token || value?.access_token;
  if (typeof token !== 'string' || token.length > maxToken || !tokenText.test(token)) {
    throw new RegistryFailure(
      'registry/token',
      `the token service ${request.realm.host} answered without a usable token`,
    );
  }
  return token;
}
