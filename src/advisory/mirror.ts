import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileAccess } from '../format/random-access.ts';
import type { Proxies } from '../source/proxy.ts';
import { compareText } from '../util/compare-text.ts';
import { SluiceError } from '../util/error.ts';
import type { Validator } from './current.ts';
import type { ExportZip } from './export-zip.ts';
import { connectionsFor, download, type FetchLimits, fetchBytes, type Get } from './fetch.ts';
import { isEcosystemBase } from './names.ts';
import { type ListRequest, readChangeList } from './read-change-list.ts';
import { digestOfUrl, downloadResumable } from './resumable-download.ts';
import { digestOfFile, temporaryPath } from './store-files.ts';
import { checkTransport, parseBaseUrl, shownUrl, urlBelow } from './url.ts';

/** One ecosystem's export, opened. */
export interface OpenedExport extends ExportZip {
  readonly validator?: Validator | undefined;
  close(): void;
}

/** What a place says of changes: `<Ecosystem>/modified_id.csv` and `<Ecosystem>/<ID>.json`. */
export interface ChangeFeed {
  /** The list of changes, as far as it is needed. @throws SluiceError as {@link readChangeList} */
  list(ecosystem: string, how: Pick<ListRequest, 'known' | 'enough' | 'onBytes'>): ReturnType<typeof readChangeList>;
  /** The bytes of one record; undefined when it is not there. The id is one that may be part of a URL. */
  record(ecosystem: string, id: string): Promise<Buffer | undefined>;
}

/** A place that has the layout of the public OSV export: `ecosystems.txt` and `<Ecosystem>/all.zip`. */
export interface Mirror {
  /** The base names that it offers, sorted. @throws SluiceError when it can't be read at all. */
  ecosystems(): Promise<string[]>;
  /** Opens one export; `unchanged` when it is known to be the one of the validator. */
  open(
    ecosystem: string,
    known: Validator | undefined,
    onBytes: (bytes: number) => void,
  ): Promise<OpenedExport | 'unchanged'>;
  /** Absent: there are only whole exports. */
  readonly changes?: ChangeFeed;
  /** Closes its connections. */
  close(): void;
}

/** What a mirror behind a URL needs to know. */
export interface UrlMirrorOptions {
  /** Where downloads wait until they are indexed. */
  readonly folder: string;
  readonly limits: FetchLimits;
  readonly allowInsecure: boolean;
  readonly proxies: Proxies;
  readonly now: () => Date;
}

/** The largest list of ecosystems, in bytes; the public one has about 2,000. */
const maxListBytes = 1024 * 1024;
/** The largest record that is fetched by itself, in bytes: some are fetched at once. A larger one comes with the export. */
const maxRecordBytes = 16 * 1024 * 1024;
/** No version of any package: the records of this one name commits alone. */
const commitsOnly = 'GIT';
const listName = 'ecosystems.txt';
const zipName = 'all.zip';
const changesName = 'modified_id.csv';

/** Whether the text is a URL and not a folder. */
export function isUrl(from: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(from) && !from.startsWith('file://');
}

/** The export in a folder, read in place. */
export function folderMirror(from: string): Mirror {
  const folder = from.startsWith('file://') ? fileURLToPath(from) : from;
  return {
    async ecosystems() {
      if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
        throw new SluiceError('advisory/no-folder', 'the folder to read advisories from is not there');
      }
      const list = join(folder, listName);
      const names = existsSync(list)
        ? namesIn(readFileSync(list).subarray(0, maxListBytes))
        : readdirSync(folder).filter((name) => existsSync(join(folder, name, zipName)));
      return offered(names);
    },
    async open(ecosystem) {
      const fd = openZip(join(folder, ecosystem, zipName), ecosystem);
      try {
        const source = fileAccess(fd, 0, fstatSync(fd).size);
        return { source, digest: digestOfFile(fd), close: () => closeSync(fd) };
      } catch (thrown) {
        closeSync(fd);
        throw thrown;
      }
    },
    close() {},
  };
}

/**
 * The export behind a URL.
 * @throws SluiceError `advisory/url`, `advisory/insecure-url`.
 */
export function urlMirror(from: string, options: UrlMirrorOptions): Mirror {
  const base = parseBaseUrl(from);
  checkTransport(base, options.allowInsecure);
  const connections = connectionsFor(options, true);
  return {
    async ecosystems() {
      const url = urlBelow(base, listName);
      const limits = { ...options.limits, bytes: Math.min(options.limits.bytes, maxListBytes) };
      return intoFile(options.folder, async (fd) => {
        await download({ ...options, url, fd, limits });
        const names = namesIn(readFileSync(fd));
        if (names[0]?.startsWith('<')) throw notTheExport(url, 'an HTML page where the list of ecosystems should be');
        return offered(names);
      });
    },
    open: (ecosystem, known, onBytes) => openRemote(urlBelow(base, ecosystem, zipName), options, known, onBytes),
    changes: {
      list(ecosystem, how) {
        const url = urlBelow(base, ecosystem, changesName);
        return readChangeList({ ...options, ...how, url, connections, known: ofUrl(how.known, url) });
      },
      record: (ecosystem, id) => recordAt(urlBelow(base, ecosystem, `${id}.json`), { ...options, connections }),
    },
    close: () => connections.close(),
  };
}

/** An entity tag means nothing at another URL. */
function ofUrl(known: Validator | undefined, url: URL): Validator | undefined {
  return known?.url === digestOfUrl(url) ? known : undefined;
}

async function recordAt(url: URL, options: Omit<Get, 'url'>): Promise<Buffer | undefined> {
  const limits = { ...options.limits, bytes: Math.min(options.limits.bytes, maxRecordBytes) };
  const bytes = await fetchBytes({ ...options, url, limits });
  // The page of a proxy is no record that the publisher got wrong.
  if (bytes?.[0] === 0x3c) throw notTheExport(url, 'an HTML or XML page (a proxy or login page?)');
  return bytes;
}

async function openRemote(
  url: URL,
  options: UrlMirrorOptions,
  known: Validator | undefined,
  onBytes: (bytes: number) => void,
): Promise<OpenedExport | 'unchanged'> {
  const file = await downloadResumable({ ...options, url, known: ofUrl(known, url), onBytes });
  if (file === undefined) return 'unchanged';
  const { digest, validator, close } = file;
  try {
    const source = fileAccess(file.fd, file.start, file.size);
    checkIsZip(url, source.read(0, Math.min(4, file.size)));
    return { source, digest, validator, close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

async function intoFile<T>(folder: string, use: (fd: number) => Promise<T>): Promise<T> {
  const path = temporaryPath(folder);
  const fd = openSync(path, 'wx+', 0o600);
  try {
    return await use(fd);
  } finally {
    closeSync(fd);
    rmSync(path, { force: true });
  }
}

/** A proxy or a login page answers 200 with HTML: that must not pass for an empty export. */
function checkIsZip(url: URL, start: Buffer): void {
  if (start.length === 0) throw notTheExport(url, 'nothing');
  if (start[0] === 0x50 && start[1] === 0x4b) return;
  throw notTheExport(
    url,
    start[0] === 0x3c ? 'an HTML or XML page (a proxy or login page?)' : 'something that is no zip',
  );
}

function notTheExport(url: URL, what: string): SluiceError {
  return new SluiceError('advisory/not-the-export', `${shownUrl(url)}: the server sent ${what} instead of advisories`);
}

function openZip(path: string, ecosystem: string): number {
  try {
    return openSync(path, 'r');
  } catch (thrown) {
    const code = (thrown as { code?: unknown }).code;
    const why = code === 'ENOENT' || code === 'ENOTDIR' ? 'the folder has no all.zip for it' : `${code}`;
    throw new SluiceError('advisory/not-offered', `the export of ${ecosystem} can't be opened: ${why}`);
  }
}

function namesIn(bytes: Buffer): string[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** A release (`Debian:12`) is part of its base's export; a name that could become another path is no ecosystem. */
function offered(names: readonly string[]): string[] {
  const bases = new Set(names.filter((name) => isEcosystemBase(name) && name !== commitsOnly));
  if (bases.size === 0) {
    throw new SluiceError('advisory/not-the-export', 'the place of the advisories offers no ecosystem');
  }
  return [...bases].sort(compareText);
}
