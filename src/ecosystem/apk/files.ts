import { isSettings, ListedPaths } from '../../format/listed-paths.ts';
import type { Owner } from '../../model/package.ts';
import type { ClaimedFile } from '../contract.ts';

const newline = 0x0a;
const colon = 0x3a;
const carriageReturn = 0x0d;

/** The letters of name, version, architecture, folder, file, its mode and its checksum (apk-tools, installed database). */
const letters = { name: 0x50, version: 0x56, arch: 0x41, folder: 0x46, file: 0x52, mode: 0x61, sum: 0x5a } as const;

/** What `Z:` starts with, and how long the digest is in base64. */
const sums = [
  { mark: 'Q1', algorithm: 'sha1', bytes: 20 },
  { mark: 'Q2', algorithm: 'sha256', bytes: 32 },
] as const;

type Tell = (owner: Owner, path: string, digest?: string) => void;

/** One package while its files are told. */
interface Told {
  name: string;
  version: string;
  arch: string;
  owner: Owner | undefined;
  folder: string;
  /** The file whose mode and checksum may follow. */
  file: string | undefined;
  link: boolean;
}

/**
 * Tells the files of each package in apk's database: `F:` names a folder, `R:` a file in it, `a:` its owner and mode
 * where they are not the usual ones, `Z:` the checksum. Of a link that is one of its target, and not told.
 */
export function readApkFiles({ bytes }: ClaimedFile, owns: Tell, digests: boolean): void {
  const paths = new ListedPaths();
  let told = nothing();
  const tell = (digest?: string): void => {
    const path = told.file === undefined ? undefined : paths.in(told.folder, told.file);
    told.file = undefined;
    if (path === undefined || !told.name) return;
    told.owner ??= ownerOf(told);
    if (digest === undefined || told.link || isSettings(path)) owns(told.owner, path);
    else owns(told.owner, path, digest);
  };
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start);
    const next = found < 0 ? bytes.length : found;
    const end = next > start && bytes[next - 1] === carriageReturn ? next - 1 : next;
    if (end === start) {
      tell();
      told = nothing();
    } else if (bytes[start + 1] === colon) {
      if (!digests && bytes[start] === letters.sum) tell();
      else readLine(told, bytes[start] ?? 0, bytes, start + 2, end, tell);
    }
    start = next + 1;
  }
  tell();
}

function nothing(): Told {
  return { name: '', version: '', arch: '', owner: undefined, folder: '', file: undefined, link: false };
}

function ownerOf({ name, version, arch }: Told): Owner {
  return { name, ...(version ? { version } : {}), ...(arch ? { arch } : {}) };
}

function readLine(
  told: Told,
  letter: number,
  bytes: Buffer,
  start: number,
  end: number,
  tell: (digest?: string) => void,
): void {
  switch (letter) {
    case letters.name:
      told.name ||= bytes.toString('utf8', start, end).trim();
      break;
    case letters.version:
      told.version ||= bytes.toString('utf8', start, end).trim();
      break;
    case letters.arch:
      told.arch ||= bytes.toString('utf8', start, end).trim();
      break;
    case letters.folder:
      tell();
      told.folder = bytes.toString('utf8', start, end);
      break;
    case letters.file:
      tell();
      told.file = bytes.toString('utf8', start, end);
      told.link = false;
      break;
    case letters.mode:
      // Only links have all permissions.
      if (bytes.toString('latin1', Math.max(start, end - 4), end) === ':777') told.link = true;
      break;
    case letters.sum:
      tell(digestOf(bytes, start, end));
      break;
    default:
  }
}

/** `Q1` and the SHA-1 in base64, `Q2` and the SHA-256. */
function digestOf(bytes: Buffer, start: number, end: number): string | undefined {
  const mark = bytes.toString('latin1', start, start + 2);
  const sum = sums.find((one) => one.mark === mark);
  if (sum === undefined || end - start > 64) return undefined;
  const digest = Buffer.from(bytes.toString('latin1', start + 2, end), 'base64');
  return digest.length === sum.bytes ? `${sum.algorithm}:${digest.toString('hex')}` : undefined;
}
