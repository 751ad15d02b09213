import fc from 'fast-check';
import parse from 'spdx-expression-parse';
import { describe, expect, test } from 'vitest';
import { canonical, expressionOf, idsIn } from '../../../src/detect/licences/expression.ts';
import { isLicencePattern } from '../../../src/detect/licences/patterns.ts';

/** What packages of each kind really state, and what it means. */
const stated: readonly (readonly [from: string, statements: Readonly<Record<string, string>>])[] = [
  [
    'SPDX',
    {
      MIT: 'MIT',
      mit: 'MIT',
      '(MIT OR CC0-1.0)': 'MIT OR CC0-1.0',
      'MIT AND MIT': 'MIT',
      'GPL-2.0+': 'GPL-2.0-or-later',
      'LGPL-2.1': 'LGPL-2.1-only',
      'GPL-2.0-with-classpath-exception': 'GPL-2.0-only WITH Classpath-exception-2.0',
      'GPL-2.0-only WITH Linux-syscall-note': 'GPL-2.0-only WITH Linux-syscall-note',
      'MIT AND (Apache-2.0 OR GPL-2.0)': 'MIT AND (Apache-2.0 OR GPL-2.0-only)',
      'LicenseRef-Acme AND MIT': 'LicenseRef-Acme AND MIT',
      NONE: 'NONE',
      NOASSERTION: 'NOASSERTION',
    },
  ],
  [
    'rpm',
    {
      'GPLv2+ and LGPLv2+ and BSD': 'GPL-2.0-or-later AND LGPL-2.0-or-later AND BSD-3-Clause',
      '(GPL+ or Artistic) and Public Domain': '(GPL-1.0-or-later OR Artistic-1.0) AND LicenseRef-public-domain',
      'GPLv3+ with exceptions': 'GPL-3.0-or-later',
      'MIT with advertising': 'MIT-advertising',
      'ASL 2.0': 'Apache-2.0',
      'LGPLv2+ and Inner-Net': 'LGPL-2.0-or-later AND LicenseRef-Inner-Net',
      'GPLv3+ and GPLv3+ with exceptions and GFDL': 'GPL-3.0-or-later AND GFDL-1.1-or-later',
      'MPLv1.1 or GPLv2+ or LGPLv2+': 'MPL-1.1 OR GPL-2.0-or-later OR LGPL-2.0-or-later',
      'zlib and Boost': 'Zlib AND BSL-1.0',
    },
  ],
  [
    'Python',
    {
      'MIT License': 'MIT',
      'BSD License': 'BSD-3-Clause',
      'Apache Software License': 'Apache-2.0',
      'Apache License, Version 2.0': 'Apache-2.0',
      'BSD or Apache License, Version 2.0': 'BSD-3-Clause OR Apache-2.0',
      'Mozilla Public License 2.0 (MPL 2.0)': 'MPL-2.0',
      'GNU General Public License v2 (GPLv2)': 'GPL-2.0-only',
      'GNU Lesser General Public License v3 or later (LGPLv3+)': 'LGPL-3.0-or-later',
      'GNU Library or Lesser General Public License (LGPL)': 'LGPL-2.0-or-later',
      'Python Software Foundation License': 'PSF-2.0',
      'ISC License (ISCL)': 'ISC',
      'The Unlicense (Unlicense)': 'Unlicense',
      'Dual License': 'NOASSERTION',
    },
  ],
  [
    'Alpine and Arch',
    {
      'GPL2+': 'GPL-2.0-or-later',
      GPL2: 'GPL-2.0-only',
      'MPL-2.0 AND MIT': 'MPL-2.0 AND MIT',
      'GPL-2.0-or-later WITH GCC-exception': 'GPL-2.0-or-later WITH GCC-exception-3.1',
      'custom:foo': 'NOASSERTION',
    },
  ],
  [
    'npm, RubyGems, Packagist',
    {
      'MIT/Apache-2.0': 'MIT OR Apache-2.0',
      'MIT/X11': 'MIT',
      'Ruby, BSD-2-Clause': 'Ruby AND BSD-2-Clause',
      'SEE LICENSE IN LICENSE.md': 'NOASSERTION',
      UNLICENSED: 'LicenseRef-unlicensed',
      proprietary: 'LicenseRef-proprietary',
    },
  ],
  [
    'R, Perl, Haskell',
    {
      'GPL (>= 2)': 'GPL-2.0-or-later',
      'GPL-2 | GPL-3': 'GPL-2.0-only OR GPL-3.0-only',
      'MIT + file LICENSE': 'MIT',
      perl_5: 'Artistic-1.0-Perl OR GPL-1.0-or-later',
      apache_2_0: 'Apache-2.0',
      BSD3: 'BSD-3-Clause',
    },
  ],
  [
    'Maven and NuGet',
    {
      'The Apache Software License, Version 2.0': 'Apache-2.0',
      'Eclipse Public License v. 2.0': 'EPL-2.0',
      'GNU Lesser General Public License': 'LGPL-2.0-or-later',
      'CDDL + GPLv2 with classpath exception': 'CDDL-1.0 OR GPL-2.0-only WITH Classpath-exception-2.0',
      'http://www.apache.org/licenses/LICENSE-2.0.txt': 'Apache-2.0',
      'https://opensource.org/licenses/BSD-3-Clause': 'BSD-3-Clause',
      'https://www.gnu.org/licenses/gpl-3.0.html': 'GPL-3.0-only',
      'https://licenses.example.com/MIT': 'MIT',
      'https://example.com/licence': 'NOASSERTION',
    },
  ],
  [
    'whoever puts the text where the name belongs',
    {
      'MIT License\n\nCopyright (c) 2020 Jane Doe\n\nPermission is hereby granted': 'MIT',
      [`Copyright 2020 Jane Doe. ${'All that is here is hers. '.repeat(100)}`]: 'NOASSERTION',
    },
  ],
];

describe.each(stated)('what is stated in %s', (_, statements) => {
  test.each(Object.entries(statements))('%j', (written, expected) => {
    expect(expressionOf(written)).toBe(expected);
    if (expected !== 'NONE' && expected !== 'NOASSERTION') {
      expect(() => parse(expected)).not.toThrow();
      expect(expressionOf(expected)).toBe(expected);
    }
  });
});

test('the ids of an expression are those of its licences, each once', () => {
  expect(idsIn('MIT AND (GPL-2.0-only WITH Classpath-exception-2.0 OR LicenseRef-x) AND MIT')).toEqual([
    'GPL-2.0-only',
    'LicenseRef-x',
    'MIT',
  ]);
  expect(idsIn('NOASSERTION')).toEqual([]);
});

test('what is nested too deep is no expression', () => {
  expect(canonical(`${'('.repeat(50)}MIT${')'.repeat(50)}`)).toBe('MIT');
  expect(canonical(`${'('.repeat(51)}MIT${')'.repeat(51)}`)).toBeUndefined();
  expect(canonical(Array(900).fill('MIT').join(' OR '))).toBeUndefined();
  expect(canonical(Array(150).fill('MIT').join(' OR '))).toBe('MIT');
});

test('whatever is stated becomes an SPDX expression in time, always the same one', () => {
  const words = fc.constantFrom(
    ...[
      'MIT',
      'GPLv2+',
      'BSD',
      'and',
      'or',
      'with',
      'AND',
      'OR',
      'WITH',
      '(',
      ')',
      '/',
      ',',
      ';',
      '|',
      '+',
      '>= 2',
      'v2',
    ],
    ...[
      'Classpath-exception-2.0',
      'or later',
      'LicenseRef-x',
      'Apache License, Version 2.0',
      '://',
      'public domain',
      'é',
      '-',
    ],
  );
  const statements = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(words, { maxLength: 60 }).map((parts) => parts.join(' ')),
  );
  fc.assert(
    fc.property(statements, (written) => {
      const found = expressionOf(written);
      if (found !== 'NONE' && found !== 'NOASSERTION') parse(found);
      expect(expressionOf(found)).toBe(found);
    }),
    { numRuns: 400 },
  );
});

test('a hostile statement of the longest length costs little', () => {
  const before = process.cpuUsage();
  for (const part of ['(', 'GPL+ ', 'a,', 'or later ', '>= 1', 'MIT with ', ' + ', 'v1 ', '/']) {
    expressionOf(part.repeat(Math.floor(1000 / part.length)));
  }
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
});

test.each([
  ['MIT', true],
  ['mit', true],
  ['GPL-2.0', true],
  ['GPL-2.0+', true],
  ['BSD-*', true],
  ['*', true],
  ['GPL-2.0-only WITH Classpath-exception-2.0', true],
  ['LicenseRef-acme', true],
  ['LicenseRef-*', true],
  ['MTI', false],
  ['Quux-*', false],
  ['MIT OR ISC', false],
  ["MIT'", false],
  ['', false],
])('%j as a pattern of licences: %s', (text, expected) => {
  expect(isLicencePattern(text)).toBe(expected);
});
