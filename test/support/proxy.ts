import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** One request that a test proxy has seen. */
export interface ProxiedRequest {
  readonly method: string;
  /** As the request line has it: `host:port` of CONNECT, else a whole URL. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
}

/** Settings of {@link startProxy}. */
export interface TestProxyOptions {
  /** Where everything leads, whatever host is asked for: a port of this machine. */
  readonly to?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Misbehaviour in place of an answer to CONNECT. */
  readonly onConnect?: (socket: Socket) => void;
  /** Misbehaviour in place of an answer to a whole URL. */
  readonly onRequest?: (response: ServerResponse, request: IncomingMessage) => void;
}

/** An HTTP proxy in this process, on 127.0.0.1. */
export interface TestProxy {
  readonly port: number;
  readonly log: ProxiedRequest[];
  /** How many connections of clients are open. */
  open(): number;
  close(): Promise<void>;
}

/** Starts a proxy; close it after the test. */
export async function startProxy(options: TestProxyOptions = {}): Promise<TestProxy> {
  const log: ProxiedRequest[] = [];
  const clients = new Set<Socket>();
  const server = options.tls === undefined ? createServer() : createTlsServer(options.tls);
  const note = ({ method = '', url = '', headers }: IncomingMessage): void =>
    void log.push({ method, target: url, headers });
  server.on('connection', (socket: Socket) => {
    clients.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => clients.delete(socket));
  });
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    note(request);
    client.on('error', () => {});
    if (options.onConnect === undefined) return tunnel(client, options.to ?? 0);
    client.resume().once('end', () => client.end());
    options.onConnect(client);
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    note(request);
    if (options.onRequest) options.onRequest(response, request);
    else forward(request, response, options.to ?? 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    log,
    open: () => clients.size,
    close() {
      for (const client of clients) client.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function tunnel(client: Socket, port: number): void {
  const upstream = connect(port, '127.0.0.1', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    client.pipe(upstream).pipe(client);
  });
  upstream.on('error', () => client.destroy());
  client.once('close', () => upstream.destroy());
}

/** As RFC 9110, 7.6 wants it: what is for the proxy stays with the proxy. */
function forward(request: IncomingMessage, response: ServerResponse, port: number): void {
  const url = new URL(request.url ?? '');
  const { 'proxy-authorization': _, ...headers } = request.headers;
  const settings = { host: '127.0.0.1', port, method: request.method, path: url.pathname + url.search, headers };
  const upstream = httpRequest(settings, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  upstream.on('error', () => response.destroy());
  request.pipe(upstream);
}
