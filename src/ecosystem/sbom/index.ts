import { readInImage } from '../../format/sbom/in-image.ts';
import { warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { order } from '../../version/semver.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { nameKindOf, presenceAt } from './place.ts';

/** Largest bill of materials in an image that is read, in bytes. */
const limit = 64 * 1024 * 1024;

/** Words by which a document that can't be read is known to be meant as a bill of materials. */
const marks = ['"bomFormat"', '"spdxVersion"', 'SPDXVersion:', 'cyclonedx.org/schema/bom'].map((mark) =>
  Buffer.from(mark),
);

/** Bills of materials that lie in the image: the packages that they name are those of other kinds. */
export const ecosystem: Ecosystem = {
  id: 'sbom',
  title: 'Bills of materials in the image',
  recognises: [
    {
      what: '`var/lib/db/sbom/*.spdx.json` (Wolfi, Chainguard)',
      example: 'var/lib/db/sbom/nginx-1.27.0-r0.spdx.json',
      presence: 'installed',
    },
    { what: '`usr/local/share/sbom/*`', example: 'usr/local/share/sbom/app.json', presence: 'installed' },
    {
      what: '`layers/sbom/launch/**` (buildpacks)',
      example: 'layers/sbom/launch/paketo-buildpacks_npm-install/launch-modules/sbom.cdx.json',
      presence: 'installed',
    },
    {
      what: '`*.dist-info/sboms/*.json` (PEP 770)',
      example: 'usr/lib/python3/site-packages/x-1.dist-info/sboms/auditwheel.cdx.json',
      presence: 'installed',
    },
    {
      what: '`*.cdx.json`, `*.cyclonedx.json`, `*.cdx.xml`, `*.spdx.json`, `*.spdx`, `*.syft.json`',
      example: 'app/app.cdx.json',
      presence: 'declared',
    },
    {
      what: '`bom.json`, `bom.xml`, `sbom.json`, `META-INF/sbom/*.json`',
      example: 'app/bom.json',
      presence: 'declared',
    },
  ],
  revision: 1,
  database: false,
  limit,
  order,
  claims: (path) => nameKindOf(path) !== undefined,
  parse,
  purl: ({ name, version }) => buildPurl({ type: 'sbom', name, version }),
  advisories: () => undefined,
};

function parse(file: ClaimedFile): Parsed {
  try {
    const { byType, problems } = readInImage(file.bytes, presenceAt(file.path), file.path);
    const others = [...byType].map(([id, packages]) => ({ ecosystem: id, packages }));
    return { packages: [], problems, others };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    // Any program may have a `bom.json` of its own.
    const isMeant = nameKindOf(file.path) === 'certain' || marks.some((mark) => file.bytes.includes(mark));
    if (!isMeant || file.bytes.length === 0) return { packages: [], problems: [] };
    return { packages: [], problems: [warning('sbom/unreadable', thrown.message, file.path)] };
  }
}
