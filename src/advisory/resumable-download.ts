import { createHash } from 'node:crypto';
import { openSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { type Digest, digestOf, digestOfHex } from '../model/digest.ts';
import { SluiceError } from '../util/error.ts';
import type { Validator } from './current.ts';
import { checkStatus, etagOf, type Get, getOnce, receive, retried } from './fetch.ts';
import { checkPlain, Transient } from './fetch-errors.ts';
import { appendTo, beginPart, claimPart, dropPart, isStrong, leavePart, type Part } from './partial-download.ts';
import { temporaryPath } from './store-files.ts';

/** What is downloaded into the folder. */
export interface ResumableDownload extends Get {
  readonly folder: string;
  /** Only if the file is no longer the one of the validator. */
  readonly known: Validator | undefined;
  /** Told how many bytes of the file are here. */
  readonly onBytes: (bytes: number) => void;
}

/** A file that was downloaded; whoever has it closes it, which removes it. */
export interface DownloadedFile {
  readonly fd: number;
  /** Where its content begins behind the start of the file, in bytes. */
  readonly start: number;
  readonly size: number;
  readonly digest: Digest;
  readonly validator: Validator | undefined;
  close(): void;
}

/** The digest that stands for a URL, which may hold a secret. */
export function digestOfUrl(url: URL): Digest {
  return digestOf(url.href);
}

/**
 * Downloads one file, and where a connection is cut goes on from there: within the run, and in a later one with what this
 * one left, as long as the server says by a strong entity tag that it is the same file (RFC 9110, 13.1.5).
 * `undefined`: it is still the known one.
 * @throws SluiceError `advisory/download` and its kin.
 */
export async function downloadResumable(what: ResumableDownload): Promise<DownloadedFile | undefined> {
  const state: { part: Part | undefined } = { part: claimPart(what.folder, digestOfUrl(what.url)) };
  try {
    const isThere = await retried(what, () => attempt(what, state));
    const { part } = state;
    if (!isThere || !part) {
      if (part) dropPart(part);
      return undefined;
    }
    const digest = digestOfHex(part.hash.copy().digest('hex'));
    const { fd, start, size, validator } = part;
    return { fd, start, size, digest, validator, close: () => dropPart(part) };
  } catch (thrown) {
    if (state.part && mayPass(thrown)) leavePart(what.folder, state.part);
    else forget(state);
    throw thrown;
  }
}

/** One try; false: the file is the known one. */
function attempt(what: ResumableDownload, state: { part: Part | undefined }): Promise<boolean> {
  // Without a tag there is no telling whether the rest belongs to what is here.
  if (state.part && !state.part.resumable) forget(state);
  const { part } = state;
  const headers = {
    ...(what.known ? { 'if-none-match': what.known.etag } : {}),
    ...(part?.validator ? { range: `bytes=${part.size}-`, 'if-range': part.validator.etag } : {}),
  };
  return getOnce(what, headers, async (response) => {
    if (response.statusCode === 304 && what.known) return false;
    checkPlain(response, what.url);
    if (part && (response.statusCode === 206 || response.statusCode === 416)) checkPart(response, part, state);
    else {
      checkStatus(response, what, [200]);
      forget(state);
    }
    const target = state.part ?? begin(what, etagOf(response));
    state.part = target;
    await receive(response, what, target.size, (chunk) => {
      appendTo(target, chunk);
      what.onBytes(target.size);
    });
    checkTotal(response, target, state);
    return true;
  });
}

/** Another part than was asked for, or of another file, must not be put behind what is here. */
function checkPart(response: IncomingMessage, part: Part, state: { part: Part | undefined }): void {
  // A server that gives parts and ignores If-Range may be at another file: only the tag tells (RFC 9110, 15.3.7).
  if (rangeOf(response)?.first === part.size && etagOf(response) === part.validator?.etag) return;
  response.destroy();
  forget(state);
  throw new Transient('the server answered with another part of the file than was asked for', { pauseMs: 0 });
}

function checkTotal(response: IncomingMessage, part: Part, state: { part: Part | undefined }): void {
  if (response.statusCode !== 206 || rangeOf(response)?.total === part.size) return;
  forget(state);
  throw new Transient('the parts of the file are not as long as the server says that it is', { pauseMs: 0 });
}

/** The place that a part has (RFC 9110, 14.4); undefined when the answer doesn't tell. */
export function rangeOf({ headers }: IncomingMessage): { first: number; total: number } | undefined {
  const match = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15})$/.exec(headers['content-range'] ?? '');
  return match ? { first: Number(match[1]), total: Number(match[2]) } : undefined;
}

function begin(what: ResumableDownload, etag: string | undefined): Part {
  const validator = etag === undefined ? undefined : { url: digestOfUrl(what.url), etag };
  if (validator && isStrong(validator.etag)) return beginPart(what.folder, validator);
  const path = temporaryPath(what.folder);
  const fd = openSync(path, 'wx+', 0o600);
  return { fd, path, start: 0, validator, resumable: false, hash: createHash('sha256'), size: 0 };
}

/** A file that is too large, or a disk that is full, is no reason to keep what came. */
function mayPass(thrown: unknown): boolean {
  return thrown instanceof SluiceError && (thrown.code === 'advisory/download' || thrown.code === 'advisory/proxy');
}

function forget(state: { part: Part | undefined }): void {
  if (state.part) dropPart(state.part);
  state.part = undefined;
}
