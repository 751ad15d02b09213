import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a test registry keeps, by path. */
export type Content = Map<string, { readonly bytes: Buffer; readonly mediaType: string }>;

/** Answers an error. */
type Refuse = (response: ServerResponse, status: number, code: string, message: string) => void;

const uploads = /^\/v2\/(.+)\/blobs\/uploads\/$/;
const upload = /^\/v2\/(.+)\/blobs\/uploads\/([0-9]+)\?_state=a%2Bb%3D&digest=(sha256%3A[0-9a-f]{64})$/;
const manifest = /^\/v2\/(.+)\/manifests\/([^/?]+)$/;

/** The part of a test registry that takes pushes: POST and one PUT for a blob, PUT for a manifest. */
export class Uploads {
  readonly #content: Content;
  readonly #refuse: Refuse;
  readonly #open = new Set<string>();
  #count = 0;

  constructor(content: Content, refuse: Refuse) {
    this.#content = content;
    this.#refuse = refuse;
  }

  /** Answers a POST or PUT. */
  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const bytes = Buffer.concat(pieces);
    const [, begun] = request.method === 'POST' ? (uploads.exec(path) ?? []) : [];
    if (begun !== undefined) return void this.#begin(begun, response);
    const [, repository, number, digest] = upload.exec(path) ?? [];
    if (repository !== undefined)
      return void this.#end(response, `${repository} ${number}`, decodeURIComponent(digest ?? ''), bytes);
    const [, named, tag] = manifest.exec(path) ?? [];
    if (named !== undefined && tag !== undefined) return void this.#manifest(request, response, named, tag, bytes);
    this.#refuse(response, 404, 'UNSUPPORTED', 'no such upload');
  }

  #begin(repository: string, response: ServerResponse): void {
    const number = ++this.#count;
    this.#open.add(`${repository} ${number}`);
    const location = `/v2/${repository}/blobs/uploads/${number}?_state=a%2Bb%3D`;
    response.writeHead(202, { location, 'content-length': 0 }).end();
  }

  #end(response: ServerResponse, name: string, digest: string, bytes: Buffer): void {
    if (!this.#open.delete(name)) return void this.#refuse(response, 404, 'BLOB_UPLOAD_UNKNOWN', 'no such upload');
    if (digestOf(bytes) !== digest) return void this.#refuse(response, 400, 'DIGEST_INVALID', 'not what was sent');
    const [repository] = name.split(' ');
    this.#content.set(`/v2/${repository}/blobs/${digest}`, { bytes, mediaType: 'application/octet-stream' });
    response.writeHead(201, { 'content-length': 0 }).end();
  }

  #manifest(request: IncomingMessage, response: ServerResponse, repository: string, tag: string, bytes: Buffer): void {
    const value = JSON.parse(bytes.toString()) as { config: { digest: string }; layers: { digest: string }[] };
    const named = [value.config, ...value.layers].map(({ digest }) => `/v2/${repository}/blobs/${digest}`);
    if (named.some((path) => !this.#content.has(path))) {
      return void this.#refuse(response, 404, 'MANIFEST_BLOB_UNKNOWN', 'a blob is missing');
    }
    const stored = { bytes, mediaType: request.headers['content-type'] ?? '' };
    this.#content.set(`/v2/${repository}/manifests/${tag}`, stored);
    this.#content.set(`/v2/${repository}/manifests/${digestOf(bytes)}`, stored);
    response.writeHead(201, { 'content-length': 0 }).end();
  }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
