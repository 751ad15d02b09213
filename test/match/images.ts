import type { Distribution, Package } from '../../src/model/package.ts';
import { sharedJson } from '../support/shared.ts';

/** One flaw in one installed package, as an independent program found it by the rules of OSV. */
export interface Entry {
  readonly ecosystem: string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly advisories: readonly string[];
  readonly aliases: readonly string[];
  readonly cves: readonly string[];
  readonly fixed: readonly string[];
  /** Right with and without. */
  readonly optional?: boolean;
}

interface Vulnerabilities {
  readonly os: { readonly id: string; readonly version: string };
  readonly vulnerabilities: readonly Entry[];
  /** Errata that hold only for rpms of a module stream, and so not for the packages of the image. */
  readonly needsModule: readonly { readonly name: string; readonly version: string; readonly advisory: string }[];
}

interface TruePackage {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly source?: { readonly name: string; readonly version: string };
  readonly arch?: string;
  readonly paths: readonly string[];
  readonly layers: readonly number[];
}

/** The images of the reference data, by name. */
export const images = [
  'alma-8-micro',
  'alma-8-rpmdb-le',
  'alma-9-micro',
  'alpine-3.10',
  'alpine-3.18',
  'bad-practice',
  'debian-12-slim',
  'distroless-like',
  'go-app',
  'java-app',
  'matching-alma-8',
  'matching-alma-9',
  'matching-alpine-3.10',
  'matching-alpine-3.11',
  'matching-alpine-3.9',
  'matching-debian-10',
  'matching-debian-11',
  'matching-debian-9',
  'multi-layer-tricks',
  'node-app',
  'python-app',
  'ruby-php-app',
  'rust-app',
] as const;

/** What the independent program says of an image. */
export function vulnerabilitiesOf(image: string): Vulnerabilities {
  return sharedJson<Vulnerabilities>('images', `${image}.vulnerabilities.json`);
}

/** The packages that an image was built from. */
export function packagesOf(image: string): Package[] {
  const { packages } = sharedJson<{ readonly packages: readonly TruePackage[] }>('images', `${image}.packages.json`);
  return packages.map((one) => ({
    ecosystem: one.ecosystem,
    name: one.name,
    version: one.version,
    presence: 'installed',
    purl: `pkg:${one.ecosystem}/${one.name}@${one.version}`,
    paths: one.paths,
    layer: one.layers[0] ?? 0,
    ...(one.source === undefined ? {} : { origin: one.source }),
    ...(one.arch === undefined ? {} : { arch: one.arch }),
  }));
}

/** The distribution of an image, as its os-release says it. */
export function distributionOf(image: string): Distribution {
  const { os } = vulnerabilitiesOf(image);
  return { id: os.id, version: os.version, like: [], name: `${os.id} ${os.version}` };
}
