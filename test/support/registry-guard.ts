import type { IncomingMessage, ServerResponse } from 'node:http';

/** Token authentication of a test registry (docker token authentication specification). */
export interface TokenAuth {
  /** Who may ask by password; absent: anybody gets a token. */
  readonly user?: { readonly username: string; readonly password: string };
  /** Who alone may push, where anybody may pull: a token for pushing is good for no more than pulling to others. */
  readonly pusher?: { readonly username: string; readonly password: string };
  /** The identity token that may be exchanged by POST. */
  readonly refreshToken?: string;
  /** What the endpoint answers to a POST instead of a token. */
  readonly postStatus?: number;
  /** How many requests a token is good for; no end by default. */
  readonly uses?: number;
  /** In place of the registry's own token endpoint. */
  readonly realm?: string;
  /** The field of the answer: `token` by default. */
  readonly field?: 'token' | 'access_token';
}

interface GuardOptions {
  readonly basic?: { readonly username: string; readonly password: string };
  readonly token?: TokenAuth;
}

/** The part of a test registry that asks who is there. */
export interface Guard {
  /** Whether it has answered the request itself: a refusal, or the token endpoint. */
  answers(request: IncomingMessage, response: ServerResponse): boolean;
}

const service = 'test registry';

/** Makes the guard; without settings everybody passes. */
export function createGuard(url: string, options: GuardOptions): Guard {
  const issued = new Map<string, { scope: string; left: number }>();
  return {
    answers(request, response) {
      const { token, basic } = options;
      if (token !== undefined && request.url?.startsWith('/token')) {
        void answerToken(request, response, token, issued);
        return true;
      }
      const authorization = request.headers.authorization;
      if (basic !== undefined && authorization !== basicHeader(basic)) {
        refuse(response, `Basic realm="${service}"`);
        return true;
      }
      if (token === undefined) return false;
      const repository = /^\/v2\/(.+)\/(?:manifests|blobs)\//.exec(request.url ?? '')?.[1] ?? '';
      const writes = request.method === 'PUT' || request.method === 'POST';
      const scope = `repository:${repository}:${writes ? 'pull,push' : 'pull'}`;
      const held = issued.get(authorization?.replace(/^Bearer /, '') ?? '');
      const enough = held?.scope === scope || held?.scope === `${scope},push`;
      if (enough && held !== undefined && held.left-- > 0) return false;
      refuse(response, `Bearer realm="${token.realm ?? `${url}/token`}",service="${service}",scope="${scope}"`);
      return true;
    },
  };
}

/** The Authorization header of a user name and a password. */
export function basicHeader({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function refuse(response: ServerResponse, challenge: string): void {
  const body = JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] });
  response.writeHead(401, { 'www-authenticate': challenge, 'content-type': 'application/json' }).end(body);
}

async function answerToken(
  request: IncomingMessage,
  response: ServerResponse,
  auth: TokenAuth,
  issued: Map<string, { scope: string; left: number }>,
): Promise<void> {
  let body = '';
  for await (const piece of request) body += String(piece);
  const post = request.method === 'POST';
  const params = post ? new URLSearchParams(body) : new URL(request.url ?? '', 'http://localhost').searchParams;
  if (post && auth.postStatus !== undefined) return void response.writeHead(auth.postStatus).end();
  if (params.get('service') !== service || !allowed(request, params, auth)) {
    return void response.writeHead(401, { 'content-type': 'application/json' }).end('{"errors":[]}');
  }
  const token = `token-${issued.size + 1}`;
  const asked = params.get('scope') ?? '';
  const mayPush = auth.pusher === undefined || request.headers.authorization === basicHeader(auth.pusher);
  const scope = mayPush ? asked : asked.replace(/,push$/, '');
  issued.set(token, { scope, left: auth.uses ?? Number.POSITIVE_INFINITY });
  const answer = JSON.stringify({ [auth.field ?? 'token']: token, expires_in: 300 });
  response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
}

function allowed(request: IncomingMessage, params: URLSearchParams, auth: TokenAuth): boolean {
  if (request.method === 'POST') {
    return params.get('grant_type') === 'refresh_token' && params.get('refresh_token') === auth.refreshToken;
  }
  const given = request.headers.authorization;
  if (auth.refreshToken !== undefined && given === basicHeader({ username: '<token>', password: auth.refreshToken })) {
    return true;
  }
  if (auth.pusher !== undefined && given === basicHeader(auth.pusher)) return true;
  return auth.user === undefined ? given === undefined : given === basicHeader(auth.user);
}
