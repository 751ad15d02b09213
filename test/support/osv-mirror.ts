import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { bufferAccess } from '../../src/format/random-access.ts';
import { readZipDirectory, readZipEntry } from '../../src/format/zip.ts';
import { compareText } from '../../src/util/compare-text.ts';
import { buildZip } from './zip.ts';

/** The records of one ecosystem by id, each as its JSON text. */
export type MirrorRecords = Map<string, Buffer>;

/** Answers a request in the place of the mirror; false: it did not. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

interface Served {
  readonly body: Buffer;
  readonly etag: string;
}

/**
 * A server on this machine laid out as the public OSV export: `ecosystems.txt`, and for each ecosystem `all.zip`,
 * `modified_id.csv` (the latest first) and each record. It has strong entity tags and ranges, and counts what it sends.
 */
export class OsvMirror {
  readonly #server: Server;
  readonly #records = new Map<string, MirrorRecords>();
  readonly #served = new Map<string, Served | undefined>();
  /** Times that a list gives in the place of the record's own, by ecosystem and id. */
  readonly #stamps = new Map<string, string>();
  readonly #sockets = new Set<Socket>();
  #sentBefore = 0;
  /** What was asked for, with the range: `npm/all.zip bytes=0-9`. */
  readonly asked: string[] = [];
  /** Answers before the mirror does. */
  fault: Fault | undefined;
  /** Whether there are lists of changes. */
  lists = true;
  /** Whether parts are given. */
  ranges = true;
  base = '';

  constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        this.#sentBefore += socket.bytesWritten;
      });
    });
  }

  /** Bytes on the wire since {@link count} was called, heads of answers included. */
  get sent(): number {
    return [...this.#sockets].reduce((sum, socket) => sum + socket.bytesWritten, this.#sentBefore);
  }

  /** Counts from now on. */
  count(): void {
    this.#sentBefore -= this.sent;
    this.asked.length = 0;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.base = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Offers an ecosystem; `zip`: the bytes of its export until the first change. */
  offer(ecosystem: string, records: MirrorRecords, zip?: Buffer): void {
    this.#records.set(ecosystem, records);
    this.#changed(ecosystem);
    if (zip) this.#served.set(`${ecosystem}/all.zip`, served(zip));
  }

  /** Adds or replaces one record; `stamp`: what the list says in the place of the record's own time. */
  put(ecosystem: string, id: string, record: string | Buffer, stamp?: string): void {
    if (stamp === undefined) this.#stamps.delete(`${ecosystem}/${id}`);
    else this.#stamps.set(`${ecosystem}/${id}`, stamp);
    this.#records.get(ecosystem)!.set(id, Buffer.from(record as string));
    this.#changed(ecosystem);
  }

  remove(ecosystem: string, id: string): void {
    this.#records.get(ecosystem)!.delete(id);
    this.#changed(ecosystem);
  }

  /** Serves something else under a path. */
  serve(path: string, body: string | Buffer): void {
    this.#served.set(path, served(Buffer.from(body as string)));
  }

  /** Serves nothing under a path until the next change. */
  missing(path: string): void {
    this.#served.set(path, undefined);
  }

  /** What the mirror has under a path now. */
  body(path: string): Buffer | undefined {
    return this.#find(path)?.body;
  }

  recordsOf(ecosystem: string): MirrorRecords {
    return this.#records.get(ecosystem) ?? new Map();
  }

  etag(path: string): string | undefined {
    return this.#find(path)?.etag;
  }

  record(ecosystem: string, id: string): Buffer | undefined {
    return this.#records.get(ecosystem)?.get(id);
  }

  #changed(ecosystem: string): void {
    for (const path of this.#served.keys()) if (path.startsWith(`${ecosystem}/`)) this.#served.delete(path);
  }

  #find(path: string): Served | undefined {
    if (this.#served.has(path)) return this.#served.get(path);
    const body = this.#make(path);
    if (!body) return undefined;
    const made = served(body);
    this.#served.set(path, made);
    return made;
  }

  #make(path: string): Buffer | undefined {
    if (path === 'ecosystems.txt') return Buffer.from(`${[...this.#records.keys()].join('\n')}\n`);
    const [ecosystem = '', name = ''] = path.split('/');
    const records = this.#records.get(ecosystem);
    if (!records) return undefined;
    if (name === 'modified_id.csv') return this.lists ? this.#listOf(ecosystem, records) : undefined;
    if (name === 'all.zip') return buildZip([...records].map(([id, body]) => ({ name: `${id}.json`, body })));
    return records.get(name.replace(/\.json$/, ''));
  }

  #listOf(ecosystem: string, records: MirrorRecords): Buffer {
    const lines = [...records].map(([id, body]) => {
      const stamp = this.#stamps.get(`${ecosystem}/${id}`);
      return { id, stamp: stamp ?? (JSON.parse(body.toString('utf8')) as { modified: string }).modified };
    });
    lines.sort((a, b) => compareText(sortable(b.stamp), sortable(a.stamp)) || compareText(a.id, b.id));
    return Buffer.from(lines.map(({ id, stamp }) => `${stamp},${id}\n`).join(''));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent((request.url ?? '').slice(1));
    this.asked.push([path, ...(request.headers.range ? [request.headers.range] : [])].join(' '));
    if (this.fault?.(request, response)) return;
    const found = this.#find(path);
    if (!found) return void response.writeHead(404).end('no such file');
    const { body, etag } = found;
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
    const range = this.ranges ? partOf(request, found) : undefined;
    if (!range) return void response.writeHead(200, { etag, 'content-length': body.length }).end(body);
    const [first, end] = range;
    if (first >= end) return void response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
    const headers = {
      etag,
      'content-length': end - first,
      'content-range': `bytes ${first}-${end - 1}/${body.length}`,
    };
    response.writeHead(206, headers).end(body.subarray(first, end));
  }
}

/** The whole reference data, or some ecosystems of it. */
export function offerExport(mirror: OsvMirror, folder: string, ecosystems: readonly string[]): void {
  for (const ecosystem of ecosystems) {
    const zip = readFileSync(join(folder, ecosystem, 'all.zip'));
    const source = bufferAccess(zip);
    const records = readZipDirectory(source).map(
      (entry) => [entry.name.replace(/\.json$/, ''), readZipEntry(source, entry, 1 << 26)] as const,
    );
    mirror.offer(ecosystem, new Map(records), zip);
  }
}

function partOf({ headers }: IncomingMessage, { body, etag }: Served): [first: number, end: number] | undefined {
  const match = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
  const condition = headers['if-range'];
  if (!match || (condition !== undefined && condition !== etag)) return undefined;
  return [Number(match[1]), Math.min(body.length, match[2] ? Number(match[2]) + 1 : body.length)];
}

function served(body: Buffer): Served {
  return { body, etag: `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"` };
}

/** A time of UTC with all digits that it may have. */
function sortable(time: string): string {
  const [seconds = '', fraction = ''] = time.replace(/Z$/, '').split('.');
  return `${seconds}.${fraction.padEnd(12, '0')}`;
}
