import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { secretRules } from '../../../src/detect/secrets/rules.gen.ts';
import { parsePurl } from '../../../src/model/parse-purl.ts';
import { nearRule, secretId } from '../../../src/policy/waiver/foreign/checks.ts';
import type { Foreign } from '../../../src/policy/waiver/foreign/contract.ts';
import { lastDayBefore } from '../../../src/policy/waiver/foreign/expiry.ts';
import { namePattern, pathGlob } from '../../../src/policy/waiver/foreign/globs.ts';
import { foreignKindOf, foreignKinds, readForeign } from '../../../src/policy/waiver/foreign/read.ts';
import { SluiceError } from '../../../src/util/error.ts';
import { compileGlob } from '../../../src/util/glob.ts';

/** What a fixture comes to, in lines that are short enough to be read. */
function read(name: string) {
  const kind = foreignKindOf(name);
  if (kind === undefined) throw new Error(`${name} is of no kind`);
  const { waivers, remarks, ofFolder } = readForeign(kind, readFileSync(`test/fixtures/waivers/${name}`), name);
  const taken = waivers.map(({ place, ids, packages, paths, reason, expires }) => [
    place.slice(name.length + 1),
    [...ids, ...packages, ...paths].join(' '),
    reason,
    expires,
  ]);
  return { taken, left: remarks.map(({ place, message }) => `${place.slice(name.length + 1)}: ${message}`), ofFolder };
}

test('.trivyignore', () => {
  const check = 'is nothing that sluice finds: where a rule of the policy says the same, waive that one';
  expect(read('.trivyignore')).toEqual({
    taken: [
      ['4', 'CVE-2023-45853', 'zlib is only linked by the tests', undefined],
      ['5', 'CVE-2011-3374', 'zlib is only linked by the tests', '2026-12-31'],
      ['6', 'CVE-2024-0001', 'over in the morning', '2026-06-14'],
      ['9', 'GHSA-jf85-cpcp-j695', 'behind a proxy # exp:2026-09-01', '2026-08-31'],
      ['10', 'DS-0002', undefined, undefined],
      ['12', 'secret/aws-access-key-id', undefined, undefined],
    ],
    left: [
      '7: exp:2026-02-30 is no day, so that Trivy does not go by the line',
      `11: KSV-0014 ${check}`,
      `13: GPL-3.0 ${check}`,
      `14: CVE-2024-* ${check}`,
    ],
  });
});

test('.trivyignore.yaml', () => {
  expect(read('.trivyignore.yaml')).toEqual({
    taken: [
      ['2', 'CVE-2023-45853', 'zlib is only linked by the tests', '2026-12-30'],
      [
        '5',
        'CVE-2022-40897 pkg:pypi/setuptools@58.1.0 pkg:npm/%40scope/tool /usr/local/lib/python3.9/site-packages/setuptools-58.1.0.dist-info/METADATA /**/dist-info/** /opt/*.jar',
        undefined,
        undefined,
      ],
      ['23', 'DS-0001 /docs/Dockerfile', undefined, undefined],
      ['26', 'secret/aws-access-key-id', undefined, undefined],
    ],
    left: [
      "13: CVE-2024-0001: its paths can't be said here: a waiver's globs have no [ ] and no ..",
      '15: CVE-2024-0002: its purls hold a * or are no package URLs',
      '17: CVE-2024-0003: expired_at soon is no day',
      '19: AVD-DS-0002 is not a flaw that sluice knows',
      '20: severity is a setting that is not known',
      '28: GPL-3.0 is a licence: say it in the licences of the policy',
    ],
  });
});

test('.grype.yaml', () => {
  const { taken, left } = read('.grype.yaml');
  expect(taken).toEqual([
    ['3', 'CVE-2008-4318', 'the scanner takes it for another', undefined],
    ['5', 'CVE-2023-0286 pkg:deb/*/openssl@3.0.11-1~deb12u2 /usr/lib/**', undefined, undefined],
    ['12', 'pkg:deb/*/linux-*-headers-*', undefined, undefined],
    [
      '14',
      'pkg:apk/*/requests pkg:deb/*/requests pkg:rpm/*/requests pkg:alpm/*/requests pkg:npm/requests pkg:pypi/requests pkg:gem/requests pkg:golang/requests pkg:cargo/requests pkg:nuget/requests pkg:composer/requests pkg:hex/requests pkg:pub/requests pkg:maven/*/requests',
      undefined,
      undefined,
    ],
    ['15', 'pkg:pypi/*', undefined, undefined],
    ['16', 'pkg:gem/* /usr/local/lib/ruby/gems/**', undefined, undefined],
  ]);
  expect(left).toEqual([
    '1: fail-on-severity is no waiver: what of it is to hold goes into the policy',
    "13: the package's name is the regular expression (python|perl): a waiver's pattern has nothing but *",
    '17: javascript-module is no kind of package that is known by one package URL',
    "18: fix-state can't be said of a waiver: say it in a rule of the policy, such as when: finding.fixed.size() > 0",
    "19: fix-state can't be said of a waiver: say it in a rule of the policy, such as when: finding.fixed.size() > 0",
    "21: namespace can't be said of a waiver: a waiver is over a flaw whoever has published it",
    "23: package.upstream-name can't be said of a waiver",
    "24: vex-status can't be said of a waiver: sluice goes by VEX itself: --vex FILE",
    "25: match-type can't be said of a waiver: a waiver is over a finding however it was matched",
    '26: a rule that gives nothing is over nothing',
    '27: a rule that gives nothing is over nothing',
  ]);
});

test('osv-scanner.toml', () => {
  expect(read('osv-scanner.toml')).toEqual({
    ofFolder: true,
    taken: [
      ['4', 'GO-2022-0968', 'No ssh servers are connected to', '2026-11-08'],
      ['9', 'GHSA-jf85-cpcp-j695', undefined, undefined],
      ['12', 'pkg:npm/lodash@4.17.4', 'not shipped', '2026-11-08'],
      ['20', 'pkg:maven/org.slf4j/slf4j-api', undefined, undefined],
      ['25', 'pkg:deb/*/linux*', undefined, undefined],
    ],
    left: [
      '2: GoVersionOverride is no waiver: what of it is to hold goes into the policy',
      "31: the name log4 can't be said: a waiver's pattern has nothing but *",
      '37: the entry ignores no flaws: what it says of licences goes into the policy',
      "42: group can't be said of a waiver",
      '47: the entry names neither a package nor an ecosystem',
      '50: CRAN is no ecosystem that is known by one kind of package URL',
    ],
  });
});

test('.gitleaksignore', () => {
  expect(read('.gitleaksignore')).toEqual({
    taken: [
      [
        '2',
        'config/settings.yml:generic-api-key:12 config/settings.yml:secret-assignment:12',
        'A key of the test server',
        undefined,
      ],
      [
        '3',
        'cd5226711335c68be1e720b318b7bc3135a30eb2:cmd/generate/config/rules/sidekiq.go:sidekiq-secret:23',
        'A key of the test server',
        undefined,
      ],
    ],
    left: [
      "4: the file's name holds a space or *, which no id of a waiver does",
      '5: not a fingerprint is no fingerprint, which is file:rule:line',
    ],
  });
});

test('Rules for secrets are known by the names of ours, which there are', () => {
  const ids = new Set(secretRules.rules.map(({ id }) => id));
  const theirs = ['github-pat', 'private-key', 'jwt-token', 'slack-bot-token', 'stripe-secret-token', 'other-key'];
  expect(theirs.map((id) => [secretId(id), nearRule(id)])).toEqual([
    [undefined, 'github-token'],
    ['secret/private-key', 'private-key'],
    ['secret/jwt', 'jwt'],
    [undefined, 'slack-token'],
    ['secret/stripe-key', 'stripe-key'],
    [undefined, undefined],
  ]);
  const source = readFileSync('src/policy/waiver/foreign/checks.ts', 'utf8');
  const named = [...source.matchAll(/\['[a-z-]+', '([a-z-]+)'\],/g)].map(([, name]) => `secret/${name}`);
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((id) => !ids.has(id))).toEqual([]);
});

test('Files are known by their names', () => {
  const names = [
    '.trivyignore',
    'base.trivyignore',
    '.trivyignore.yml',
    'grype.yaml',
    '.grype.yml',
    'osv-scanner.toml',
    '.gitleaksignore',
    'x.yaml',
  ];
  expect(names.map(foreignKindOf)).toEqual([
    'trivy',
    'trivy',
    'trivy-yaml',
    'grype',
    'grype',
    'osv-scanner',
    'gitleaks',
    undefined,
  ]);
});

test('An entry holds up to the day before the moment that ends it', () => {
  const days = [
    '2027-01-01',
    '2027-01-01T00:00:00Z',
    '2027-01-01T23:59:59Z',
    '2027-01-01T00:30:00+02:00',
    '2027-01-01T12:00:00',
    '2026-02-30',
    'soon',
    '2027-01-01T99:00:00Z',
  ];
  expect(days.map(lastDayBefore)).toEqual([
    '2026-12-31',
    '2026-12-31',
    '2026-12-31',
    '2026-12-30',
    '2026-12-31',
    undefined,
    undefined,
    undefined,
  ]);
});

describe('A glob is never over more than it was', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['usr/lib/*.so', '/usr/lib/*.so'],
    ['./usr', '/usr'],
    ['/usr/**', '/usr/**'],
    ['**/x', '/**/x'],
    ['a**b', '/a*b'],
    ['a/**b/c', '/a/*b/c'],
    ['{a,b}/c', '/{a,b}/c'],
    ['{**/a,b}', undefined],
    ['[ab]', undefined],
    ['../x', undefined],
    ['', undefined],
  ];
  test.each(cases)('%s', (glob, ours) => {
    expect(pathGlob(glob)).toBe(ours);
    if (ours !== undefined) expect(() => compileGlob(ours)).not.toThrow();
  });
  test('Names', () => {
    expect(['^linux.*$', 'a\\.b', 'a.b', 'a+', 'a*', '[a]', 'g\\+\\+'].map(namePattern)).toEqual([
      'linux*',
      'a.b',
      'a.b',
      undefined,
      undefined,
      undefined,
      'g++',
    ]);
  });
});

test('Whatever stands in a file, it is read or refused as what it is', () => {
  const good = new Map(
    ['.trivyignore', '.trivyignore.yaml', '.grype.yaml', 'osv-scanner.toml', '.gitleaksignore'].map((name) => [
      foreignKindOf(name),
      readFileSync(`test/fixtures/waivers/${name}`, 'utf8'),
    ]),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...foreignKinds),
      fc.nat(1500),
      fc.nat(8),
      fc.string({ unit: 'binary', maxLength: 6 }),
      (kind, from, length, text) => {
        const sample = good.get(kind) ?? '';
        const bytes = Buffer.from(sample.slice(0, from) + text + sample.slice(from + length));
        let foreign: Foreign;
        try {
          foreign = readForeign(kind, bytes, 'f');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SluiceError);
          return;
        }
        for (const { ids, packages, paths } of foreign.waivers) {
          expect(ids.length + packages.length + paths.length).toBeGreaterThan(0);
          for (const purl of packages) expect(parsePurl(purl)).toBeDefined();
          for (const path of paths) expect(path.startsWith('/')).toBe(true);
        }
      },
    ),
    { numRuns: 120 },
  );
});
