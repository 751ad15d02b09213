import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { groupings, type ReportContext } from '../../src/report/contract.ts';
import { report } from '../../src/report/table.ts';
import { displayWidth, wrap } from '../../src/report/text-width.ts';
import { arbitraryEvidence } from './arbitrary-evidence.ts';
import {
  context,
  evidence,
  finding,
  hostile,
  known,
  knownVerdict,
  pack,
  placedByOthers,
  placedSecret,
  placedSetting,
  shop,
  shopVerdict,
  trapImage,
  trapVerdict,
} from './samples.ts';

const widths = [60, 80, 100, 120, 200];

/** Every way that a table can be asked for. */
const ways = [undefined, ...groupings].flatMap((groupBy) =>
  [false, true].map((explain) => ({ ...(groupBy ? { groupBy } : {}), explain })),
);

const placed = [
  placedSecret({ also: [{ in: 'history', step: 3, layer: 0 }] }),
  placedSetting(),
  placedByOthers({
    id: hostile,
    title: hostile,
    message: hostile,
    fix: hostile,
    links: [`https://x.example/${hostile}`],
  }),
];

/** A verdict by which all that counts stops. */
function stopsAll({ findings, placed: places = [] }: Evidence): Verdict {
  const subjects = [
    ...findings.map(({ id, package: purl }) => ({ id, package: purl })),
    ...places.map(({ id, fingerprint }) => ({ id, fingerprint })),
    { id: `/etc/${hostile}`, at: hostile, fix: hostile },
  ];
  return {
    decision: 'stop',
    reasons: [
      { rule: 'a/rule', decision: 'stop', message: 'all of it', why: 'It is bad.', action: 'mend it', subjects },
    ],
  };
}

function lines(found: Evidence, verdict: Verdict, given: Partial<ReportContext>): string[] {
  return report.render(found, verdict, { ...context, ...given }).split('\n');
}

const sequences = /\x1b(?:\[[0-9;]*m|\]8;;[^\x1b]*\x1b\\)/g;

describe('on a terminal no line is wider than it', () => {
  const samples: [string, Evidence, Verdict][] = [
    ['ordinary', { ...shop, placed }, shopVerdict],
    ['all that is known', { ...known, placed }, knownVerdict],
    ['hostile', { ...trapImage, placed }, trapVerdict],
  ];

  test.each(samples)('%s', (_name, found, verdict) => {
    for (const judged of [verdict, stopsAll(found)]) {
      for (const width of widths) {
        for (const way of ways) {
          const given = { ...way, width, terminal: true };
          const plain = lines(found, judged, given);
          expect(plain.filter((line) => displayWidth(line) > width)).toEqual([]);
          expect(plain.join('\n').replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
          // Colours and links change the look and not the text.
          const painted = lines(found, judged, { ...given, colour: true, links: true });
          expect(painted.map((line) => line.replace(sequences, ''))).toEqual(plain);
        }
      }
    }
  });

  test('whatever an image holds', () => {
    fc.assert(
      fc.property(arbitraryEvidence, fc.constantFrom(...ways), fc.constantFrom(...widths), (found, way, width) => {
        const shown = lines(found, stopsAll(found), { ...way, width, terminal: true });
        expect(shown.filter((line) => displayWidth(line) > width)).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  test('and where there is none the verdict stays one line', () => {
    const text = lines(shop, shopVerdict, { width: 60 });
    expect(text.at(-2)).toMatch(/^STOP {2}1 critical.* · begin with lodash 4\.17\.4: update to 4\.17\.21$/);
    const shown = lines(shop, shopVerdict, { width: 60, terminal: true });
    expect(shown.slice(-4)).toEqual([
      'STOP  1 critical, 2 high, 1 medium, 1 unknown in 3 of 4',
      '      packages (2 layers) · 1 more in what is not judged ·',
      '      begin with lodash 4.17.4: update to 4.17.21',
      '',
    ]);
  });
});

const based: Evidence = {
  ...shop,
  target: { ...shop.target, base: { layers: 1, by: 'history' } },
  placed: placed.slice(0, 2),
};

/** What stands between the title and what is not about findings. */
function body(given: Partial<ReportContext>): string {
  const text = report.render(based, shopVerdict, { ...context, width: 100, ...given });
  return text.slice(text.indexOf('\n\n') + 2, text.indexOf('\nCould not be read'));
}

test('by layer: which instruction brought what, the worst first', () => {
  expect(body({ groupBy: 'layer' })).toBe(`layer 1 · own · 20 B · 1 critical, 1 high, 1 medium, 1 unknown
  npm ci
  lodash 4.17.4    1 critical, 1 medium, 1 unknown  update to 4.17.21 fixes 2 of 3
    CVE-2019-10744
  minimatch 3.0.4  1 high, not judged  update to 3.0.5 fixes it
    CVE-2022-3517

Secrets
  high      GitHub token [secret/github-token]
            /app/.env:2 · layer 1  ghp_…(40), its checksum holds
            history step 3 · layer 0  ghp_…(40), its checksum holds
            why  Whoever has it can act in the name of its owner.
            fix  Revoke it, and give the new one to the build as a secret mount.

layer 0 · base image · 10 B · 2 high
  ADD file:root in /
  musl 1.2.3-r3 (and 1 more)  1 high  update to 1.2.3-r4 fixes it
    CVE-2025-26519

image configuration · 1 medium
Configuration
  medium    Runs as root [image/runs-as-root]
            configuration User · Dockerfile:9  the image names no user
            why  A process that leaves its container as root is root on the host as well.
            fix  End the Dockerfile with a USER line.
`);
});

test('by fix: what one change ends, what does most first, then what nothing ends', () => {
  expect(body({ groupBy: 'fix' })).toBe(`4 changes end 6 of 7 findings

update lodash 4.17.4 to 4.17.21 → 2 findings: 1 critical, 1 medium
  layer 1 npm ci · /app/node_modules/lodash/package.json
  CVE-2019-10744 CVE-2021-23337

update musl 1.2.3-r3 to 1.2.3-r4 → 2 findings: 2 high
  in musl and musl-utils
  base layer 0 ADD file:root in /
  CVE-2025-26519

Revoke it, and give the new one to the build as a secret mount → 1 finding: 1 high
  GitHub token: /app/.env:2 · layer 1

End the Dockerfile with a USER line → 1 finding: 1 medium
  Runs as root: configuration User · Dockerfile:9

no fix known → 1 finding: 1 unknown
  lodash 4.17.4: 1 unknown
    NSWG-ECO-1
`);
});

test('a newer base image is told with what it may end at most', () => {
  const musl = pack({ name: 'musl', version: '1', layer: 0 });
  const found = evidence({
    target: { ...shop.target, base: { layers: 1, by: 'flag', name: 'alpine:3.18' } },
    packages: [musl],
    findings: [
      finding(musl, { id: 'CVE-2024-1', severity: 'high', from: 'base', fixed: ['2'] }),
      finding(musl, { id: 'CVE-2024-2', severity: 'low', from: 'base' }),
    ],
  });
  const text = report.render(found, shopVerdict, { ...context, groupBy: 'fix' });
  expect(text).toContain(`or take the base image alpine:3.18 anew
  → up to 2 findings: 1 high, 1 low; 1 of them have a fix. sluice fix
  --base-candidate shows what a candidate ends.
`);
});

test('one package in two branches of fixes is two changes, and each finding is ended once', () => {
  const one = pack({ name: 'one', version: '1.0.0' });
  const found = evidence({
    packages: [one],
    findings: [
      finding(one, { id: 'CVE-2024-1', severity: 'high', fixed: ['1.0.5', '2.0.0'] }),
      finding(one, { id: 'CVE-2024-2', severity: 'high', fixed: ['1.0.5', '2.0.0'] }),
      finding(one, { id: 'CVE-2024-3', severity: 'high', fixed: ['1.0.4', '2.0.1'] }),
    ],
  });
  const text = report.render(found, shopVerdict, { ...context, groupBy: 'fix' });
  expect(text.match(/^(?:update|\d+ changes?|no fix).*$/gm)).toEqual([
    '1 change ends all 3 findings',
    'update one 1.0.0 to 2.0.1 → 3 findings: 3 high',
  ]);
});

test('where there are no layers, by layer is by package', () => {
  const folder: Evidence = { ...shop, target: { ...shop.target, kind: 'source', layers: [] } };
  expect(lines(folder, shopVerdict, { groupBy: 'layer' })).toEqual(lines(folder, shopVerdict, {}));
});

test('explained: each finding that stops it whole, then what else does', () => {
  const subjects = [
    { id: 'CVE-2025-26519', package: shop.packages[0]!.purl },
    { id: 'CVE-2025-26519', package: shop.packages[1]!.purl },
  ];
  const verdict: Verdict = {
    decision: 'stop',
    reasons: [
      { rule: 'a/rule', decision: 'stop', message: '2 bad ones', why: 'They are bad.', subjects },
      { rule: 'b/rule', decision: 'stop', message: 'a file', action: 'take it away', subjects: [{ id: '/etc/x' }] },
      { rule: 'c/rule', decision: 'warn', message: 'not told' },
    ],
  };
  const text = report.render(based, verdict, { ...context, explain: true });
  expect(text.slice(text.indexOf('What stops it'), text.lastIndexOf('STOP'))).toBe(`What stops it
high  CVE-2025-26519 in musl and musl-utils 1.2.3-r3
  Out-of-bounds write
  Why         a/rule: They are bad.
  Severity    high, by the word of its publisher
  Advisory    https://nvd.nist.gov/vuln/detail/CVE-2025-26519
  Package     pkg:apk/alpine/musl@1.2.3-r3?arch=x86_64&distro=alpine-3.18.9
  Path        /lib/apk/db/installed
  Layer       0 (sha256:222222222222), the base image's: ADD file:root in /
  Fix         Update musl and musl-utils 1.2.3-r3 to 1.2.3-r4.

stop  a file [b/rule]
  About       /etc/x
  Fix         take it away

`);
  expect(report.render(based, { ...verdict, decision: 'warn' }, { ...context, explain: true })).not.toContain('What ');
});

test('ids are links where the terminal knows them, and a hostile address is none', () => {
  const text = report.render({ ...shop, placed }, shopVerdict, { ...context, links: true });
  expect(text).toContain('\x1b]8;;https://nvd.nist.gov/vuln/detail/CVE-2019-10744\x1b\\CVE-2019-10744\x1b]8;;\x1b\\');
  expect(text).toContain('\x1b]8;;https://docs.example.com/tokens\x1b\\secret/github-token\x1b]8;;\x1b\\');
  const targets = [...text.matchAll(/\x1b\]8;;([^\x1b]*)\x1b\\/g)].map(([, url]) => url ?? '');
  expect(
    targets.filter(
      (url) => url !== '' && !/^https:\/\/(?:nvd\.nist\.gov|osv\.dev|docs\.example\.com)\/[\x21-\x7e]*$/.test(url),
    ),
  ).toEqual([]);
  expect(targets.filter((url) => url === '').length).toBe(targets.length / 2);
});

describe('columns', () => {
  test.each([
    ['漢字', 4],
    ['e\u0301', 1],
    ['한', 2],
    ['\u1112\u1161\u11ab', 2],
    ['👍', 2],
    ['\u{1b000}', 2],
    ['❤\ufe0f', 2],
    ['\x1b[1;31mred\x1b[0m', 3],
    ['\x1b]8;;https://x.example/\x1b\\id\x1b]8;;\x1b\\', 2],
  ])('of %j are %i', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  test('a word that is cut loses its colour, not its letters', () => {
    expect(wrap('\x1b[1mabcdef\x1b[0m', 4)).toEqual(['abcd', 'ef']);
  });
});
