import { SluiceError } from '../../util/error.ts';
import { asRecord, asString, parseJson } from '../../util/json.ts';
import { type Details, Found } from './found.ts';
import { integrityHashes } from './integrity.ts';
import { neededNames } from './needs.ts';

const modules = 'node_modules/';
const alias = 'npm:';

/**
 * What a package-lock.json or npm-shrinkwrap.json of version 1 (`dependencies`, a tree) or 2 and 3 (`packages`, by
 * place) names: docs.npmjs.com, package-lock.json.
 * @throws SluiceError `json/…` when it isn't JSON, `npm/unreadable` when it isn't a lock file.
 */
export function readPackageLock(bytes: Buffer): Found {
  const lock = asRecord(parseJson(bytes));
  if (lock === undefined) throw new SluiceError('npm/unreadable', 'the lock file is not an object');
  const packages = asRecord(lock.packages);
  const dependencies = asRecord(lock.dependencies);
  const found = new Found();
  if (packages !== undefined) {
    readPackages(packages, lock, found);
  } else if (lock.packages === undefined && (dependencies !== undefined || isEmptyLock(lock))) {
    found.application(lock.name, lock.version);
    if (dependencies !== undefined) readTree(dependencies, found);
  } else {
    throw new SluiceError('npm/unreadable', 'the lock file has neither packages nor dependencies');
  }
  return found;
}

/** npm leaves `dependencies` out of a version 1 lock file that has none. */
function isEmptyLock(lock: Record<string, unknown>): boolean {
  return lock.dependencies === undefined && typeof lock.lockfileVersion === 'number';
}

function readPackages(packages: Record<string, unknown>, lock: Record<string, unknown>, found: Found): void {
  for (const [key, value] of Object.entries(packages)) {
    const entry = asRecord(value);
    // A link points to a folder of the source tree that has its own entry.
    if (entry === undefined || entry.link === true) continue;
    const own = asString(entry.name);
    const needs = neededNames(entry.dependencies, entry.optionalDependencies);
    if (key === '') found.application(own ?? lock.name, entry.version ?? lock.version, { needs });
    else if (isInstallPlace(key)) found.declare(own ?? lastName(key), entry.version, detailsOf(entry, needs));
    else found.application(own ?? key.slice(key.lastIndexOf('/') + 1), entry.version, { needs });
  }
}

function detailsOf({ dev, license, integrity }: Record<string, unknown>, needs: string[] | undefined): Details {
  return { dev: dev === true, license: asString(license), hashes: integrityHashes(integrity), needs };
}

function isInstallPlace(key: string): boolean {
  return key.startsWith(modules) || key.includes(`/${modules}`);
}

/** `@s/b` of `node_modules/a/node_modules/@s/b`. */
function lastName(key: string): string {
  return key.slice(key.lastIndexOf(modules) + modules.length);
}

/** Walks the tree of a version 1 lock file; its depth is bounded by that of the JSON reader. */
function readTree(dependencies: Record<string, unknown>, found: Found): void {
  for (const [key, value] of Object.entries(dependencies)) {
    const entry = asRecord(value);
    if (entry === undefined) continue;
    // `dependencies` are what lies below it here, and `requires` what it needs.
    const details = detailsOf(entry, neededNames(entry.requires));
    const version = asString(entry.version);
    if (version?.startsWith(alias)) declareAlias(version.slice(alias.length), details, found);
    else found.declare(key, version, details);
    const below = asRecord(entry.dependencies);
    if (below !== undefined) readTree(below, found);
  }
}

/** `debug@2.6.9` of `"old-debug": {"version": "npm:debug@2.6.9"}`. */
function declareAlias(target: string, details: Details, found: Found): void {
  const cut = target.lastIndexOf('@');
  if (cut > 0) found.declare(target.slice(0, cut), target.slice(cut + 1), details);
}
