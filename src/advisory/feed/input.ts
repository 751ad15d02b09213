import { createHash, hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Digest, digestOfHex } from '../../model/digest.ts';
import { type OpenFile, openFile } from '../../source/file.ts';
import type { Proxies } from '../../source/proxy.ts';
import { compareText } from '../../util/compare-text.ts';
import { SluiceError } from '../../util/error.ts';
import type { Validator } from '../current.ts';
import { download, type FetchLimits } from '../fetch.ts';
import { digestOfFile, temporaryPath } from '../store-files.ts';
import { checkTransport } from '../url.ts';
import { feedUnreadable } from './feed-format.ts';
import { type TakeDocuments, unpack, unpackDocuments } from './unpack.ts';

/** How a feed is fetched. */
export interface FetchOptions {
  /** Where a download waits until it is read. */
  readonly folder: string;
  readonly limits: FetchLimits;
  readonly allowInsecure: boolean;
  readonly offline: boolean;
  readonly proxies: Proxies;
  readonly now: () => Date;
  readonly onBytes: (bytes: number) => void;
}

/** What a feed is read from: files in a folder, given files, or what was downloaded. */
export interface FeedInput {
  /** Of all of it: the same digest is the same feed. */
  readonly digest: Digest;
  readonly validator: Validator | undefined;
  /** The bytes of its one file, uncompressed. @throws SluiceError `advisory/feed-unreadable` */
  stream(limit: number, take: (piece: Buffer) => void): Promise<void>;
  /** Each document of its files, archives and folders. `limit`: bytes of all of one file. @throws SluiceError `advisory/feed-unreadable` */
  documents(limit: number, to: TakeDocuments): Promise<void>;
  close(): void;
}

/** Most files below a folder, and how deep they may lie: Red Hat's archive has 300,000 in folders by year. */
const maxFiles = 1_000_000;
const maxDepth = 5;

/** Whether the text is a URL and not a path. */
function isFeedUrl(from: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(from) && !from.startsWith('file://');
}

/**
 * Opens the places of one feed; `unchanged` when its one URL says that it is still the one of the validator.
 * @throws SluiceError `advisory/...`, `file/...`
 */
export async function openInput(
  places: readonly string[],
  known: Validator | undefined,
  options: FetchOptions,
): Promise<FeedInput | 'unchanged'> {
  const files: (() => NamedFile)[] = [];
  const removals: (() => void)[] = [];
  const close = (): void => {
    for (const remove of removals) remove();
  };
  let validator: Validator | undefined;
  try {
    for (const place of places) {
      if (!isFeedUrl(place)) {
        files.push(...filesAt(place));
        continue;
      }
      // The tag of one of several files says nothing of the others.
      const got = await fetchFile(place, places.length === 1 ? known : undefined, options, removals);
      if (got === 'unchanged') {
        close();
        return 'unchanged';
      }
      files.push(() => got.file);
      if (places.length === 1) validator = got.validator;
    }
    return { ...readerOf(files), digest: digestOf(files), validator, close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

interface NamedFile extends OpenFile {
  readonly name: string;
  /** Closes it; the file of a download stays open until the input is closed. */
  done(): void;
}

function readerOf(files: readonly (() => NamedFile)[]): Pick<FeedInput, 'stream' | 'documents'> {
  const each = async (use: (file: NamedFile) => Promise<void>): Promise<void> => {
    for (const open of files) {
      const file = open();
      await use(file).finally(() => file.done());
    }
  };
  return {
    async stream(limit, take) {
      if (files.length !== 1) throw feedUnreadable('it is to be one file, not a folder or several');
      await each((file) => unpack(file, limit, take));
    },
    documents: (limit, to) => each((file) => unpackDocuments(file, file.name, limit, to)),
  };
}

function digestOf(files: readonly (() => NamedFile)[]): Digest {
  const all = createHash('sha256');
  let last: Digest | undefined;
  for (const open of files) {
    const file = open();
    try {
      last = digestOfFile(file.fd);
      all.update(`${file.name}\n${last}\n`);
    } finally {
      file.done();
    }
  }
  return files.length === 1 && last ? last : digestOfHex(all.digest('hex'));
}

/** The file, or the JSON documents below the folder, sorted by path. */
function filesAt(place: string): (() => NamedFile)[] {
  const path = place.startsWith('file://') ? fileURLToPath(place) : place;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new SluiceError('advisory/no-feed', 'the file or folder that was named is not there');
  const paths = stat.isDirectory() ? jsonBelow(path) : [path];
  if (paths.length === 0) throw feedUnreadable('the folder holds no .json file');
  return paths.map((each) => () => {
    const name = basename(each);
    const file = openFile(each, name);
    return { ...file, name, done: () => closeSync(file.fd) };
  });
}

/** Links are not followed: they may lead in a circle. */
function jsonBelow(folder: string): string[] {
  const found: string[] = [];
  const visit = (path: string, depth: number): void => {
    const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => compareText(a.name, b.name));
    for (const entry of entries) {
      if (entry.isDirectory() && depth < maxDepth) visit(join(path, entry.name), depth + 1);
      else if (entry.isFile() && entry.name.endsWith('.json')) found.push(join(path, entry.name));
      if (found.length > maxFiles) throw feedUnreadable(`the folder holds more than ${maxFiles} files`);
    }
  };
  visit(folder, 0);
  return found;
}

async function fetchFile(
  from: string,
  known: Validator | undefined,
  options: FetchOptions,
  removals: (() => void)[],
): Promise<{ file: NamedFile; validator: Validator | undefined } | 'unchanged'> {
  const url = feedUrl(from, options);
  const urlDigest = digestOfHex(hash('sha256', url.href));
  const path = temporaryPath(options.folder);
  const fd = openSync(path, 'wx+', 0o600);
  removals.push(() => {
    closeSync(fd);
    rmSync(path, { force: true });
  });
  const etag = known?.url === urlDigest ? known.etag : undefined;
  const got = await download({ ...options, url, fd, etag });
  if (got === undefined) return 'unchanged';
  const name = basename(url.pathname) || 'feed';
  const file = { fd, size: fstatSync(fd).size, identity: '', name, done: () => {} };
  return { file, validator: got.etag === undefined ? undefined : { url: urlDigest, etag: got.etag } };
}

function feedUrl(from: string, { offline, allowInsecure }: FetchOptions): URL {
  if (offline) {
    throw new SluiceError('advisory/offline', 'offline, a feed is only read from a file', 'name a file or folder');
  }
  const url = URL.canParse(from) ? new URL(from) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.hostname === '') {
    throw new SluiceError('advisory/url', 'the place of the feed is neither a file nor an https URL');
  }
  checkTransport(url, allowInsecure);
  return url;
}
