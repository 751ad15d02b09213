import { beforeAll, describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Verdict, WaiverUse } from '../../src/model/verdict.ts';
import { report as cyclonedx } from '../../src/report/cyclonedx.ts';
import { rowOf } from '../../src/report/fleet/row.ts';
import { fleetTable } from '../../src/report/fleet/table.ts';
import { report as sarif } from '../../src/report/sarif.ts';
import { report as table } from '../../src/report/table.ts';
import { context, evidence, finding, hostile, note, pack } from './samples.ts';
import { type Check, cycloneDxCheck, sarifCheck } from './schemas.ts';

const openssl = pack({
  ecosystem: 'deb',
  name: 'openssl',
  version: '3.0.11-1',
  purl: 'pkg:deb/debian/openssl@3.0.11-1?arch=amd64',
  paths: ['/var/lib/dpkg/status'],
  layer: 0,
});
const lodash = pack({ name: 'lodash', version: '4.17.4' });
const because = 'waived until 2026-12-31 by shop team (SHOP-7): never called [sluice.waivers.yaml:3]';

const image: Evidence = evidence({
  packages: [openssl, lodash],
  findings: [
    finding(openssl, { id: 'CVE-2026-0001', severity: 'critical', fixed: ['3.0.12-1'], title: 'Out-of-bounds write' }),
    finding(lodash, { id: 'CVE-2026-0002', severity: 'high', answered: { by: 'waiver', because } }),
    finding(lodash, { id: 'CVE-2026-0003', severity: 'medium' }),
  ],
});

/** One waiver's fate with what is given. */
const use = (line: number, about: string, given: Partial<WaiverUse>): WaiverUse => ({
  place: `sluice.waivers.yaml:${line}`,
  about,
  reason: 'never called',
  owner: 'shop team',
  expires: '2026-12-31',
  state: 'matched',
  answers: 0,
  soon: false,
  ...given,
});

const waivers: readonly WaiverUse[] = [
  use(3, 'CVE-2026-0002', { answers: 1, ticket: 'SHOP-7' }),
  use(9, 'pkg:npm/moment', { answers: 2, soon: true, expires: '2026-06-20', owner: 'web team' }),
  use(14, 'pkg:npm/lodash', { state: 'expired', note: 'its last day was 2026-06-01, so that 1 finding counts again' }),
  use(19, 'CVE-2026-0001', { state: 'ended', note: '3.0.12-1 fixes it, so that 1 finding counts again' }),
  use(24, 'CVE-2026-0009', { state: 'not-yet', note: 'it holds from 2026-07-01 on' }),
  use(29, 'CVE-2026-0002 in pkg:npm/lodash', {
    state: 'shadowed',
    note: 'all is answered already by sluice.waivers.yaml:3: remove it',
  }),
  use(34, 'CVE-1999-0001', { state: 'unused', note: 'there is nothing in this image that it would answer' }),
  use(39, 'CVE-1999-0002 of image alpine:*', { state: 'unused', note: 'is for other images' }),
];

const verdict: Verdict = {
  decision: 'stop',
  reasons: [
    {
      rule: 'vulnerability/severity',
      decision: 'stop',
      message: '1 critical vulnerability in 1 package; the policy stops at high',
      action: 'begin with openssl 3.0.11-1: update to 3.0.12-1',
      why: 'A flaw of this severity is likely to be used.',
      look: 'sluice explain CVE-2026-0001 TARGET',
      subjects: [
        { id: 'CVE-2026-0001', package: openssl.purl, fix: 'update openssl to 3.0.12-1', blame: 'introduced-known' },
      ],
    },
    {
      rule: 'team/no-root',
      decision: 'stop',
      message: 'Runs as root',
      action: 'add USER 65532 as the last line of the Dockerfile',
      why: 'Whoever breaks out of a container that runs as root is root on the node.',
      controls: ['CIS-DI-0001', 'NIST SP 800-190 4.4.1'],
      subjects: [{ id: 'shop.tar' }],
      place: 'sluice.yaml:12:5',
    },
    {
      rule: 'team/setuid',
      decision: 'warn',
      message: 'Setuid files: /usr/bin/su, /usr/bin/mount',
      subjects: [{ id: '/usr/bin/su' }, { id: '/usr/bin/mount', fix: 'remove it' }],
      place: 'sluice.yaml:20:5',
    },
    {
      rule: 'team/files',
      decision: 'undecided',
      message: 'the report does not hold the files that rule team/files asks for',
      place: 'sluice.yaml:30:5',
    },
    {
      rule: 'vulnerability/below',
      decision: 'track',
      message: '1 medium vulnerability in 1 package, inherited and disclosed since',
      subjects: [{ id: 'CVE-2026-0003', package: lodash.purl, blame: 'inherited-since', due: '2026-07-15' }],
    },
  ],
  policy: { name: 'payments', digest: `sha256:${'c'.repeat(64)}`, mapping: 'production', rules: 12 },
  baseline: {
    digest: `sha256:${'e'.repeat(64)}`,
    since: '2026-06-01T08:00:00Z',
    findings: { 'introduced-known': 1, 'introduced-since': 0, 'inherited-known': 0, 'inherited-since': 1 },
  },
  waivers,
};

describe('The table', () => {
  test('tells waivers, the policy, each reason with what it teaches, and what is only tracked', () => {
    expect(table.render(image, verdict, context)).toMatchInlineSnapshot(`
      "shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Alpine Linux v3.18

      openssl 3.0.11-1 · layer 0 ADD file:root in /
        critical  CVE-2026-0001  3.0.12-1      introduced · Out-of-bounds write

      lodash 4.17.4 · layer 1 npm ci · /app/node_modules/lodash/package.json
        medium    CVE-2026-0003  no fix known  A flaw

      Waivers
        expired    pkg:npm/lodash: its last day was 2026-06-01, so that 1 finding
                   counts again [sluice.waivers.yaml:14]
        ended      CVE-2026-0001: 3.0.12-1 fixes it, so that 1 finding counts again
                   [sluice.waivers.yaml:19]
        ends soon  pkg:npm/moment: 2 answered, until 2026-06-20 (web team): never
                   called [sluice.waivers.yaml:9]
        waived     CVE-2026-0002: 1 answered, until 2026-12-31 (shop team, SHOP-7):
                   never called [sluice.waivers.yaml:3]
        not yet    CVE-2026-0009: it holds from 2026-07-01 on [sluice.waivers.yaml:24]
        shadowed   CVE-2026-0002 in pkg:npm/lodash: all is answered already by
                   sluice.waivers.yaml:3: remove it [sluice.waivers.yaml:29]
        unused     nothing in this image is what they answer: CVE-1999-0001
                   [sluice.waivers.yaml:34]
        1 for other images

      Data  current 2026-01-03 04:05 UTC: npm 1,234 records sha256:999999999999

      Gate  policy payments (mapping production) sha256:cccccccccccc, 12 rules
            against baseline sha256:eeeeeeeeeeee of 2026-06-01 08:00 UTC: 1 introduced
            and known before, 1 inherited and disclosed since

      Why
        stop       1 critical vulnerability in 1 package; the policy stops at high
                   [vulnerability/severity]
                   why   A flaw of this severity is likely to be used.
                   fix   begin with openssl 3.0.11-1: update to 3.0.12-1
                   look  sluice explain CVE-2026-0001 shop.tar
        stop       Runs as root [team/no-root, sluice.yaml:12:5]
                   why   Whoever breaks out of a container that runs as root is root
                         on the node.
                   fix   add USER 65532 as the last line of the Dockerfile
                   for   CIS-DI-0001, NIST SP 800-190 4.4.1
        warn       Setuid files: /usr/bin/su, /usr/bin/mount [team/setuid,
                   sluice.yaml:20:5]
        undecided  the report does not hold the files that rule team/files asks for
                   [team/files, sluice.yaml:30:5]

      Tracked
        track      1 medium vulnerability in 1 package, inherited and disclosed since
                   [vulnerability/below]
                   due 2026-07-15  CVE-2026-0003 in lodash 4.17.4

      STOP  1 critical, 1 medium in 2 of 2 packages (2 layers) · 3 waived · begin with openssl 3.0.11-1: update to 3.0.12-1
      "
    `);
  });

  test('is as wide as the terminal', () => {
    expect(table.render(image, verdict, { ...context, width: 200 })).toMatchInlineSnapshot(`
      "shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Alpine Linux v3.18

      openssl 3.0.11-1 · layer 0 ADD file:root in /
        critical  CVE-2026-0001  3.0.12-1      introduced · Out-of-bounds write

      lodash 4.17.4 · layer 1 npm ci · /app/node_modules/lodash/package.json
        medium    CVE-2026-0003  no fix known  A flaw

      Waivers
        expired    pkg:npm/lodash: its last day was 2026-06-01, so that 1 finding counts again [sluice.waivers.yaml:14]
        ended      CVE-2026-0001: 3.0.12-1 fixes it, so that 1 finding counts again [sluice.waivers.yaml:19]
        ends soon  pkg:npm/moment: 2 answered, until 2026-06-20 (web team): never called [sluice.waivers.yaml:9]
        waived     CVE-2026-0002: 1 answered, until 2026-12-31 (shop team, SHOP-7): never called [sluice.waivers.yaml:3]
        not yet    CVE-2026-0009: it holds from 2026-07-01 on [sluice.waivers.yaml:24]
        shadowed   CVE-2026-0002 in pkg:npm/lodash: all is answered already by sluice.waivers.yaml:3: remove it [sluice.waivers.yaml:29]
        unused     nothing in this image is what they answer: CVE-1999-0001 [sluice.waivers.yaml:34]
        1 for other images

      Data  current 2026-01-03 04:05 UTC: npm 1,234 records sha256:999999999999

      Gate  policy payments (mapping production) sha256:cccccccccccc, 12 rules
            against baseline sha256:eeeeeeeeeeee of 2026-06-01 08:00 UTC: 1 introduced and known before, 1 inherited and disclosed since

      Why
        stop       1 critical vulnerability in 1 package; the policy stops at high [vulnerability/severity]
                   why   A flaw of this severity is likely to be used.
                   fix   begin with openssl 3.0.11-1: update to 3.0.12-1
                   look  sluice explain CVE-2026-0001 shop.tar
        stop       Runs as root [team/no-root, sluice.yaml:12:5]
                   why   Whoever breaks out of a container that runs as root is root on the node.
                   fix   add USER 65532 as the last line of the Dockerfile
                   for   CIS-DI-0001, NIST SP 800-190 4.4.1
        warn       Setuid files: /usr/bin/su, /usr/bin/mount [team/setuid, sluice.yaml:20:5]
        undecided  the report does not hold the files that rule team/files asks for [team/files, sluice.yaml:30:5]

      Tracked
        track      1 medium vulnerability in 1 package, inherited and disclosed since [vulnerability/below]
                   due 2026-07-15  CVE-2026-0003 in lodash 4.17.4

      STOP  1 critical, 1 medium in 2 of 2 packages (2 layers) · 3 waived · begin with openssl 3.0.11-1: update to 3.0.12-1
      "
    `);
  });

  test('has the same words in colour', () => {
    const plain = table.render(image, verdict, context);
    const coloured = table.render(image, verdict, { ...context, colour: true });
    expect(coloured.replace(/\x1b\[[0-9;]*m/g, '')).toBe(plain);
    for (const text of ['\x1b[1;33mexpired\x1b[0m', '\x1b[1;33mends soon\x1b[0m', '\x1b[36mdue 2026-07-15  \x1b[0m'])
      expect(coloured).toContain(text);
  });

  test('quotes the name of the target for the shell', () => {
    const text = table.render(image, verdict, { ...context, name: "a b's.tar" });
    expect(text).toContain("look  sluice explain CVE-2026-0001 'a b'\\''s.tar'\n");
  });

  test('lists no more waivers and days than people read', () => {
    const many = Array.from({ length: 50 }, (_, i) => use(i, `CVE-${i}`, { answers: 1 }));
    const subjects = Array.from({ length: 40 }, (_, i) => ({
      id: `CVE-2026-${i}`,
      due: `2026-07-${String(10 + (i % 8)).padStart(2, '0')}`,
    }));
    const long: Verdict = {
      decision: 'pass',
      reasons: [{ rule: 'team/fresh', decision: 'track', message: 'Young flaws', subjects }],
      policy: { name: 'p', digest: `sha256:${'c'.repeat(64)}`, rules: 1 },
      waivers: many,
    };
    const lines = table.render(image, long, context).split('\n');
    expect(lines.filter((line) => line.startsWith('  waived '))).toHaveLength(21);
    expect(lines).toContain('  waived     and 30 others: -o json shows all');
    expect(lines.filter((line) => line.includes('due 2026'))).toHaveLength(5);
    expect(lines).toContain('             and 15 others due later: -o json shows all');
  });

  test('says that nothing counts where there is only what is waived', () => {
    const waived = { ...image, findings: image.findings.slice(1, 2) };
    const last = table.render(waived, { decision: 'pass', reasons: [] }, context).trimEnd().split('\n').at(-1);
    expect(last).toBe('PASS  no vulnerabilities that count in 2 packages (2 layers) · 1 waived');
  });

  test('says all of a fleet at once', () => {
    const rows = [1, 2].map((line) => rowOf(`shop-${line}`, line, image, verdict));
    const totals = { layers: 0, surveyed: 0, known: 0, shared: 0 };
    expect(fleetTable(rows, totals, { colour: false, width: 80, cut: false })).toMatchInlineSnapshot(`
      "DECISION   CRITICAL  HIGH  MEDIUM  LOW  OTHER  PACKAGES  IMAGE
      stop              1     -       1    -      -         2  shop-1
      stop              1     -       1    -      -         2  shop-2

      Waivers
        over       pkg:npm/lodash (shop team): its last day was 2026-12-31, in 2
                   images [sluice.waivers.yaml:14]
        over       CVE-2026-0001 (shop team): an event has ended it, in 2 images
                   [sluice.waivers.yaml:19]
        ends soon  pkg:npm/moment (web team): until 2026-06-20, in 2 images
                   [sluice.waivers.yaml:9]
        unused     there is nothing in any image that it would answer
                   [sluice.waivers.yaml:34]

      Why
        stop       begin with openssl 3.0.11-1: update to 3.0.12-1
                   2 images: shop-1 and shop-2
        stop       Runs as root
                   add USER 65532 as the last line of the Dockerfile
                   2 images: shop-1 and shop-2

      STOP  2 images: 2 stop · 6 waived
      "
    `);
  });
});

describe('SARIF', () => {
  let check: Check;
  beforeAll(() => {
    check = sarifCheck();
  });

  interface Run {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly invocations: readonly {
      readonly executionSuccessful: boolean;
      readonly toolExecutionNotifications: unknown;
    }[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly suppressions?: unknown;
      readonly properties: Readonly<Record<string, unknown>>;
    }[];
    readonly properties: Readonly<Record<string, unknown>>;
  }

  function runOf(given: Evidence, by: Verdict): Run {
    const log = JSON.parse(sarif.render(given, by, context));
    expect(check(log)).toEqual([]);
    return log.runs[0];
  }

  test('has what a waiver answers as suppressed, and results for what else the policy found', () => {
    const run = runOf(image, verdict);
    const { rules } = run.tool.driver;
    expect(run.results.map(({ ruleId, ruleIndex }) => [ruleId, rules[ruleIndex]?.id])).toEqual([
      ['CVE-2026-0001', 'CVE-2026-0001'],
      ['CVE-2026-0002', 'CVE-2026-0002'],
      ['CVE-2026-0003', 'CVE-2026-0003'],
      ['team/no-root', 'team/no-root'],
      ['team/setuid', 'team/setuid'],
      ['team/setuid', 'team/setuid'],
    ]);
    const [stops, waived, tracked, root, su, mount] = run.results;
    expect(stops?.properties).toMatchObject({ rules: ['vulnerability/severity'], blame: 'introduced-known' });
    expect(stops).toMatchObject({ message: { text: expect.stringContaining('This change introduced it.') } });
    expect(waived?.suppressions).toEqual([{ kind: 'external', status: 'accepted', justification: because }]);
    expect(tracked?.properties).toMatchObject({ blame: 'inherited-since', due: '2026-07-15' });
    expect(root).toMatchObject({ level: 'error', message: { text: 'Runs as root: shop.tar.' } });
    const uri = 'usr/bin/su';
    expect(su).toMatchObject({
      level: 'warning',
      locations: [{ physicalLocation: { artifactLocation: { uri, uriBaseId: 'ROOTPATH' } } }],
    });
    expect(mount).toMatchObject({ message: { text: expect.stringMatching(/\/usr\/bin\/mount\. Fix: remove it\.$/) } });
    const hashes = run.results.map((result) =>
      JSON.stringify((result as { partialFingerprints?: unknown }).partialFingerprints),
    );
    expect(new Set(hashes).size).toBe(run.results.length);
  });

  test('has the policy, the baseline and the waivers, and says which of them somebody must look after', () => {
    const run = runOf(image, verdict);
    expect(run.properties).toMatchObject({ policy: verdict.policy, baseline: verdict.baseline, waivers });
    const [invocation] = run.invocations;
    expect(invocation?.executionSuccessful).toBe(false);
    expect(invocation?.toolExecutionNotifications).toMatchObject([
      { descriptor: { id: 'team/files' }, level: 'error' },
      { descriptor: { id: 'waiver/ends-soon' }, level: 'note' },
      { descriptor: { id: 'waiver/over' }, level: 'warning' },
      { descriptor: { id: 'waiver/over' }, level: 'warning' },
    ]);
  });

  test('says nothing new where the policy is the default one', () => {
    const { policy: _policy, baseline: _baseline, waivers: _waivers, ...plain } = verdict;
    const run = runOf(image, plain);
    expect(run.results.map(({ ruleId }) => ruleId)).toEqual(['CVE-2026-0001', 'CVE-2026-0002', 'CVE-2026-0003']);
    expect(Object.keys(run.results[0]?.properties ?? {})).not.toContain('rules');
    expect(Object.keys(run.properties)).not.toContain('policy');
  });

  test('does not let a rule on a hundred thousand files push the findings out', () => {
    const subjects = Array.from({ length: 100_000 }, (_, i) => ({ id: `/f/${i}` }));
    const reasons: Verdict['reasons'] = ['a', 'b', 'c', 'd', 'e', 'f'].map((rule) => ({
      rule: `team/${rule}`,
      decision: 'warn',
      message: 'm',
      subjects,
    }));
    expect(runOf(image, { ...verdict, reasons }).results).toHaveLength(3 + 2000);
  });
});

describe('CycloneDX', () => {
  test('says of what is waived that it may wait, and never that it is no flaw', () => {
    const statements = [note({ status: 'affected', author: 'Acme' })];
    const both: Finding = { ...(image.findings[1] as Finding), id: 'CVE-2026-0004', statements };
    const document = JSON.parse(cyclonedx.render({ ...image, findings: [...image.findings, both] }, verdict, context));
    expect(cycloneDxCheck()(document)).toEqual([]);
    const analyses = document.vulnerabilities.map(({ analysis }: { analysis?: unknown }) => analysis);
    expect(analyses).toEqual([
      undefined,
      { detail: because },
      undefined,
      { state: 'exploitable', detail: expect.stringMatching(new RegExp(`^affected.*; ${because.slice(0, 20)}`)) },
    ]);
    const facts = document.metadata.properties.map(
      ({ name, value }: { name: string; value: string }) => `${name}=${value}`,
    );
    expect(facts).toEqual(
      expect.arrayContaining([
        `sluice:policy=payments (mapping production) sha256:${'c'.repeat(64)}`,
        'sluice:reason=stop team/no-root: Runs as root',
        `sluice:baseline=sha256:${'e'.repeat(64)} 2026-06-01T08:00:00Z 1 introduced and known before 1 inherited and disclosed since`,
        'sluice:waiver:matched=CVE-2026-0002: 1 answered, until 2026-12-31 (shop team, SHOP-7): never called [sluice.waivers.yaml:3]',
        'sluice:waiver:unused=CVE-1999-0001: there is nothing in this image that it would answer [sluice.waivers.yaml:34]',
      ]),
    );
    expect(facts.join('\n')).not.toContain('alpine:*');
  });
});

test('What a policy file says is harmless in every report', () => {
  const said: Verdict = {
    decision: 'stop',
    reasons: [
      {
        rule: hostile,
        decision: 'stop',
        message: hostile,
        why: hostile,
        action: hostile,
        look: hostile,
        controls: [hostile],
        place: hostile,
        subjects: [{ id: hostile, package: hostile, fix: hostile, due: hostile }],
      },
      { rule: hostile, decision: 'track', message: hostile, subjects: [{ id: hostile, due: hostile }] },
    ],
    policy: { name: hostile, digest: hostile, mapping: hostile, rules: 1 },
    baseline: { ...(verdict.baseline as NonNullable<Verdict['baseline']>), since: hostile },
    waivers: [use(1, hostile, { owner: hostile, reason: hostile, ticket: hostile, note: hostile, place: hostile })],
  };
  const texts = [table, sarif, cyclonedx].map((one) => one.render(image, said, { ...context, name: hostile }));
  texts.push(
    fleetTable(
      [rowOf(hostile, 1, image, said)],
      { layers: 0, surveyed: 0, known: 0, shared: 0 },
      { colour: false, width: 80, cut: true },
    ),
  );
  for (const text of texts) expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  expect(sarifCheck()(JSON.parse(texts[1] ?? ''))).toEqual([]);
});
