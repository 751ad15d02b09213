import { describe, expect, test } from 'vitest';
import { countDistributions } from '../../../src/format/sbom/distribution.ts';
import { parseSbom } from '../../../src/format/sbom/parse.ts';
import { document, linesOf } from './support.ts';

const languages = ['npm @babel/traverse 7.20.0 [MIT]', 'npm lodash 4.17.20 [MIT]'];
const system = [
  'deb bsdutils 1:2.38.1-5+b1 from util-linux 2.38.1-5 [amd64]',
  'deb libssl3 3.0.9-1 from openssl 3.0.9-1 [amd64]',
];

describe('documents of Syft', () => {
  test.each([
    ['syft-1.18.cdx.json', 'cyclonedx-json'],
    ['syft-1.18.cdx.xml', 'cyclonedx-xml'],
    ['syft-1.18.spdx.json', 'spdx-json'],
    ['syft-1.18.spdx', 'spdx-tag-value'],
    ['syft-1.18.syft.json', 'syft-json'],
  ])('%s', (name, format) => {
    const found = parseSbom(document(name));
    expect(found.format).toBe(format);
    expect(linesOf(found)).toEqual([...system, ...languages, 'pypi pyyaml 5.3 [MIT]'].sort());
    expect([found.incomplete, found.problems, found.judged]).toEqual([false, [], undefined]);
    const distribution = found.distribution ?? countDistributions(found.packages).most;
    expect([distribution?.id, distribution?.version]).toEqual(['debian', '12']);
  });

  test('that name the distribution say all of it', () => {
    const expected = {
      id: 'debian',
      version: '12',
      like: [],
      name: 'Debian GNU/Linux 12 (bookworm)',
      codename: 'bookworm',
    };
    for (const name of ['syft-1.18.cdx.json', 'syft-1.18.cdx.xml', 'syft-1.18.syft.json']) {
      expect(parseSbom(document(name)).distribution, name).toEqual(expected);
    }
  });

  test('say where a package was found', () => {
    for (const name of ['syft-1.18.cdx.json', 'syft-1.18.cdx.xml', 'syft-1.18.syft.json']) {
      const lodash = parseSbom(document(name)).packages.find((found) => found.name === 'lodash');
      expect(lodash?.paths, name).toEqual(['/app/node_modules/lodash/package.json']);
    }
  });
});

describe('documents of Trivy', () => {
  test.each([
    ['trivy-0.59.cdx.json', 'cyclonedx-json'],
    ['trivy-0.59.spdx.json', 'spdx-json'],
    ['trivy-0.59.spdx', 'spdx-tag-value'],
  ])('%s', (name, format) => {
    const found = parseSbom(document(name));
    expect(found.format).toBe(format);
    const lines = linesOf(found);
    expect(lines).toEqual([...system, ...languages, 'pypi PyYAML 5.3 [MIT]'].sort());
    expect(found.distribution).toEqual({ id: 'debian', version: '12.0', like: [], name: 'debian 12.0' });
  });
});
