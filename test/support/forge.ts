import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A comment as the fake keeps it. */
export interface KeptComment {
  readonly id: number;
  readonly author: string;
  text: string;
}

/** One request as it came. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

/** An answer in place of the usual one. */
export interface ForgeFault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Which code host the fake poses as. */
export type ForgeKind = 'github' | 'gitlab' | 'azure' | 'bitbucket';

/** A code host on this machine that keeps the comments of one pull request, as its API's documentation says. */
export class Forge {
  readonly kind: ForgeKind;
  readonly comments: KeptComment[] = [];
  readonly asked: Asked[] = [];
  /** Taken one by one, before the usual answers; undefined lets one request through. */
  readonly faults: (ForgeFault | undefined)[] = [];
  /** Who the token speaks as. */
  me = 'sluice-bot';
  readonly #server: Server;

  constructor(kind: ForgeKind) {
    this.kind = kind;
    this.#server = createServer((request, response) => this.#take(request, response));
  }

  /** Begins to listen, and says at which address. */
  async listen(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  /** Puts a comment there that stands already. */
  stand(author: string, text: string): void {
    this.comments.push({ id: 100 + this.comments.length, author, text });
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '', headers } = request;
    this.asked.push({ method, url, headers });
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const fault = this.faults.shift();
      if (fault) {
        response.writeHead(fault.status, fault.headers).end(fault.body ?? '');
        return;
      }
      const text = Buffer.concat(pieces).toString();
      const answer = this.#answer(method, url, text === '' ? undefined : JSON.parse(text));
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  }

  #answer(method: string, url: string, body: unknown): { status: number; body: unknown } {
    const { pathname, searchParams } = new URL(url, 'http://x');
    const who = this.#who(pathname);
    if (who !== undefined) return { status: 200, body: who };
    const id = /\/(?:comments|notes|threads)\/(\d+)(?:\/comments\/1)?$/.exec(pathname)?.[1];
    if (method === 'POST') {
      this.stand(this.me, this.#textIn(body));
      return { status: 201, body: this.#shown(this.comments.at(-1) as KeptComment) };
    }
    if (method === 'PATCH' || method === 'PUT') {
      const kept = this.comments.find((one) => String(one.id) === id);
      if (!kept) return { status: 404, body: { message: 'Not Found' } };
      if (this.kind === 'bitbucket' && kept.author !== this.me)
        return { status: 403, body: { error: { message: 'not yours' } } };
      kept.text = this.#textIn(body);
      return { status: 200, body: this.#shown(kept) };
    }
    const size = Number(searchParams.get('per_page') ?? searchParams.get('pagelen') ?? 1000);
    const start = (Number(searchParams.get('page') ?? 1) - 1) * size;
    const values = this.comments.slice(start, start + size).map((kept) => this.#shown(kept));
    if (this.kind === 'azure') return { status: 200, body: { value: values, count: values.length } };
    if (this.kind === 'github' || this.kind === 'gitlab') return { status: 200, body: values };
    const more = this.comments.length > start + size ? { next: 'https://elsewhere.test/page' } : {};
    return { status: 200, body: { values, ...more } };
  }

  #who(path: string): unknown {
    if (path.endsWith('/graphql')) return { data: { viewer: { login: this.me } } };
    if (path.endsWith('/user')) return { id: this.me, login: this.me };
    return path.endsWith('/connectionData') ? { authenticatedUser: { id: this.me } } : undefined;
  }

  #textIn(body: unknown): string {
    const sent = body as { body?: string; content?: string | { raw: string }; comments?: { content: string }[] };
    if (typeof sent.content === 'object') return sent.content.raw;
    return sent.body ?? sent.content ?? sent.comments?.[0]?.content ?? '';
  }

  #shown({ id, author, text }: KeptComment): object {
    if (this.kind === 'github') return { id, body: text, user: { login: author, type: 'Bot' } };
    if (this.kind === 'gitlab') return { id, body: text, system: false, author: { id: author } };
    if (this.kind === 'azure') return { id, comments: [{ id: 1, content: text, author: { id: author } }] };
    return { id, content: { raw: text }, user: { uuid: author } };
  }
}
