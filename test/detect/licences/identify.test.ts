import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identify } from '../../../src/detect/licences/identify.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
const list = listedTexts();

/** The texts of the SPDX list, where its package is installed. */
function listedTexts(): Readonly<Record<string, { readonly licenseText: string }>> | undefined {
  try {
    return createRequire(import.meta.url)('spdx-license-list/full.js');
  } catch {
    return undefined;
  }
}

/** The licence of a package that the tests themselves are made with. */
function ofPackage(...path: string[]): Buffer {
  return readFileSync(join(root, 'node_modules', ...path));
}

const mit = ofPackage('fast-check', 'LICENSE').toString();
const apache = readFileSync(join(root, 'LICENSE'), 'utf8');
const bsd = ofPackage('smol-toml', 'LICENSE').toString();
const isc = ofPackage('semver', 'LICENSE').toString();

function told(text: string, path = 'srv/x/LICENSE'): string | undefined {
  return identify(path, Buffer.from(text))?.expression;
}

describe('a text', () => {
  test('is told whoever it is of', () => {
    expect([mit, apache, bsd, isc].map((text) => told(text))).toEqual(['MIT', 'Apache-2.0', 'BSD-3-Clause', 'ISC']);
    expect(identify('LICENSE', Buffer.from(apache))?.likeness).toBe(1);
  });

  test('is the same in whatever way it is set', () => {
    const ways = [
      mit.toUpperCase(),
      mit.replace(/\s+/g, ' '),
      mit.replace(/^/gm, ' * '),
      mit.replaceAll('\n', '\r\n'),
      mit.replace(/copyright .*/gi, 'Copyright (c) 1999-2026 The Someone Company, Inc. and all that it has bought'),
      `# The licence of this\n\n${mit}\n\nThanks for reading all of it.`,
      Buffer.from(mit).toString('latin1'),
    ];
    expect(ways.map((text) => told(text))).toEqual(ways.map(() => 'MIT'));
    expect(identify('LICENSE', Buffer.from(`\ufeff${mit}`, 'utf16le'))?.expression).toBe('MIT');
  });

  test('beside others is told with them, and a part of it is not told twice', () => {
    expect(told(`${mit}\n---\n${apache}\n---\n${isc}\n---\n${mit}`)).toBe('Apache-2.0 AND ISC AND MIT');
    expect(told(ofPackage('zstddec', 'LICENSE').toString())).toBe('BSD-3-Clause AND MIT');
  });

  test('with another clause is another licence', () => {
    const two = bsd.replace(/^.*?Neither the name[\s\S]*?permission\.\s*$/m, '');
    expect(two.length).toBeLessThan(bsd.length - 100);
    expect(told(two)).toBe('BSD-2-Clause');
    expect(
      told(
        bsd.replace(/Neither the name[\s\S]*?permission\./, 'Nobody may use our names to endorse or promote anything.'),
      ),
    ).toBe('BSD-3-Clause');
  });

  test('of which a half is missing, and one that nobody knows, is no licence of the list', () => {
    expect(told(mit.slice(0, mit.length / 2))).toBe('NOASSERTION');
    expect(told('You may use this on Mondays, if you bring cake for everybody who asks for some.')).toBe('NOASSERTION');
  });

  test('that is none is nothing: a program, or notices that only name people', () => {
    expect(identify('LICENSE', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1]))).toBeUndefined();
    expect(told('This product includes software of Jane Doe.', 'srv/NOTICE')).toBeUndefined();
    expect(told('Licensed under the Apache License, Version 2.0.', 'srv/NOTICE')).toBe('Apache-2.0');
  });
});

describe('words that name a licence without its text', () => {
  test.each([
    ['SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note', 'GPL-2.0-only WITH Linux-syscall-note'],
    ['/* SPDX-License-Identifier: (MIT OR Apache-2.0) */', 'MIT OR Apache-2.0'],
    [
      'under the terms of the GNU General Public License as published by\nthe Free Software Foundation; either version 2 of the License, or\n(at your option) any later version. See the GNU General Public License for more.',
      'GPL-2.0-or-later',
    ],
    ['under the GNU Lesser General Public License, version 2.1, and nothing else.', 'LGPL-2.1-only'],
    ['under version 3 of the GNU General Public License as published by the FSF.', 'GPL-3.0-only'],
    ['The text of the GNU GPL is in /usr/share/common-licenses/GPL-3.', 'GPL-3.0-only'],
    ['GNU Affero General Public License v3 or later', 'AGPL-3.0-or-later'],
    ['This is free software, under the same terms as Perl itself.', 'Artistic-1.0-Perl OR GPL-1.0-or-later'],
    ['See https://creativecommons.org/licenses/by-sa/4.0/ for more.', 'CC-BY-SA-4.0'],
    ['This file is in the public domain.', 'LicenseRef-public-domain'],
    ['Released under the MIT license.', 'MIT'],
  ])('%j', (text, expected) => {
    expect(identify('srv/x/COPYING', Buffer.from(text))).toEqual({ expression: expected, likeness: 0 });
  });
});

describe("Debian's copyright", () => {
  const path = 'usr/share/doc/tiny/copyright';
  const form = (stanzas: string): string =>
    `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: tiny\n\n${stanzas}`;

  test('is told by its fields for files, and not by the texts that they stand for', () => {
    const text =
      form(`Files: *\nCopyright: 2020 Jane Doe\nLicense: GPL-2+\n\nFiles: src/a.c\n src/b.c\nCopyright: 2021\nLicense: Expat or BSD-3-clause

Files: debian/*\nCopyright: 2022\nLicense:\n Artistic\n\nLicense: AGPL-3\n The text of something that is named nowhere.\n`);
    expect(identify(path, Buffer.from(text))).toEqual({
      expression: 'Artistic-1.0-Perl AND GPL-2.0-or-later AND (MIT OR BSD-3-Clause)',
      likeness: 0,
    });
  });

  test('has names of its own, and licences that are theirs alone', () => {
    const text = form(
      'Files: *\nLicense: LGPLv3+_or_GPLv2+\n\nFiles: m4/*\nLicense: GPL-2+ with Autoconf exception\n\nFiles: x\nLicense: permissive-of-x\n',
    );
    expect(told(text, path)).toBe(
      'GPL-2.0-or-later WITH Autoconf-exception-3.0 AND (LGPL-3.0-or-later OR GPL-2.0-or-later) AND LicenseRef-permissive-of-x',
    );
  });

  test('in free words is told by texts and by names, also both', () => {
    const text = `This package was made by Jane.\n\nThe library:\n${mit}\nThe rest is under the GNU General Public License, version 3 or later.\n`;
    expect(told(text, path)).toBe('GPL-3.0-or-later AND MIT');
  });

  test('of a thousand licences tells a hundred, and that there are more', () => {
    const stanzas = Array.from({ length: 1000 }, (_, i) => `Files: ${i}\nLicense: Own-${i}x\n`).join('\n');
    const parts = told(form(`Files: *\nLicense: MIT\n\n${stanzas}`), path)?.split(' AND ') ?? [];
    expect([parts.length, parts.includes('LicenseRef-and-more'), parts.includes('MIT')]).toEqual([101, true, true]);
  });
});

test.skipIf(!list)('every text of the SPDX list is told as itself, or as the licence whose text it has', () => {
  const wrong: string[] = [];
  for (const [id, { licenseText }] of Object.entries(list ?? {})) {
    const family = id.replace(/(?:-(?:no-)?invariants)?(?:-only|-or-later|\+)?(?:-with-.*)?$/, '');
    const found = identify('LICENSE', Buffer.from(licenseText))?.expression ?? '';
    if (!found.includes(family)) wrong.push(`${id}: ${found}`);
  }
  expect(wrong.sort()).toEqual(
    [
      // Of too few words of English.
      'CC-BY-SA-2.1-JP: NOASSERTION',
      'TermReadKey: NOASSERTION',
      'any-OSI: NOASSERTION',
      'diffmark: NOASSERTION',
      // With the very words of another one.
      'CAL-1.0-Combined-Work-Exception: CAL-1.0',
      'MPL-2.0-no-copyleft-exception: MPL-2.0',
      'OFL-1.0-RFN: OFL-1.0',
      'OFL-1.0-no-RFN: OFL-1.0',
      'OFL-1.1-RFN: OFL-1.1',
      'OFL-1.1-no-RFN: OFL-1.1',
      'OLDAP-2.2.2: OLDAP-2.3',
      // Deprecated: texts of others, and notices that are none.
      'BSD-2-Clause-FreeBSD: BSD-2-Clause-Views',
      'BSD-2-Clause-NetBSD: BSD-2-Clause',
      'GPL-2.0-with-GCC-exception: GPL-1.0-or-later',
      'GPL-2.0-with-autoconf-exception: GPL-1.0-or-later',
      'GPL-2.0-with-bison-exception: NOASSERTION',
      'GPL-2.0-with-classpath-exception: GPL-1.0-or-later',
      'GPL-2.0-with-font-exception: GPL-1.0-or-later',
      'Net-SNMP: BSD-3-Clause',
      'Nunit: zlib-acknowledgement',
      'StandardML-NJ: SMLNJ',
      'bzip2-1.0.5: bzip2-1.0.6',
      'eCos-2.0: GPL-2.0-or-later',
      'wxWindows: GPL-1.0-or-later AND LGPL-2.0-or-later',
    ].sort(),
  );
});

test('a hostile file of a megabyte ends in time, and any bytes do', () => {
  const many = [mit, bsd, isc, apache]
    .join('\n')
    .repeat(60)
    .slice(0, 1 << 20);
  const notices = 'gnu general public license version 2 or (at your option) any later version '.repeat(14_000);
  const stanzas = 'Files: *\nLicense: GPL-2+ or MIT\n\n'.repeat(30_000);
  const before = process.cpuUsage();
  for (const [path, text] of [
    ['LICENSE', many],
    ['LICENSE', notices],
    ['LICENSE', 'copyright ('.repeat(90_000)],
    ['usr/share/doc/x/copyright', stanzas],
    ['usr/share/doc/x/copyright', `License: ${' '.repeat(1_000_000)}x`],
  ] as const) {
    identify(path, Buffer.from(text));
  }
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.boolean(), (bytes, debian) => {
      const found = identify(debian ? 'usr/share/doc/x/copyright' : 'LICENSE', Buffer.from(bytes));
      if (found) expect(found.likeness >= 0 && found.likeness <= 1).toBe(true);
    }),
    { numRuns: 200 },
  );
});
