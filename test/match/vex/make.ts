import { type Digest, digestOfHex } from '../../../src/model/digest.ts';
import type { EvidenceTarget } from '../../../src/model/evidence.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { Package } from '../../../src/model/package.ts';
import type { GivenVex, VexComponent, VexDocument, VexProduct, VexStatement } from '../../../src/model/vex.ts';

/** A digest of one digit, 64 times. */
export function digest(digit: string): Digest {
  return digestOfHex(digit.repeat(64));
}

/** An image whose manifest is of 1s and whose configuration is of 2s. */
export const image: EvidenceTarget = {
  kind: 'image',
  digest: digest('1'),
  id: digest('2'),
  platform: 'linux/amd64',
  distribution: { id: 'debian', version: '12', like: [], name: 'Debian', codename: 'bookworm' },
  layers: [],
};

/** A package of a purl. */
export function pack(purl: string, parts: Partial<Package> = {}): Package {
  const [, ecosystem = '', rest = ''] = /^pkg:([a-z]+)\/([^?]*)/.exec(purl) ?? [];
  const [path = '', version = ''] = rest.split('@');
  const name = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
  return {
    ecosystem,
    name,
    version: decodeURIComponent(version),
    presence: 'installed',
    purl,
    paths: [`/lib/${name}`],
    layer: 0,
    ...parts,
  };
}

/** A finding of `CVE-2024-1` in a package. */
export function finding(found: Package, parts: Partial<Finding> = {}): Finding {
  return {
    kind: 'vulnerability',
    id: 'CVE-2024-1',
    aliases: ['GHSA-aaaa-bbbb-cccc'],
    advisories: ['DSA-1-1'],
    severity: 'high',
    severitySource: 'publisher',
    package: found.purl,
    name: found.name,
    version: found.version,
    presence: found.presence,
    fixed: [],
    layer: found.layer,
    from: 'own',
    paths: found.paths,
    title: 'a flaw',
    cwes: [],
    ...parts,
  };
}

/** A component by its identifiers. */
export function component(...ids: string[]): VexComponent {
  return { ids, hashes: [] };
}

/** A product by one identifier, with its parts by theirs. */
export function product(id: string, ...parts: string[]): VexProduct {
  return { ...component(id), subcomponents: parts.map((part) => component(part)) };
}

/** A statement that `CVE-2024-1` does not affect a product. */
export function statement(products: readonly VexProduct[], parts: Partial<VexStatement> = {}): VexStatement {
  return {
    vulnerabilities: ['CVE-2024-1'],
    status: 'not_affected',
    justification: 'vulnerable_code_not_present',
    products,
    timestamp: '2024-06-01T00:00:00Z',
    ...parts,
  };
}

/** A document with these statements. */
export function given(
  id: string,
  statements: readonly VexStatement[],
  parts: Partial<GivenVex> = {},
  document: Partial<VexDocument> = {},
): GivenVex {
  const hex = Buffer.from(id).toString('hex').padEnd(64, '0').slice(0, 64);
  return {
    document: {
      format: 'openvex',
      id,
      author: 'ACME',
      timestamp: '2024-06-01T00:00:00Z',
      statements,
      unread: [],
      ...document,
    },
    name: `${id}.json`,
    digest: digestOfHex(hex),
    believed: true,
    ...parts,
  };
}
