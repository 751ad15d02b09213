import { expect, test } from 'vitest';
import { claims, largestLicenceFile } from '../../../src/detect/licences/claims.ts';

const head = { size: 1000 };

test.each([
  'LICENSE',
  'app/node_modules/x/LICENSE.md',
  'app/node_modules/x/license',
  'app/node_modules/x/LICENSE-MIT',
  'app/node_modules/x/MIT-LICENSE.txt',
  'usr/share/licenses/glibc/COPYING.LIB',
  'usr/share/licenses/glibc/LICENSES',
  'usr/share/licenses/libgcc/COPYING3.LIB',
  'usr/share/doc/bash/copyright',
  'usr/lib/python3/x-1.dist-info/LICENCE.rst',
  'usr/lib/python3/x-1.dist-info/NOTICE',
  'srv/ThirdPartyNotices.txt',
  'srv/THIRD-PARTY-NOTICES',
  'srv/UNLICENSE',
  'srv/LICENSES/EUPL-1.2.txt',
])('%s is claimed', (path) => {
  expect(claims(path, head)).toBe(true);
});

test.each([
  'usr/share/common-licenses/GPL-3',
  'usr/share/licenses/spdx/LICENSE.txt',
  'app/node_modules/x/license.js',
  'app/node_modules/x/licenses.json',
  'app/license-checker/index.js',
  'usr/share/doc/bash/copyright.gz',
  'srv/doc/copyright',
  'app/licensed',
  'app/noticeboard',
  'app/copyingmachine.txt',
  'srv/LICENSE/readme.txt',
  'srv/OLDLICENSES/x.md',
  'srv/',
  '',
])('%s is not', (path) => {
  expect(claims(path, head)).toBe(false);
});

test('an empty file is not, nor one that is too large', () => {
  expect(claims('LICENSE', { size: 0 })).toBe(false);
  expect(claims('LICENSE', { size: largestLicenceFile })).toBe(true);
  expect(claims('LICENSE', { size: largestLicenceFile + 1 })).toBe(false);
});
