import fc from 'fast-check';
import { expect, test } from 'vitest';
import { baseOf, indexKey, isEcosystemBase, parseEcosystemBase } from '../../src/advisory/names.ts';
import { pagedAccess } from '../../src/advisory/paged-access.ts';
import { redirectTarget, shownUrl, urlBelow } from '../../src/advisory/url.ts';
import { bufferAccess } from '../../src/format/random-access.ts';

test('the base of an ecosystem is what stands before the first colon', () => {
  expect(['Debian:12', 'Ubuntu:22.04:LTS', 'npm'].map(baseOf)).toEqual(['Debian', 'Ubuntu', 'npm']);
});

test('names are one where their ecosystem holds them to be', () => {
  expect(indexKey('NuGet', 'Newtonsoft.Json')).toBe('NuGet\u0000newtonsoft.json');
  expect(indexKey('GitHub Actions', 'Actions/Checkout')).toBe('GitHub Actions\u0000actions/checkout');
  expect(indexKey('PyPI', 'Zope.__Example--Kit')).toBe('PyPI\u0000zope-example-kit');
  expect(indexKey('npm', 'A_b.c')).toBe('npm\u0000A_b.c');
});

test.each(['npm', 'Rocky Linux', 'crates.io', 'Red Hat'])('%s may become a folder', (name) => {
  expect(isEcosystemBase(name)).toBe(true);
});

test.each([
  '',
  '.',
  '..',
  '../npm',
  'a/b',
  'a\\b',
  'a..b',
  ' npm',
  'npm ',
  '.hidden',
  'a\u0000b',
  'Debian:12',
  'x'.repeat(65),
])('%j may not', (name) => {
  expect(isEcosystemBase(name)).toBe(false);
});

test('a typed release stands for its base; nonsense is refused', () => {
  expect(parseEcosystemBase('Alpine:v3.18')).toBe('Alpine');
  expect(() => parseEcosystemBase('../x:1')).toThrow(expect.objectContaining({ code: 'advisory/ecosystem-name' }));
});

test('URLs are built by segments and shown without secrets', () => {
  const url = urlBelow(new URL('https://user:secret@mirror.invalid/osv?key=hidden#x'), 'Rocky Linux', 'all.zip');
  expect(url.pathname).toBe('/osv/Rocky%20Linux/all.zip');
  expect(shownUrl(url)).toBe('https://mirror.invalid/osv/Rocky%20Linux/all.zip');
});

test('a redirect never leads from https to plain http, unless that is asked for', () => {
  const from = new URL('https://mirror.invalid/a');
  expect(redirectTarget(from, '/b', false).href).toBe('https://mirror.invalid/b');
  for (const to of ['http://mirror.invalid/a', 'http://127.0.0.1/a']) {
    expect(() => redirectTarget(from, to, false)).toThrow(expect.objectContaining({ code: 'advisory/redirect' }));
    expect(redirectTarget(from, to, true).href).toBe(to);
  }
});

test('reading by pages reads the same bytes', () => {
  const bytes = Buffer.from(Uint8Array.from({ length: 50_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff));
  const paged = pagedAccess(bufferAccess(bytes));
  fc.assert(
    fc.property(fc.integer({ min: -5, max: 50_010 }), fc.integer({ min: -5, max: 40_000 }), (offset, length) => {
      const inside = offset >= 0 && length >= 0 && offset + length <= bytes.length;
      if (inside) expect(paged.read(offset, length).equals(bytes.subarray(offset, offset + length))).toBe(true);
      else expect(() => paged.read(offset, length)).toThrow(expect.objectContaining({ code: 'read/out-of-range' }));
    }),
    { numRuns: 500 },
  );
});
