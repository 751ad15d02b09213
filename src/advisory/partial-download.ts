import { createHash, type Hash, hash, randomUUID } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { digestOfHex } from '../model/digest.ts';
import { asRecord, asString } from '../util/json.ts';
import type { Validator } from './current.ts';
import { writeAll } from './fetch.ts';
import { partPrefix } from './store-files.ts';

/*
 * What has come of a download that may be cut: `.part-<URL>-<owner>`, a head that says of which file with which entity
 * tag, and then the body as far as it came. Whoever goes on with it first gives it a name of its own, which only one can.
 */

/** Bytes of the head. */
const headLength = 1024;
/** A part that nobody wrote to for so long, in milliseconds, has lost its owner: a download that lives is never silent that long. */
const abandonedMs = 60_000;
/** Less is not worth a file that stays, in bytes. */
const leastKept = 64 * 1024;
const ownName = `${process.pid}-${randomUUID()}`;
const freeMark = 'free';

/** Bytes of a body that are in a file of ours. */
export interface Part {
  readonly fd: number;
  readonly path: string;
  /** Where the body begins in the file. */
  readonly start: number;
  readonly validator: Validator | undefined;
  /** Whether another request may go on with it. */
  readonly resumable: boolean;
  /** Of all bytes of the body so far. */
  readonly hash: Hash;
  size: number;
}

/** Whether the tag stands for the very bytes (RFC 9110, 8.8.1): only such a file can be put together from parts. */
export function isStrong(etag: string): boolean {
  return etag.startsWith('"') && Buffer.byteLength(etag) <= headLength / 2;
}

/** Begins a file for the body that has the validator. */
export function beginPart(folder: string, validator: Validator): Part {
  const path = join(folder, `${partPrefix}${nameOf(validator)}-${ownName}-${randomUUID()}`);
  const fd = openSync(path, 'wx+', 0o600);
  const head = Buffer.alloc(headLength, ' ');
  head.write(`${JSON.stringify({ schema: 'sluice-part/v1', ...validator })}\n`);
  writeAll(fd, head, 0);
  return { fd, path, start: headLength, validator, resumable: true, hash: createHash('sha256'), size: 0 };
}

/** Puts the next bytes of the body behind those that are there. */
export function appendTo(part: Part, chunk: Buffer): void {
  writeAll(part.fd, chunk, part.start + part.size);
  part.hash.update(chunk);
  part.size += chunk.length;
}

/** The largest part of this URL that nobody is writing, now ours; undefined when there is none. */
export function claimPart(folder: string, url: Validator['url']): Part | undefined {
  const prefix = `${partPrefix}${nameOf({ url })}-`;
  const found = partsIn(folder, prefix).sort((a, b) => b.size - a.size);
  for (const { path } of found) {
    const own = join(folder, `${prefix}${ownName}-${randomUUID()}`);
    try {
      // It is young first, so that nobody takes it from us, and of several that try this only one finds the file.
      const now = new Date();
      utimesSync(path, now, now);
      renameSync(path, own);
    } catch {
      continue;
    }
    const part = reopen(own, url);
    if (part) return part;
    rmSync(own, { force: true });
  }
  return undefined;
}

/** Closes the file; what has come stays for a later download where that could go on with it. */
export function leavePart(folder: string, part: Part): void {
  closeSync(part.fd);
  if (part.resumable && part.size >= leastKept) release(folder, part.path);
  else rmSync(part.path, { force: true });
}

/** Closes and removes the file. */
export function dropPart(part: Part): void {
  closeSync(part.fd);
  rmSync(part.path, { force: true });
}

/** Leaves all parts of this process to others: it is being stopped. */
export function releaseParts(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      if (name.startsWith(partPrefix) && name.includes(`-${ownName}-`)) release(folder, join(folder, name));
    }
  } catch {
    // What stays is claimed by a later update when it is old enough.
  }
}

function release(folder: string, path: string): void {
  const key = path.slice(join(folder, partPrefix).length).split('-', 1)[0];
  try {
    renameSync(path, join(folder, `${partPrefix}${key}-${freeMark}-${randomUUID()}`));
  } catch {
    rmSync(path, { force: true });
  }
}

function nameOf({ url }: Pick<Validator, 'url'>): string {
  return hash('sha256', url).slice(0, 32);
}

function partsIn(folder: string, prefix: string): { path: string; size: number }[] {
  const now = Date.now();
  // What was not on the disk when the machine went down may have become zeros.
  const started = now - uptime() * 1000;
  const found: { path: string; size: number }[] = [];
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(folder, name);
    const { mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: 0 };
    const isFree = name.startsWith(`${prefix}${freeMark}-`) || Math.abs(now - mtimeMs) > abandonedMs;
    if (isFree && mtimeMs >= started && size > headLength) found.push({ path, size });
  }
  return found;
}

/** Opens what another download left; undefined when it is not what its name says. */
function reopen(path: string, url: Validator['url']): Part | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r+');
  } catch {
    return undefined;
  }
  try {
    const validator = readHead(fd);
    // One byte is asked for again, so that the server has something to answer with when all of them are here.
    const size = fstatSync(fd).size - headLength - 1;
    if (validator?.url !== url || size < 1) {
      closeSync(fd);
      return undefined;
    }
    const body = hashOfBody(fd, headLength, size);
    return { fd, path, start: headLength, validator, resumable: true, hash: body, size };
  } catch {
    closeSync(fd);
    return undefined;
  }
}

function readHead(fd: number): Validator | undefined {
  const head = Buffer.alloc(headLength);
  if (readSync(fd, head, 0, headLength, 0) !== headLength) return undefined;
  // Written by sluice; whatever else it may be, it must not become a header of a request.
  const value = asRecord(JSON.parse(head.toString('utf8')));
  const etag = asString(value?.etag);
  const url = asString(value?.url);
  if (value?.schema !== 'sluice-part/v1' || etag === undefined || !isStrong(etag) || url === undefined)
    return undefined;
  return /^"[\x21\x23-\x7e]*"$/.test(etag) ? { etag, url: digestOfHex(url.replace(/^sha256:/, '')) } : undefined;
}

function hashOfBody(fd: number, start: number, size: number): Hash {
  const made = createHash('sha256');
  const piece = Buffer.allocUnsafe(1024 * 1024);
  for (let done = 0; done < size; ) {
    const got = readSync(fd, piece, 0, Math.min(piece.length, size - done), start + done);
    if (got === 0) throw new Error('a part became shorter while it was read');
    made.update(piece.subarray(0, got));
    done += got;
  }
  return made;
}
