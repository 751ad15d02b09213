import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Digest, digestOfHex } from '../../src/model/digest.ts';
import { readOciArchive } from './oci-archive.ts';
import { createGuard, type Guard, type TokenAuth } from './registry-guard.ts';
import { Uploads } from './registry-uploads.ts';

/** One request that a test registry has seen. */
export interface LoggedRequest {
  readonly method: string;
  /** Path with the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** 0 until it is answered. */
  status: number;
  /** Bytes of the body that were written. */
  bytes: number;
}

/** What a fault gets: the request, the answer, and the honest handler. */
export interface FaultContext {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly registry: TestRegistry;
  /** What would be sent without the fault: bytes of a blob or manifest, where the path names one. */
  readonly body: Buffer | undefined;
  /** Answers as if there were no fault. */
  pass(): void;
}

/** Misbehaviour in place of an answer; see registry-faults.ts for ready ones. */
export type Fault = (context: FaultContext) => void;

/** Settings of {@link startRegistry}. */
export interface TestRegistryOptions {
  readonly basic?: { readonly username: string; readonly password: string };
  readonly token?: TokenAuth;
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** Whether it can be pushed to; it can't by default. */
  readonly pushes?: boolean;
  /** Whether Range is honoured; it is by default. */
  readonly range?: boolean;
  /** What Docker-Content-Digest says; `right` by default. */
  readonly digestHeader?: 'right' | 'wrong' | 'none';
}

/** An OCI distribution server in this process, on 127.0.0.1. */
export interface TestRegistry {
  /** `127.0.0.1:port`: the registry of a reference. */
  readonly host: string;
  /** `http://127.0.0.1:port`, or https. */
  readonly url: string;
  readonly log: LoggedRequest[];
  /** The logged requests for blobs. */
  blobRequests(): LoggedRequest[];
  putBlob(repository: string, bytes: Buffer): Digest;
  putManifest(repository: string, tag: string | undefined, bytes: Buffer, mediaType: string): Digest;
  /** Puts all of an OCI layout archive into a repository; returns the digest that the tag stands for. */
  pushOciArchive(path: string, repository: string, tag: string): Promise<Digest>;
  /** The next `times` requests whose path has `part` in it get this fault; faults are used up in their order. */
  fault(part: string, fault: Fault, times?: number): void;
  close(): Promise<void>;
}

interface Stored {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

/** Starts a registry; close it after the test. */
export async function startRegistry(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const content = new Map<string, Stored>();
  const faults: { part: string; fault: Fault; left: number }[] = [];
  const log: LoggedRequest[] = [];
  const server = options.tls === undefined ? createServer() : createTlsServer(options.tls);
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `${options.tls === undefined ? 'http' : 'https'}://${host}`;
  const guard = createGuard(url, options);
  const uploads = new Uploads(content, sendError);

  const registry: TestRegistry = {
    host,
    url,
    log,
    blobRequests: () => log.filter(({ path }) => path.includes('/blobs/')),
    putBlob: (repository, bytes) => put(content, repository, 'blobs', bytes, 'application/octet-stream'),
    putManifest(repository, tag, bytes, mediaType) {
      if (tag !== undefined) content.set(`/v2/${repository}/manifests/${tag}`, { bytes, mediaType });
      return put(content, repository, 'manifests', bytes, mediaType);
    },
    async pushOciArchive(path, repository, tag) {
      const { blobs, manifests, root } = await readOciArchive(path);
      for (const { bytes } of blobs) registry.putBlob(repository, bytes);
      for (const { bytes, mediaType } of manifests) registry.putManifest(repository, undefined, bytes, mediaType);
      return registry.putManifest(repository, tag, root.bytes, root.mediaType);
    },
    fault: (part, fault, times = 1) => void faults.push({ part, fault, left: times }),
    close: () => closeServer(server),
  };

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    record(request, response, log);
    const body = content.get(request.url ?? '')?.bytes;
    const pass = () => {
      const writes = options.pushes === true && (request.method === 'PUT' || request.method === 'POST');
      if (!writes || request.url?.startsWith('/token')) return answer(request, response, content, guard, options);
      if (!guard.answers(request, response)) void uploads.take(request, response);
    };
    const found = faults.find(({ part, left }) => left > 0 && request.url?.includes(part));
    if (found === undefined) return pass();
    found.left--;
    found.fault({ request, response, registry, body, pass });
  });
  return registry;
}

function put(content: Map<string, Stored>, repository: string, kind: string, bytes: Buffer, mediaType: string): Digest {
  const digest = digestOf(bytes);
  content.set(`/v2/${repository}/${kind}/${digest}`, { bytes, mediaType });
  return digest;
}

/** The digest of some bytes. */
export function digestOf(bytes: Buffer): Digest {
  return digestOfHex(createHash('sha256').update(bytes).digest('hex'));
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function record(request: IncomingMessage, response: ServerResponse, log: LoggedRequest[]): void {
  const { method = '', url = '', headers } = request;
  const entry: LoggedRequest = { method, path: url, headers, status: 0, bytes: 0 };
  log.push(entry);
  const { write, end, writeHead } = response;
  const count = (piece: unknown): void => {
    if (typeof piece === 'string' || Buffer.isBuffer(piece)) entry.bytes += Buffer.byteLength(piece);
  };
  response.writeHead = ((status: number, ...rest: unknown[]) => {
    entry.status = status;
    return Reflect.apply(writeHead, response, [status, ...rest]);
  }) as typeof response.writeHead;
  response.write = ((piece: unknown, ...rest: unknown[]) => {
    count(piece);
    return Reflect.apply(write, response, [piece, ...rest]);
  }) as typeof response.write;
  response.end = ((piece: unknown, ...rest: unknown[]) => {
    count(piece);
    // Node's end() does not come back to write(), so nothing is counted twice.
    return Reflect.apply(end, response, [piece, ...rest]);
  }) as typeof response.end;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  content: ReadonlyMap<string, Stored>,
  guard: Guard,
  options: TestRegistryOptions,
): void {
  const path = request.url ?? '';
  if (guard.answers(request, response)) return;
  if (path === '/v2/' || path === '/v2') return void response.writeHead(200).end('{}');
  const stored = content.get(path);
  if (stored === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) {
    sendError(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown');
    return;
  }
  const headers: Record<string, string> = { 'content-type': stored.mediaType };
  if (options.digestHeader !== 'none') {
    headers['docker-content-digest'] = digestOf(options.digestHeader === 'wrong' ? Buffer.from('x') : stored.bytes);
  }
  const head = request.method === 'HEAD';
  const range = options.range === false ? null : /^bytes=([0-9]+)-([0-9]*)$/.exec(request.headers.range ?? '');
  const { length } = stored.bytes;
  const start = Number(range?.[1] ?? 0);
  const end = range?.[2] ? Math.min(length, Number(range[2]) + 1) : length;
  if (start > end) {
    sendError(response, 416, 'SIZE_INVALID', 'no such range');
    return;
  }
  if (range !== null) headers['content-range'] = `bytes ${start}-${end - 1}/${length}`;
  response.writeHead(range === null ? 200 : 206, { ...headers, 'content-length': end - start });
  response.end(head ? undefined : stored.bytes.subarray(start, end));
}

/** Answers with an error as the OCI distribution specification words it. */
export function sendError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  const body = JSON.stringify({ errors: [{ code, message }] });
  response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(body);
}
