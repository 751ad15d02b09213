import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { mostWaivers, readWaivers } from '../../../src/policy/waiver/read.ts';
import { SluiceError } from '../../../src/util/error.ts';
import { now, read } from './samples.ts';

const schema = JSON.parse(readFileSync('schema/sluice-waivers-v1.json', 'utf8'));
const fits = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(schema);

/** A file with one waiver that has these lines. */
const file = (...lines: string[]): string => `version: 1\nwaivers:\n  - ${lines.join('\n    ')}\n`;
const rest = ['reason: not reachable', 'owner: shop team', 'expires: 2026-12-31'];

/** What reading says is wrong: message, and correction. */
function wrong(text: string): readonly [string, string | undefined] {
  try {
    read(text);
  } catch (thrown) {
    if (thrown instanceof SluiceError && thrown.code === 'waivers/malformed') return [thrown.message, thrown.hint];
    throw thrown;
  }
  throw new Error('nothing is wrong');
}

test('A waiver is read with all that it can say', () => {
  const text = `# ours
version: 1
waivers:
  # the first
  - id: [CVE-2026-0001, GHSA-aaaa-bbbb-cccc]
    package: pkg:npm/lodash@4.17.*
    path: ['/app/**', '/srv/{a,b}/*']
    rule: 'cis-docker/*'
    image: ['registry.example.com/shop/*', 'debian:12', 'sha256:${'a'.repeat(64)}']
    reason: >
      Not reachable:
      nobody calls it.
    owner: Shop team <shop@example.com>
    ticket: SHOP-12
    from: 2026-01-01
    expires: "2026-12-31"
    until: { fix: true, exploited: true, epss: 0.5, base: 'sha256:${'b'.repeat(64)}' }
`;
  expect(read(text)).toEqual({
    waivers: [
      {
        ids: ['CVE-2026-0001', 'GHSA-aaaa-bbbb-cccc'],
        packages: ['pkg:npm/lodash@4.17.*'],
        paths: ['/app/**', '/srv/{a,b}/*'],
        rules: ['cis-docker/*'],
        images: ['registry.example.com/shop/*', 'debian:12', `sha256:${'a'.repeat(64)}`],
        reason: 'Not reachable: nobody calls it.',
        owner: 'Shop team <shop@example.com>',
        ticket: 'SHOP-12',
        from: '2026-01-01',
        expires: '2026-12-31',
        until: { fixReleased: true, exploited: true, epssAbove: 0.5, base: `sha256:${'b'.repeat(64)}` },
        place: 'sluice.waivers.yaml:5',
      },
    ],
    files: [{ name: 'sluice.waivers.yaml', digest: `sha256:${createHash('sha256').update(text).digest('hex')}` }],
  });
  expect(fits(parse(text))).toBe(true);
});

test('Files are read in their order, and one may hold no waivers', () => {
  const bytes = (text: string): Buffer => Buffer.from(text);
  const { waivers, files } = readWaivers(
    [
      { name: 'b.yaml', bytes: bytes(file('id: CVE-1', ...rest)) },
      { name: 'a.yaml', bytes: bytes('version: 1\nwaivers:\n') },
      { name: 'c.yaml', bytes: bytes('{"version": 1, "waivers": []}') },
      { name: 'd.yaml', bytes: bytes(file('id: CVE-2', ...rest)) },
    ],
    { now },
  );
  expect(waivers.map(({ place }) => place)).toEqual(['b.yaml:3', 'd.yaml:3']);
  expect(files.map(({ name }) => name)).toEqual(['b.yaml', 'a.yaml', 'c.yaml', 'd.yaml']);
});

describe('What is malformed is an error with its place and the correction', () => {
  const at = 'sluice.waivers.yaml';
  const cases: readonly (readonly [string, string, string, string | undefined])[] = [
    ['no version', 'waivers: []', `${at}:1:1: version is missing`, 'begin the file with version: 1'],
    [
      'another version',
      'version: 2\nwaivers: []',
      `${at}:1:10: this version of waiver files is not known`,
      'write version: 1',
    ],
    ['no list', 'version: 1', `${at}:1:1: waivers is missing`, 'write waivers: [] where there are none'],
    [
      'an unknown setting',
      file('id: CVE-1', ...rest, 'expire: 2026-12-31'),
      `${at}:7:5: there is no setting expire of a waiver`,
      'did you mean expires?',
    ],
    [
      'no selector',
      file('image: debian:12', ...rest),
      `${at}:3:5: this waiver does not say what it waives`,
      'give id, package, path or rule',
    ],
    [
      'no reason',
      file('id: CVE-1', 'owner: o', 'expires: 2026-12-31'),
      `${at}:3:5: this waiver has no reason`,
      'add reason: and say why this may wait',
    ],
    [
      'an empty reason',
      file('id: CVE-1', "reason: ' '", 'owner: o', 'expires: 2026-12-31'),
      `${at}:4:13: reason is empty`,
      undefined,
    ],
    [
      'no owner',
      file('id: CVE-1', 'reason: r', 'expires: 2026-12-31'),
      `${at}:3:5: this waiver has no owner`,
      'add owner: and say who answers for it',
    ],
    [
      'no end',
      file('id: CVE-1', 'reason: r', 'owner: o'),
      `${at}:3:5: this waiver never ends`,
      'add expires: and a day, 2028-06-15 at the latest',
    ],
    [
      'a day that does not exist',
      file('id: CVE-1', 'reason: r', 'owner: o', 'expires: 2026-02-30'),
      `${at}:6:14: expires: there is no 2026-02-30`,
      'the nearest day is 2026-02-28',
    ],
    [
      'a 29 February of no leap year',
      file('id: CVE-1', 'reason: r', 'owner: o', 'expires: 2027-02-29'),
      `${at}:6:14: expires: there is no 2027-02-29`,
      'the nearest day is 2027-02-28',
    ],
    [
      'a month that does not exist',
      file('id: CVE-1', 'reason: r', 'owner: o', 'expires: 2026-13-01'),
      `${at}:6:14: expires: there is no 2026-13-01`,
      'the nearest day is 2026-12-01',
    ],
    [
      'a day without hyphens',
      file('id: CVE-1', 'reason: r', 'owner: o', 'expires: 20261231'),
      `${at}:6:14: expires: "20261231" is no day`,
      'write 2026-12-31',
    ],
    [
      'a day with a time',
      file('id: CVE-1', 'reason: r', 'owner: o', 'expires: 2026-12-31T00:00:00Z'),
      `${at}:6:14: expires: "2026-12-31T00:00:00Z" is no day`,
      'write 2026-12-31',
    ],
    [
      'no day at all',
      file('id: CVE-1', 'reason: r', 'owner: o', 'expires: never'),
      `${at}:6:14: expires: "never" is no day`,
      'write YYYY-MM-DD, as in 2026-12-31',
    ],
    [
      'an end too far away',
      file('id: CVE-1', 'reason: r', 'owner: o', 'expires: 2028-06-16'),
      `${at}:6:14: expires: 2028-06-16 is more than two years away`,
      '2028-06-15 at the latest',
    ],
    [
      'an end before its beginning',
      file('id: CVE-1', ...rest, 'from: 2027-01-01'),
      `${at}:7:11: from: 2027-01-01 is after expires, 2026-12-31`,
      'swap the two, or correct one',
    ],
    [
      'a pattern of ids',
      file("id: 'CVE-2026-*'", ...rest),
      `${at}:3:9: id: "CVE-2026-*" is no id`,
      'name each flaw; package, path, rule and image take patterns',
    ],
    ['an id twice', file('id: [CVE-1, CVE-1]', ...rest), `${at}:3:17: id names CVE-1 twice`, undefined],
    ['an empty list', file('id: []', ...rest), `${at}:3:9: id is empty`, undefined],
    [
      'no package URL',
      file('package: openssl', ...rest),
      `${at}:3:14: package: this is no package URL`,
      'a package URL begins with pkg: and its type, as in pkg:npm/openssl',
    ],
    [
      'a pattern of types',
      file("package: 'pkg:*/openssl'", ...rest),
      `${at}:3:14: package: this is no package URL`,
      'as in pkg:deb/debian/openssl or pkg:npm/lodash@4.17.*; the type can hold no *',
    ],
    [
      'a package URL whose version is empty',
      file("package: 'pkg:npm/lodash@'", ...rest),
      `${at}:3:14: package: there is no version behind @`,
      'write it, or leave out the @ where any is meant',
    ],
    [
      'a qualifier without its value',
      file("package: 'pkg:deb/debian/openssl?arch='", ...rest),
      `${at}:3:14: package: behind ? stand qualifiers, each with a value`,
      'as in ?arch=amd64; any text is *, there is no ?',
    ],
    [
      'a question mark for any character',
      file("package: 'pkg:npm/lodash@4.17.?'", ...rest),
      `${at}:3:14: package: behind ? stand qualifiers, each with a value`,
      'as in ?arch=amd64; any text is *, there is no ?',
    ],
    [
      'an empty subpath',
      file("package: 'pkg:npm/lodash#'", ...rest),
      `${at}:3:14: package: there is nothing behind #`,
      'write a path below the package, or leave out the #',
    ],
    [
      'an encoded star',
      file("package: 'pkg:npm/lodash%2a'", ...rest),
      `${at}:3:14: package: it has an encoded *`,
      'write * where any text is meant; a * itself has no sign',
    ],
    [
      'a relative path',
      file('path: ./usr/lib', ...rest),
      `${at}:3:11: path: paths in an image are absolute`,
      'write /usr/lib',
    ],
    [
      'a glob without its brace',
      file("path: '/a{b'", ...rest),
      `${at}:3:11: path: the pattern has a { without its }`,
      undefined,
    ],
    [
      'no rule',
      file('rule: Runs as root', ...rest),
      `${at}:3:11: rule: this is no id of a rule`,
      'such as cis-docker/healthcheck or cis-docker/*',
    ],
    [
      'an image in upper case',
      file('id: CVE-1', 'image: Debian', ...rest),
      `${at}:4:12: image: "Debian" is not an image reference: the repository "library/Debian" must be in lower case`,
      undefined,
    ],
    [
      'an event that is none',
      file('id: CVE-1', ...rest, 'until: { exploit: true }'),
      `${at}:7:14: there is no setting exploit of until`,
      'did you mean exploited?',
    ],
    [
      'an event that is off',
      file('id: CVE-1', ...rest, 'until: { fix: false }'),
      `${at}:7:19: fix is true where it is given`,
      'leave it out where it is to end nothing',
    ],
    [
      'no events',
      file('id: CVE-1', ...rest, 'until: {}'),
      `${at}:7:12: until names no event`,
      'leave it out, or say fix: true',
    ],
    [
      'no probability',
      file('id: CVE-1', ...rest, 'until: { epss: 50 }'),
      `${at}:7:20: epss is a probability from 0 to below 1`,
      'such as epss: 0.5',
    ],
    [
      'no digest',
      file('id: CVE-1', ...rest, 'until: { base: debian:12 }'),
      `${at}:7:20: base is the digest of the base image`,
      'sha256: and 64 hexadecimal digits',
    ],
    ['no map', 'version: 1\nwaivers: [CVE-1]', `${at}:2:11: a waiver takes a map, not a text`, undefined],
    ['what is no YAML', 'version: 1\nwaivers: [', `${at}:2:10: this [ is not closed`, undefined],
  ];
  test.each(cases)('%s', (_name, text, message, hint) => {
    expect(wrong(text)).toEqual([message, hint]);
  });

  test('Two that waive the same at the same time', () => {
    const one = (id: string, more = ''): string =>
      `  - { id: ${id}, reason: r, owner: o, expires: 2026-12-31${more} }\n`;
    const text = `version: 1\nwaivers:\n${one('[CVE-1, CVE-2]')}${one('[CVE-2, cve-1]')}`;
    expect(wrong(text)).toEqual([
      'sluice.waivers.yaml:4:5: this waives the same as sluice.waivers.yaml:3',
      'remove one of the two',
    ]);
    const after = '  - { id: CVE-1, reason: r, owner: o, from: 2027-01-01, expires: 2027-02-01 }\n';
    expect(read(`version: 1\nwaivers:\n${one('CVE-1')}${after}`).waivers).toHaveLength(2);
    const scoped = one('CVE-1', ', image: debian:12');
    expect(read(`version: 1\nwaivers:\n${one('CVE-1')}${scoped}`).waivers).toHaveLength(2);
  });

  test('All that is wrong is counted', () => {
    expect(wrong(file('id: CVE-1', 'reason: r'))).toEqual([
      'sluice.waivers.yaml:3:5: this waiver has no owner (and 1 more fault)',
      'add owner: and say who answers for it',
    ]);
  });

  test('More waivers than there may be', () => {
    const waivers = Array.from({ length: mostWaivers + 1 }, (_, i) => ({
      id: `CVE-${i}`,
      reason: 'r',
      owner: 'o',
      expires: '2026-12-31',
    }));
    const [message] = wrong(JSON.stringify({ version: 1, waivers }));
    expect(message).toMatch(/: there are more than 10000 waivers$/);
  });
});

test('The last day that exists, and the last that may be, are read', () => {
  for (const day of ['2028-02-29', '2028-06-15', '2026-06-30'])
    expect(read(file('id: CVE-1', 'reason: r', 'owner: o', `expires: ${day}`)).waivers[0]?.expires).toBe(day);
});

test('What the schema refuses is refused, and what it takes is mostly taken', () => {
  expect(fits({ version: 1, waivers: [{ id: 'CVE-1', reason: 'r', owner: 'o' }] })).toBe(false);
  expect(fits({ version: 1, waivers: [{ reason: 'r', owner: 'o', expires: '2026-12-31' }] })).toBe(false);
  expect(fits({ version: 1, waivers: [{ rule: 'a/b', reason: 'r', owner: 'o', expires: '2026-12-31', x: 1 }] })).toBe(
    false,
  );
});

describe('Hostile files', () => {
  const good = file('id: [CVE-1, CVE-2]', "package: 'pkg:deb/debian/*'", ...rest, 'until: { fix: true, epss: 0.5 }');
  /** Whatever stands in it, a file is read, or refused as what it is. */
  function check(bytes: Uint8Array): void {
    try {
      readWaivers([{ name: 'w.yaml', bytes }], { now });
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(SluiceError);
      expect((thrown as SluiceError).message).toMatch(/^w\.yaml:\d+:\d+: [^\n]+$/);
    }
  }
  test('Random bytes and damaged files', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => check(bytes)),
      { numRuns: 150 },
    );
    fc.assert(
      fc.property(fc.nat(good.length), fc.nat(8), fc.string({ unit: 'binary', maxLength: 6 }), (from, length, text) =>
        check(Buffer.from(good.slice(0, from) + text + good.slice(from + length))),
      ),
      { numRuns: 300 },
    );
  });
  test('Deep nesting', () => {
    for (const text of ['['.repeat(100_000), '{a: '.repeat(50_000), '- '.repeat(50_000)]) check(Buffer.from(text));
  });
});
