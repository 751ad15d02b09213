import type { PackageRecord } from '../../model/package.ts';
import { warning } from '../../model/problem.ts';
import type { ClaimedFile, Parsed } from '../contract.ts';
import { isModuleWord } from './module-word.ts';

/** The largest modules.txt that is read, in bytes; the largest real ones have about 200 kB. */
const maxSize = 16 * 1024 * 1024;
/** The most modules that are read. */
const maxModules = 50_000;
const name = 'vendor/modules.txt';

/**
 * Whether the path is that of a program's `vendor/modules.txt`: not of one that is vendored itself, in the module cache,
 * test data, or the Go toolchain, which says for itself what its standard library holds.
 */
export function isVendorList(path: string): boolean {
  if (!path.endsWith(name)) return false;
  const folder = path.length - name.length;
  if (folder > 0 && path.charCodeAt(folder - 1) !== 0x2f) return false;
  const first = path.startsWith('vendor/') ? 0 : path.indexOf('/vendor/') + 1;
  if (first !== folder) return false;
  return !path.includes('pkg/mod/') && !path.includes('testdata/') && !isToolchain(path, folder);
}

/** `usr/local/go/src/vendor/`, `usr/share/go-1.19/src/cmd/vendor/`; a program may be in `go/src`, where Go's own images work. */
function isToolchain(path: string, folder: number): boolean {
  const source = path.endsWith('src/cmd/', folder) ? folder - 8 : path.endsWith('src/', folder) ? folder - 4 : -1;
  if (source < 2) return false;
  const above = path.lastIndexOf('/', source - 2);
  return above > 0 && path.startsWith('go', above + 1);
}

interface Vendored {
  readonly path: string;
  readonly version: string;
  /** Whether a package of it lies in the folder. */
  used: boolean;
}

/**
 * The modules of which packages lie in a `vendor` folder (Go modules reference, "Vendoring"): replaced ones as their
 * replacement, without those that a local folder replaces. Never throws.
 */
export function parseVendorList(file: ClaimedFile): Parsed {
  if (file.bytes.length > maxSize) {
    return {
      packages: [],
      problems: [warning('go/vendor-unreadable', 'modules.txt is larger than 16 MiB', file.path)],
    };
  }
  const { modules, badLine } = readModules(file.bytes.toString('latin1'));
  const records = new Map<string, PackageRecord>();
  for (const { path, version, used } of modules) {
    if (used && version !== '') records.set(`${path}@${version}`, { name: path, version, presence: 'declared' });
  }
  const problems =
    badLine === undefined
      ? []
      : [warning('go/vendor-unreadable', `line ${badLine} of modules.txt can not be read`, file.path)];
  return { packages: [...records.values()], problems };
}

/** A line for each module (`# path version`, `# path version => path version`), and below it one for each package. */
function readModules(text: string): { modules: readonly Vendored[]; badLine: number | undefined } {
  const modules: Vendored[] = [];
  let badLine: number | undefined;
  let current: Vendored | undefined;
  let line = 0;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    line++;
    if (text.startsWith('# ', at)) {
      const module = modules.length < maxModules ? moduleOf(text.slice(at + 2, end)) : undefined;
      if (module === undefined) badLine ??= line;
      else modules.push(module);
      current = module;
    } else if (text.charCodeAt(at) !== 0x23 && end > at && current !== undefined) {
      current.used = true;
    }
    at = end + 1;
  }
  return { modules, badLine };
}

/** Undefined for a line that makes no sense. What is replaced by a folder has no version, nor has what only `replace` names. */
function moduleOf(text: string): Vendored | undefined {
  const words = text.trim().split(' ', 8);
  const arrow = words.indexOf('=>');
  const own = arrow < 0 ? words : words.slice(0, arrow);
  const other = arrow < 0 ? undefined : words.slice(arrow + 1);
  if (own.length < 1 || own.length > 2 || !own.every(isModuleWord)) return undefined;
  const [path = '', version = ''] = own;
  if (other === undefined) return version === '' ? undefined : { path, version, used: false };
  // A folder's name may hold blanks, and is not used.
  const [newPath = '', newVersion = ''] = other;
  if (newPath === '') return undefined;
  const folder = newPath.startsWith('.') || newPath.startsWith('/') || other.length !== 2;
  if (folder) return { path, version: '', used: false };
  return isModuleWord(newPath) && isModuleWord(newVersion)
    ? { path: newPath, version: newVersion, used: false }
    : undefined;
}
