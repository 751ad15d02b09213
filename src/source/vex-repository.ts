import { closeSync, existsSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { messageOf, SluiceError } from '../util/error.ts';
import { asArray, asRecord, asString, parseJson } from '../util/json.ts';
import { escapesRoot } from '../util/path.ts';
import { openFile, readWholeRegion } from './file.ts';

/** Largest list of a VEX repository that is read, in bytes. */
const indexLimit = 64 * 1024 * 1024;
/** Most packages of one repository. */
const packageLimit = 100_000;

/** Where the list is: in the folder itself, or in that of the specification's version, as scanners unpack it. */
const roots = ['', '0.1', 'v0.1', 'v0'];

/** A document that a VEX repository lists. */
export interface Listed {
  /** purls without a version: it may be listed for several. */
  readonly packages: string[];
  readonly file: string;
  /** The path below the folder. */
  readonly location: string;
}

/**
 * The documents of a folder that is a VEX repository (VEX Repository Specification 0.1): `index.json` lists them by the
 * package that they are about. Undefined when it is none; a list that leads out of the folder is told to `onWarning`.
 * @throws SluiceError `vex/repository`
 */
export function listedIn(folder: string, onWarning: (message: string) => void): Listed[] | undefined {
  const root = roots.map((name) => join(folder, name)).find((path) => existsSync(join(path, 'index.json')));
  const isNamed = existsSync(join(folder, 'vex-repository.json'));
  if (root === undefined) {
    if (!isNamed) return undefined;
    throw new SluiceError(
      'vex/repository',
      'the VEX repository has no index.json',
      'unpack its archive into the folder',
    );
  }
  if (!isWithin(folder, join(root, 'index.json'))) {
    throw new SluiceError('vex/repository', 'index.json of the VEX repository is a link out of its folder');
  }
  const packages = packagesOf(join(root, 'index.json'));
  if (packages === undefined) {
    if (!isNamed) return undefined;
    throw new SluiceError('vex/repository', 'index.json of the VEX repository lists no packages');
  }
  let refused = 0;
  const listed = new Map<string, Listed>();
  for (const value of packages) {
    const item = asRecord(value);
    const id = asString(item?.id) ?? '';
    const location = asString(item?.location) ?? '';
    const file = id.startsWith('pkg:') ? inside(root, location) : undefined;
    if (file === undefined) {
      refused++;
      continue;
    }
    const before = listed.get(file);
    if (before) before.packages.push(id);
    else listed.set(file, { packages: [id], file, location });
  }
  if (refused > 0) onWarning(`${refused} entries of index.json name no package, or no file inside of the folder`);
  return [...listed.values()];
}

function packagesOf(path: string): readonly unknown[] | undefined {
  const file = openFile(path, 'index.json');
  try {
    if (file.size > indexLimit) {
      throw new SluiceError('vex/repository', `index.json of the VEX repository is larger than ${indexLimit} bytes`);
    }
    const packages = asArray(asRecord(parseJson(readWholeRegion(file.fd, 0, file.size)))?.packages);
    if (packages && packages.length > packageLimit) {
      throw new SluiceError('vex/repository', `index.json lists more than ${packageLimit} packages`);
    }
    return packages;
  } catch (thrown) {
    if (thrown instanceof SluiceError && thrown.code === 'vex/repository') throw thrown;
    throw new SluiceError('vex/repository', `index.json of the VEX repository can't be read: ${messageOf(thrown)}`);
  } finally {
    closeSync(file.fd);
  }
}

/** The file, if it is below the root in truth: neither `..` nor a link may lead to another file of this machine. */
function inside(root: string, location: string): string | undefined {
  if (location === '' || location.length > 4_096 || /^[/\\]|[\0\\]/.test(location) || escapesRoot(location))
    return undefined;
  const path = join(root, location);
  return isWithin(root, path) ? path : undefined;
}

function isWithin(folder: string, path: string): boolean {
  try {
    return realpathSync(path).startsWith(realpathSync(folder) + sep);
  } catch {
    // What is not there is told when it is read.
    return true;
  }
}
