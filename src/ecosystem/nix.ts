import { warning } from '../model/problem.ts';
import { buildPurl } from '../model/purl.ts';
import { order } from '../version/nix.ts';
import type { Ecosystem } from './contract.ts';

const store = 'nix/store/';
/** Characters of a store path's hash (Nix manual, "Store Path"). */
const hashLength = 32;
/** The letters and digits of the hash: those that look or sound alike are left out (Nix manual, "Nix32"). */
const isHashCode = Array.from({ length: 128 }, (_, code) => /[0-9a-df-np-sv-z]/.test(String.fromCharCode(code)));
/** What a name may hold (Nix manual, "Store Path"). */
const nameText = /^[0-9A-Za-z+\-._?=]{1,211}$/;
/** Names of outputs that are put behind the version; a package's outputs are one package each in the store. */
const outputs = new Set([
  ...['bin', 'dev', 'devdoc', 'doc', 'dist', 'debug', 'data', 'examples', 'getent', 'headers', 'info', 'lib', 'libgcc'],
  ...['man', 'modules', 'out', 'py', 'python', 'server', 'static', 'terminfo', 'tools'],
]);
/** Endings of what is no program or library: sources, patches, derivations, and links to what others hold. */
const otherEndings =
  /(?:\.(?:drv|patch|lock|tar|gz|xz|bz2|zip|sh|json|conf|diff|service|txt|nix|chroot|check)|-(?:env|source|src))$/;

/** What stands in the Nix store: folders whose names tell package and version. Their content needs no reading. */
export const ecosystem: Ecosystem = {
  id: 'nix',
  title: 'Nix store paths',
  recognises: [
    {
      what: '`/nix/store/<hash>-<name>-<version>`',
      example: `${store}00000000000000000000000000000000-hello-2.12`,
      presence: 'installed',
    },
  ],
  revision: 1,
  database: false,
  limit: 0,
  order,
  claims: () => false,
  claimsFolder: isStorePath,
  parse({ path }) {
    const name = path.slice(store.length + hashLength + 1);
    if (!nameText.test(name)) {
      const message = 'the folder of the Nix store has a name that Nix gives to none; it may be a package';
      return { packages: [], problems: [warning('nix/unreadable', message, path)] };
    }
    const said = nameIn(name);
    return { packages: said ? [{ ...said, presence: 'installed' }] : [], problems: [] };
  },
  folder: (path) => (isStorePath(path) ? path : undefined),
  purl({ name, version, arch }) {
    return buildPurl({ type: 'nix', name, version, qualifiers: { output: arch } });
  },
  /** Nobody publishes advisories by the names of Nix packages. */
  advisories: () => undefined,
};

/** A folder directly in the store, with a hash and a name. Runs for every folder: no allocation. */
function isStorePath(path: string): boolean {
  const dash = store.length + hashLength;
  if (!path.startsWith(store) || path.charCodeAt(dash) !== 0x2d || path.indexOf('/', store.length) >= 0) return false;
  for (let at = store.length; at < dash; at++) if (!isHashCode[path.charCodeAt(at)]) return false;
  return true;
}

/** `openssl-3.0.13-bin`: the version begins behind the first dash before a digit (Nix manual, `builtins.parseDrvName`). */
function nameIn(text: string): { name: string; version: string; arch?: string } | undefined {
  if (otherEndings.test(text)) return undefined;
  const dash = /-(?=\d)/.exec(text)?.index ?? -1;
  if (dash <= 0) return undefined;
  const rest = text.slice(dash + 1);
  const last = rest.lastIndexOf('-');
  const output = last > 0 && outputs.has(rest.slice(last + 1)) ? rest.slice(last + 1) : undefined;
  const version = output === undefined ? rest : rest.slice(0, last);
  return { name: text.slice(0, dash), version, ...(output === undefined ? {} : { arch: output }) };
}
