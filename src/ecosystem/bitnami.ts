import { readInImage } from '../format/sbom/in-image.ts';
import { warning } from '../model/problem.ts';
import { buildPurl } from '../model/purl.ts';
import { SluiceError } from '../util/error.ts';
import { order } from '../version/semver.ts';
import type { ClaimedFile, Ecosystem, Parsed } from './contract.ts';

/** Largest document that is read, in bytes; Bitnami's have some 100 KiB. */
const limit = 32 * 1024 * 1024;

const root = 'opt/bitnami/';

/** Bitnami's applications: each brings a bill of materials of itself and of what it was built with. */
export const ecosystem: Ecosystem = {
  id: 'bitnami',
  title: 'Bitnami applications',
  recognises: [
    {
      what: '`opt/bitnami/**/.spdx-*.spdx`',
      example: 'opt/bitnami/nginx/.spdx-nginx.spdx',
      presence: 'installed',
    },
  ],
  revision: 1,
  database: false,
  limit,
  order,
  lastLetters: 'x',
  claims: (path) =>
    path.endsWith('.spdx') && path.startsWith(root) && path.startsWith('.spdx-', path.lastIndexOf('/') + 1),
  parse,
  folder,
  purl: ({ name, version }) => buildPurl({ type: 'bitnami', name, version }),
  advisories: ({ name, version }) => ({ ecosystem: 'Bitnami', name, version: withoutRevision(version) }),
};

/** `opt/bitnami/nginx`; what several share (`opt/bitnami/common`) is nobody's alone. */
function folder(path: string): string | undefined {
  const end = path.lastIndexOf('/');
  const name = path.slice(root.length, Math.max(end, root.length));
  return path.slice(end + 1) === `.spdx-${name}.spdx` ? path.slice(0, end) : undefined;
}

/** `1.25.3-5` is the fifth build of 1.25.3; by semantic versioning it would be older than that. */
function withoutRevision(version: string): string {
  return version.replace(/-\d{1,9}$/, '');
}

function parse(file: ClaimedFile): Parsed {
  try {
    const { byType, problems } = readInImage(file.bytes, 'installed', file.path);
    const others = [...byType]
      .filter(([id]) => id !== 'bitnami')
      .map(([id, packages]) => ({ ecosystem: id, packages }));
    return { packages: byType.get('bitnami') ?? [], problems, others };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    return { packages: [], problems: [warning('bitnami/unreadable', thrown.message, file.path)] };
  }
}
