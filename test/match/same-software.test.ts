import { expect, test } from 'vitest';
import { isSameSoftware } from '../../src/match/same-software.ts';

const owner = (name: string, source?: string) => ({
  name,
  ...(source === undefined ? {} : { origin: { name: source, version: '1' } }),
});

test.each([
  ['Jinja2', owner('python3-jinja2', 'jinja2')],
  ['MarkupSafe', owner('python3-markupsafe')],
  ['zope.interface', owner('python3-zope.interface', 'zope.interface')],
  ['requests', owner('py3-requests')],
  ['cryptography', owner('python3-cryptography', 'python-cryptography')],
  ['@types/node', owner('node-types-node', 'node')],
  ['rack', owner('ruby-rack')],
  ['JSON-XS', owner('libjson-xs-perl')],
  ['org.apache.commons:commons-io', owner('libcommons-io-java', 'commons-io')],
])('%s is what %o is', (name, package_) => {
  expect(isSameSoftware({ name }, package_)).toBe(true);
});

test.each([
  ['lodash', owner('nodejs')],
  ['golang.org/x/net', owner('docker-ce')],
  ['setuptools', owner('python3-pkg-resources')],
  ['', owner('python3-')],
  ['jinja', owner('python3-jinja2')],
])('%s is not what %o is', (name, package_) => {
  expect(isSameSoftware({ name }, package_)).toBe(false);
});
