import type { Evidence } from '../../../src/model/evidence.ts';
import type { Waiver, Waivers } from '../../../src/policy/waiver/contract.ts';
import { readWaivers } from '../../../src/policy/waiver/read.ts';
import { evidence, finding, pack } from '../../report/samples.ts';

/** The day of all tests here. */
export const now = new Date('2026-06-15T12:00:00Z');

/** One waiver with what is given; as read from line `line`. */
export function waiver(given: Partial<Waiver>, line = 3): Waiver {
  return {
    ids: [],
    packages: [],
    paths: [],
    rules: [],
    images: [],
    reason: 'not reachable',
    owner: 'shop team',
    expires: '2026-12-31',
    until: {},
    place: `sluice.waivers.yaml:${line}`,
    ...given,
  };
}

/** Waivers as if they had been read, one every ten lines. */
export function waivers(...given: readonly Partial<Waiver>[]): Waivers {
  return { waivers: given.map((one, i) => waiver(one, 3 + 10 * i)), files: [] };
}

/** The waivers of a file's text. */
export function read(text: string, name = 'sluice.waivers.yaml'): Waivers {
  return readWaivers([{ name, bytes: Buffer.from(text) }], { now });
}

export const openssl = pack({
  ecosystem: 'deb',
  name: 'openssl',
  version: '3.0.11-1',
  purl: 'pkg:deb/debian/openssl@3.0.11-1?arch=amd64&distro=debian-12',
  paths: ['/var/lib/dpkg/status'],
  layer: 0,
});
export const lodash = pack({ name: 'lodash', version: '4.17.4', paths: ['/app/a/lodash', '/app/b/lodash'] });

/** An image with a flaw in openssl, that has a fix and is exploited, and two in lodash. */
export const image: Evidence = evidence({
  packages: [openssl, lodash],
  findings: [
    finding(openssl, {
      id: 'CVE-2026-0001',
      aliases: ['DSA-9999-1'],
      severity: 'high',
      fixed: ['3.0.12-1'],
      exploited: { added: '2026-06-01', due: '2026-06-22', ransomware: false },
      epss: { score: 0.7, percentile: 0.99 },
    }),
    finding(lodash, { id: 'CVE-2026-0002', aliases: ['GHSA-aaaa-bbbb-cccc'], severity: 'critical' }),
    finding(lodash, { id: 'CVE-2026-0003', severity: 'low' }),
  ],
});
