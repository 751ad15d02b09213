import { buildPurl } from '../../model/purl.ts';
import { order } from '../../version/go.ts';
import type { Ecosystem } from '../contract.ts';
import { parseBinary, partialReader } from './binary.ts';
import { claims, isGoMod, sniff } from './claims.ts';
import { parseGoMod } from './go-mod.ts';
import { releaseAsSemver, standardLibrary, unversioned } from './version-name.ts';

/** Largest program that is read, in bytes: it may be held in memory as a whole, and compresses to nothing if it is made to. */
const limit = 512 * 1024 * 1024;

/** Go modules: the build information in programs, and go.mod files. */
export const ecosystem: Ecosystem = {
  id: 'golang',
  revision: 2,
  database: false,
  limit,
  order,
  claims,
  sniff,
  partial: partialReader,
  bytesAlone: (path) => !isGoMod(path),
  parse: (file) => (isGoMod(file.path) ? parseGoMod(file) : parseBinary(file)),

  /** The purl type asks for lower case; advisories are looked up by the true name. */
  purl({ name, version }) {
    const path = name.toLowerCase();
    const slash = path.lastIndexOf('/');
    const parts = { type: 'golang', namespace: path.slice(0, Math.max(slash, 0)), name: path.slice(slash + 1) };
    return buildPurl(version === unversioned ? parts : { ...parts, version });
  },

  /** Without a version there is nothing to compare, so there is nothing to look up. */
  advisories({ name, version }) {
    if (version === unversioned) return undefined;
    return { ecosystem: 'Go', name, version: name === standardLibrary ? releaseAsSemver(version) : version };
  },
};
