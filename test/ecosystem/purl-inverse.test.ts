import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import { distributionOfPurl } from '../../src/format/sbom/distribution.ts';
import { parseSbom } from '../../src/format/sbom/parse.ts';
import { recordOf } from '../../src/format/sbom/record.ts';
import type { Package } from '../../src/model/package.ts';
import { parsePurl } from '../../src/model/parse-purl.ts';

/** Every package of every fixture. */
const root = join(import.meta.dirname, '..', 'fixtures');
const packages = new Map<string, Package>();
for (const id of readdirSync(root)) {
  for (const name of readdirSync(join(root, id))) {
    const file = join(root, id, name, 'expected.json');
    if (!existsSync(file)) continue;
    const said = JSON.parse(readFileSync(file, 'utf8')) as { packages?: Package[] };
    for (const found of said.packages ?? []) packages.set(`${found.ecosystem} ${found.purl}`, found);
  }
}

/** The component that another tool would write of a package. */
function component({ purl, version, origin, ecosystem }: Package, name: string): object {
  const properties = origin
    ? [
        { name: 'syft:metadata:source', value: origin.name },
        { name: 'syft:metadata:sourceVersion', value: origin.version },
        { name: 'syft:metadata:originPackage', value: origin.name },
        { name: 'syft:metadata:sourceRpm', value: `${origin.name}-${origin.version.replace(/^\d+:/, '')}.src.rpm` },
      ]
    : [];
  return { type: 'library', name, version, purl, properties: ecosystem === 'generic' ? [] : properties };
}

describe('a package that another tool wrote as a component', () => {
  const known = [...packages.values()].map((found) => ({
    found,
    plugin: ecosystems.find(({ id }) => id === found.ecosystem),
  }));

  test('is found in the same advisories and has the same purl', () => {
    const wrong: unknown[] = [];
    for (const { found, plugin } of known) {
      if (!plugin) continue;
      const document = { bomFormat: 'CycloneDX', specVersion: '1.6', components: [component(found, found.name)] };
      const [read] = parseSbom(Buffer.from(JSON.stringify(document))).packages;
      const said = read && recordOf(read);
      const parts = parsePurl(found.purl);
      const distribution = parts && distributionOfPurl(parts);
      const record = said?.record ?? { name: '', version: '', presence: 'installed' as const };
      const back = [said?.ecosystem, plugin.purl(record, distribution), plugin.advisories(record, distribution)];
      const own = [found.ecosystem, plugin.purl(found, distribution), plugin.advisories(found, distribution)];
      // Nobody publishes advisories for it: another spelling finds none either.
      if (own[2] === undefined) back[2] = undefined;
      if (JSON.stringify(back) !== JSON.stringify(own)) wrong.push({ back, own });
    }
    expect(wrong).toEqual([]);
    expect(known.length).toBeGreaterThan(100);
  });
});

describe('the distribution of a package', () => {
  const written =
    'rpm almalinux 9.3, rpm rocky 8, rpm rhel 9.3, rpm centos 7, rpm fedora 39, rpm ol 9.3, rpm amzn 2023, rpm photon 5.0, ' +
    'rpm mariner 2.0, rpm azurelinux 3.0, rpm openeuler 24.03, rpm mageia 9, rpm bottlerocket 1.19, rpm sles 15.5, ' +
    'rpm sled 15.5, rpm sles_sap 15.5, rpm sle_hpc 15.5, rpm sle-micro 5.5, rpm sl-micro 6.0, rpm suse-microos 5.1, ' +
    'rpm opensuse-leap 15.5, rpm opensuse-leap-micro 6.0, rpm opensuse-microos 20240101, rpm opensuse-tumbleweed 20240101, ' +
    'deb debian 12, deb ubuntu 22.04, deb echo 1, apk alpine 3.18.9, apk wolfi 20230201, apk chainguard 20230214, ' +
    'alpm arch 20240101';

  test.each(written.split(', ').map((row) => row.split(' ')))(
    'is read from its purl: %s %s %s',
    (kind, id, version) => {
      const plugin = ecosystems.find((one) => one.id === kind);
      for (const release of [version ?? '', '']) {
        const distribution = { id: id ?? '', version: release, like: [], name: '' };
        const purl = plugin?.purl({ name: 'x', version: '1-1', presence: 'installed' }, distribution) ?? '';
        const read = distributionOfPurl(parsePurl(purl) ?? { type: '', name: '' });
        expect(`${purl} ${read?.id} ${read?.version}`).toBe(`${purl} ${id} ${release}`);
      }
    },
  );
});
