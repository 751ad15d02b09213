import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { type AgentOptions, Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { urlToHttpOptions } from 'node:url';
import type { HttpProxy, Proxies } from './proxy.ts';
import {
  authorizationHeader,
  openTunnel,
  proxyRefusal,
  proxyTrouble,
  requestTo,
  type TunnelOptions,
} from './tunnel.ts';

const maxFreeSockets = 8;

/** What a request says besides its URL. */
export interface RequestSettings {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxHeaderSize?: number;
  /** Without a byte for so long there is a `timeout` event, in milliseconds. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** A request on its way. */
export interface Exchange {
  readonly outgoing: ClientRequest;
  /** For messages: ` through the proxy http://proxy.test:3128`, or nothing. */
  readonly way: string;
  /** What an error of `outgoing` is to be told as: the proxy's, where it was the other side. */
  blame(error: Error): Error;
  /** The proxy's refusal, if the answer is one. */
  refusal(answer: IncomingMessage): Error | undefined;
}

/** Opens requests, straight or through the proxy that the environment asks for. */
export interface Connections {
  /**
   * Starts a request; the caller ends it.
   * @throws ProxyError when the setting of the proxy cannot be used.
   */
  open(url: URL, settings: RequestSettings): Exchange;
  /** Closes idle connections and gives up tunnels in the making. */
  close(): void;
}

/** Settings of {@link createConnections}. */
export interface ConnectionsOptions {
  readonly proxies: Proxies;
  /** Whether connections are kept for the next request. */
  readonly keepAlive: boolean;
  /** How long a proxy may take to open a tunnel, in milliseconds. */
  readonly tunnelMs: number;
  /** Certificates of the authorities that are trusted instead of Node's, PEM. */
  readonly ca?: string | undefined;
  /** Certificate and key that this machine shows, PEM. */
  readonly client?: { readonly cert: string; readonly key: string };
}

/** Makes connections on node:http and node:https. */
export function createConnections({ proxies, keepAlive, tunnelMs, ca, client }: ConnectionsOptions): Connections {
  const plain = new HttpAgent({ keepAlive, maxFreeSockets });
  const tls: AgentOptions = { keepAlive, maxFreeSockets, ...(ca ? { ca } : {}), ...client };
  const secure = new HttpsAgent(tls);
  const tunnels = new Map<HttpProxy, TunnelAgent>();
  let closed = new AbortController();
  const tunnelAgent = (proxy: HttpProxy): TunnelAgent => {
    const agent = tunnels.get(proxy) ?? new TunnelAgent(proxy, { waitMs: tunnelMs, ca, signal: closed.signal }, tls);
    tunnels.set(proxy, agent);
    return agent;
  };
  return {
    open(url, settings) {
      const proxy = proxies.proxyFor(url);
      if (proxy !== undefined && url.protocol === 'http:') {
        return asked(proxy, url, { ...settings, agent: proxy.secure ? secure : plain });
      }
      if (proxy !== undefined) return straight(httpsRequest(url, { ...settings, agent: tunnelAgent(proxy) }), proxy);
      if (url.protocol === 'https:') return straight(httpsRequest(url, { ...settings, agent: secure }));
      return straight(httpRequest(url, { ...settings, agent: plain }));
    },
    close() {
      closed.abort();
      closed = new AbortController();
      for (const agent of [plain, secure, ...tunnels.values()]) agent.destroy();
      tunnels.clear();
    },
  };
}

/** The other side is the host itself, also through a tunnel: there the making of the tunnel tells its own errors. */
function straight(outgoing: ClientRequest, proxy?: HttpProxy): Exchange {
  return { outgoing, way: wayOf(proxy), blame: (error) => error, refusal: () => undefined };
}

/** A request for plain http names the whole URL to the proxy (RFC 9112, 3.2.2); its user name goes into a header. */
function asked(proxy: HttpProxy, url: URL, settings: RequestSettings & { agent: HttpAgent }): Exchange {
  const { auth } = urlToHttpOptions(url);
  const outgoing = requestTo(proxy, {
    ...settings,
    ...(auth ? { auth } : {}),
    path: `${url.protocol}//${url.host}${url.pathname}${url.search}`,
    headers: { ...settings.headers, host: url.host, ...authorizationHeader(proxy) },
  });
  return {
    outgoing,
    way: wayOf(proxy),
    blame: (error) => proxyTrouble(proxy, error),
    refusal: ({ statusCode }) => (statusCode === 407 ? proxyRefusal(proxy, 407, url.host) : undefined),
  };
}

function wayOf(proxy: HttpProxy | undefined): string {
  return proxy === undefined ? '' : ` through the proxy ${proxy.shown}`;
}

/** Keeps TLS connections that run through tunnels of one proxy. */
class TunnelAgent extends HttpsAgent {
  readonly #proxy: HttpProxy;
  readonly #tunnel: TunnelOptions;

  constructor(proxy: HttpProxy, tunnel: TunnelOptions, tls: AgentOptions) {
    super(tls);
    this.#proxy = proxy;
    this.#tunnel = tunnel;
  }

  override createConnection(
    options: RequestOptions,
    callback: (error: Error | null, stream: Duplex) => void = () => {},
  ): undefined {
    const failed = (error: unknown): void => callback(error as Error, undefined as unknown as Duplex);
    openTunnel(this.#proxy, options.host ?? '', Number(options.port ?? 443), this.#tunnel)
      .then((socket) => super.createConnection({ ...options, socket } as RequestOptions))
      .then((socket) => callback(null, socket as Duplex), failed);
  }
}
