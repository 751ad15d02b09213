import type { PackageRecord } from '../model/package.ts';
import { type Problem, warning } from '../model/problem.ts';
import { buildPurl } from '../model/purl.ts';
import { SluiceError } from '../util/error.ts';
import { asArray, asRecord, asString, parseJson } from '../util/json.ts';
import { order } from '../version/conan.ts';
import type { ClaimedFile, Ecosystem, Parsed } from './contract.ts';

/** Largest lock file (bytes) that is read. */
const sizeLimit = 64 * 1024 * 1024;
/** Most packages that one lock file may name; what comes after them is left out, and a problem says so. */
const packageLimit = 100_000;
/** Longest name or version (characters) that is kept: Conan stops at 101. */
const fieldLimit = 1000;
/** Longest reference (characters): with user, channel, revision and package. */
const referenceLimit = 4000;
/** Folders of packages and of Conan's cache: a lock file in one says what its authors develop with. */
const packageFolders = ['.conan/data/', '.conan2/p/', 'node_modules/', 'site-packages/'];
const lockName = 'conan.lock';
const slash = 0x2f;
const letterK = 0x6b;

/** What a lock file names, each name and version once, and how many references could not be read. */
interface Locked {
  readonly records: Map<string, PackageRecord>;
  bad: number;
  full: boolean;
}

/** C and C++ packages of Conan: what conan.lock names. Nothing in an image tells which of them a program was linked with. */
export const ecosystem: Ecosystem = {
  id: 'conan',
  title: 'Conan packages',
  recognises: [{ what: '`conan.lock`', example: 'src/conan.lock', presence: 'declared' }],
  revision: 1,
  database: false,
  limit: sizeLimit,
  order,
  lastLetters: 'k',
  claims(path) {
    if (path.charCodeAt(path.length - 1) !== letterK || !path.endsWith(lockName)) return false;
    const own = path.length === lockName.length || path.charCodeAt(path.length - lockName.length - 1) === slash;
    return own && !packageFolders.some((folder) => path.includes(folder));
  },
  parse(file) {
    try {
      return parsedOf(file, readLock(file.bytes));
    } catch (thrown) {
      if (!(thrown instanceof SluiceError)) throw thrown;
      return { packages: [], problems: [warning('conan/unreadable', thrown.message, file.path)] };
    }
  },
  purl: ({ name, version }) => buildPurl({ type: 'conan', name, version }),
  advisories: ({ name, version }) => ({ ecosystem: 'ConanCenter', name, version }),
};

/**
 * Reads a conan.lock: of Conan 1 a graph (`graph_lock`), of Conan 2 lists of references (Conan documentation, "Lockfiles").
 * @throws SluiceError `json/…` when it isn't JSON, `conan/unreadable` when it is neither.
 */
function readLock(bytes: Buffer): Locked {
  const lock = asRecord(parseJson(bytes));
  const locked: Locked = { records: new Map(), bad: 0, full: false };
  const nodes = asRecord(asRecord(lock?.graph_lock)?.nodes);
  if (nodes !== undefined) {
    readGraph(nodes, locked);
  } else if (lock !== undefined && asString(lock.version) !== undefined && asArray(lock.requires) !== undefined) {
    readList(lock.requires, false, locked);
    readList(lock.build_requires, true, locked);
    readList(lock.python_requires, true, locked);
  } else {
    throw new SluiceError('conan/unreadable', 'the lock file has neither a graph nor requirements');
  }
  return locked;
}

/** A reference, or a list of one and of what was built of it. */
function readList(list: unknown, dev: boolean, locked: Locked): void {
  for (const item of asArray(list) ?? []) {
    const text = asString(item) ?? asString(asArray(item)?.[0]);
    keep(text, dev ? { dev } : {}, 'declared', locked);
  }
}

/** The node of the recipe at hand has a path and no binary; one without reference is that of a conanfile.txt. */
function readGraph(nodes: Record<string, unknown>, locked: Locked): void {
  const needed = neededToRun(nodes);
  for (const [id, value] of Object.entries(nodes)) {
    const node = asRecord(value);
    const ref = node?.ref ?? node?.pref;
    if (node !== undefined && (ref === undefined || ref === null)) continue;
    const own = node?.path !== undefined && node.path !== null;
    const names = (asArray(node?.requires) ?? []).map((other) => referenceOf(nodeRef(nodes, other))?.name ?? '');
    const needs = [...new Set(names.filter((name) => name !== ''))].sort();
    const more = { ...(needs.length > 0 ? { needs } : {}), ...(own || needed.has(id) ? {} : { dev: true }) };
    keep(asString(ref), more, own ? 'application' : 'declared', locked);
  }
}

function nodeRef(nodes: Record<string, unknown>, id: unknown): string | undefined {
  if (typeof id !== 'string' || !Object.hasOwn(nodes, id)) return undefined;
  const node = asRecord(nodes[id]);
  return asString(node?.ref) ?? asString(node?.pref);
}

/** The nodes that are reached by `requires` from those that no other node asks for: the others are tools of the build. */
function neededToRun(nodes: Record<string, unknown>): ReadonlySet<string> {
  const asked = new Set<string>();
  for (const value of Object.values(nodes)) {
    const node = asRecord(value);
    for (const id of [...(asArray(node?.requires) ?? []), ...(asArray(node?.build_requires) ?? [])]) {
      if (typeof id === 'string') asked.add(id);
    }
  }
  const open = Object.keys(nodes).filter((id) => !asked.has(id));
  const reached = new Set(open);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const next of asArray(asRecord(nodes[id])?.requires) ?? []) {
      if (typeof next !== 'string' || !Object.hasOwn(nodes, next) || reached.has(next)) continue;
      reached.add(next);
      open.push(next);
    }
  }
  return reached;
}

function keep(reference: string | undefined, more: object, presence: 'application' | 'declared', locked: Locked): void {
  const identity = referenceOf(reference);
  if (identity === undefined) {
    locked.bad++;
    return;
  }
  const key = `${presence}\0${identity.name}\0${identity.version}`;
  const record: PackageRecord = { ...identity, presence, ...more };
  const known = locked.records.get(key);
  if (known === undefined && locked.records.size >= packageLimit) locked.full = true;
  else if (known === undefined || (known.dev && !record.dev)) locked.records.set(key, record);
}

/** `name/version` of `name/version@user/channel#revision%time:package`. */
function referenceOf(text: string | undefined): { readonly name: string; readonly version: string } | undefined {
  const slashAt = text?.indexOf('/') ?? -1;
  // Of many nodes, each may name one and the same text: a long one would be read as often.
  if (text === undefined || slashAt <= 0 || text.length > referenceLimit) return undefined;
  let end = slashAt + 1;
  while (end < text.length && !'@#%:'.includes(text.charAt(end))) end++;
  const name = text.slice(0, slashAt);
  const version = text.slice(slashAt + 1, end);
  return isField(name) && isField(version) ? { name, version } : undefined;
}

function isField(text: string): boolean {
  if (text === '' || text.length > fieldLimit) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x7f || code === slash) return false;
  }
  return true;
}

function parsedOf(file: ClaimedFile, { records, bad, full }: Locked): Parsed {
  const problems: Problem[] = [];
  if (bad > 0) {
    const entries = bad === 1 ? '1 reference' : `${bad} references`;
    problems.push(warning('conan/unreadable', `${entries} of the lock file can not be read`, file.path));
  }
  if (full) {
    const message = `the lock file names more than ${packageLimit} packages; the rest is left out`;
    problems.push(warning('conan/too-many-packages', message, file.path));
  }
  return { packages: [...records.values()], problems };
}
