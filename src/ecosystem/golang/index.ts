import { buildPurl } from '../../model/purl.ts';
import { order } from '../../version/go.ts';
import type { Ecosystem } from '../contract.ts';
import { parseBinary, partialReader } from './binary.ts';
import { claims, isGoMod, sniff } from './claims.ts';
import { parseGoMod } from './go-mod.ts';
import { isVendorList, parseVendorList } from './vendor-list.ts';
import { releaseAsSemver, standardLibrary, unversioned } from './version-name.ts';

/** Largest program that is read, in bytes: it may be held in memory as a whole, and compresses to nothing if it is made to. */
const limit = 512 * 1024 * 1024;

/** Go modules: the build information in programs, go.mod files and vendored modules. */
export const ecosystem: Ecosystem = {
  id: 'golang',
  title: 'Go modules',
  recognises: [
    { what: 'programs that Go built (ELF, PE, Mach-O)', example: 'usr/bin/app', presence: 'installed' },
    { what: '`go.mod`', example: 'src/go.mod', presence: 'declared' },
    { what: '`vendor/modules.txt`', example: 'src/vendor/modules.txt', presence: 'declared' },
  ],
  revision: 3,
  database: false,
  limit,
  order,
  claims,
  sniff,
  partial: partialReader,
  bytesAlone: (path) => !isGoMod(path) && !isVendorList(path),
  parse(file) {
    if (isGoMod(file.path)) return parseGoMod(file);
    return isVendorList(file.path) ? parseVendorList(file) : parseBinary(file);
  },

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
