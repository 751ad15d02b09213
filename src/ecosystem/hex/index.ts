import type { PackageRecord } from '../../model/package.ts';
import { warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { isNamed } from '../../util/path.ts';
import { order } from '../../version/semver.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { readAppResource } from './app-resource.ts';
import { readMixLock } from './mix-lock.ts';
import { isPlatform } from './platform.ts';
import { readRebarLock } from './rebar-lock.ts';
import { usableField } from './records.ts';

/** Largest file (bytes) that is read. */
const sizeLimit = 16 * 1024 * 1024;
const slash = 0x2f;
const ebin = 'ebin/';

type Kind = 'app' | 'mix' | 'rebar';

/**
 * Packages of Hex, for Erlang and Elixir: the application resource files of what is installed, built or released, and
 * what mix.lock and rebar.lock name. The applications of Erlang/OTP and Elixir themselves are none; the program itself,
 * which has such a file too, can't be told from the packages that it is made of.
 */
export const ecosystem: Ecosystem = {
  id: 'hex',
  title: 'Elixir and Erlang packages',
  recognises: [
    { what: '`ebin/*.app`', example: 'app/lib/jason-1.4.1/ebin/jason.app', presence: 'installed' },
    { what: '`mix.lock`', example: 'app/mix.lock', presence: 'declared' },
    { what: '`rebar.lock`', example: 'app/rebar.lock', presence: 'declared' },
  ],
  revision: 1,
  database: false,
  limit: sizeLimit,
  order,
  lastLetters: 'pk',
  claims: (path) => kindOf(path) !== undefined,
  parse(file) {
    const kind = kindOf(file.path);
    if (kind === 'app') return parseApp(file);
    if (kind === 'mix') return parseLock(file, readMixLock);
    if (kind === 'rebar') return parseLock(file, readRebarLock);
    return { packages: [], problems: [] };
  },
  folder: packageFolder,
  /** The purl type's own rule: both are lower case; the namespace is the organization of a private package. */
  purl({ name, version }) {
    const cut = name.indexOf('/');
    return buildPurl({
      type: 'hex',
      ...(cut === -1 ? {} : { namespace: name.slice(0, cut).toLowerCase() }),
      name: name.slice(cut + 1).toLowerCase(),
      version,
    });
  },
  advisories: ({ name, version }) => (name.includes('/') ? undefined : { ecosystem: 'Hex', name, version }),
};

/** The last letter alone turns almost every path away. */
function kindOf(path: string): Kind | undefined {
  switch (path.charCodeAt(path.length - 1)) {
    case 0x70: // app
      return path.endsWith('.app') && isInEbin(path) ? 'app' : undefined;
    case 0x6b: // lock
      return lockKind(path);
    default:
      return undefined;
  }
}

/** The folder of the compiled code, which is called so wherever it lies. */
function isInEbin(path: string): boolean {
  const start = path.lastIndexOf('/') + 1 - ebin.length;
  return start >= 0 && path.startsWith(ebin, start) && (start === 0 || path.charCodeAt(start - 1) === slash);
}

/** A lock file within a dependency's source says what its authors develop with: none of it is in the image. */
function lockKind(path: string): Kind | undefined {
  const kind = isNamed(path, 'mix.lock') ? 'mix' : isNamed(path, 'rebar.lock') ? 'rebar' : undefined;
  if (kind === undefined || path.startsWith('deps/') || path.includes('/deps/')) return undefined;
  return path.includes('_build/') || path.includes('node_modules/') ? undefined : kind;
}

/** `lib/jason-1.4.1` of `lib/jason-1.4.1/ebin/jason.app`: in folders called otherwise more may lie than the package. */
function packageFolder(path: string): string | undefined {
  if (kindOf(path) !== 'app') return undefined;
  const end = path.lastIndexOf('/') - ebin.length;
  const start = path.lastIndexOf('/', end - 1);
  if (end <= 0 || start === -1) return undefined;
  const parent = path.slice(path.lastIndexOf('/', start - 1) + 1, start);
  return parent === 'lib' || parent === 'plugins' ? path.slice(0, end) : undefined;
}

/** What the file doesn't say, its folder's name does, so that emptying the file hides nothing. */
function parseApp(file: ClaimedFile): Parsed {
  try {
    const record = readAppResource(file.bytes);
    return { packages: record === undefined ? [] : [record], problems: [] };
  } catch (thrown) {
    const named = namedByFolder(file.path);
    return { ...unreadableFile(file, thrown), packages: named === undefined ? [] : [named] };
  }
}

/** The package of `jason-1.4.1/ebin/jason.app`, as releases lay it. */
function namedByFolder(path: string): PackageRecord | undefined {
  const file = path.lastIndexOf('/') + 1;
  const end = file - 1 - ebin.length;
  const folder = path.slice(path.lastIndexOf('/', end - 1) + 1, Math.max(end, 0));
  const name = path.slice(file, -'.app'.length);
  const version = folder.startsWith(`${name}-`) ? folder.slice(name.length + 1) : undefined;
  if (!usableField(name) || !usableField(version) || isPlatform(name)) return undefined;
  return { name, version, presence: 'installed' };
}

function parseLock(file: ClaimedFile, read: (bytes: Buffer) => PackageRecord[]): Parsed {
  try {
    return { packages: read(file.bytes), problems: [] };
  } catch (thrown) {
    return unreadableFile(file, thrown);
  }
}

function unreadableFile(file: ClaimedFile, thrown: unknown): Parsed {
  if (!(thrown instanceof SluiceError)) throw thrown;
  return { packages: [], problems: [warning('hex/unreadable', thrown.message, file.path)] };
}
