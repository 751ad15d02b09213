import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AdvisoryData, advisoryData } from '../../src/advisory/data.ts';
import { updateAdvisories } from '../../src/advisory/update.ts';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { parsePlatform } from '../../src/model/image.ts';
import { baselineOf, keptBaseline } from '../../src/pipeline/baseline.ts';
import { hasSameData, heldAgainst } from '../../src/pipeline/kept-baseline.ts';
import { type KeptReport, readKept } from '../../src/pipeline/kept-report.ts';
import type { ScanOptions } from '../../src/pipeline/options.ts';
import { scan } from '../../src/pipeline/scan.ts';
import { judge } from '../../src/policy/judge.ts';
import type { Baseline } from '../../src/policy/judging.ts';
import { defaultPolicy } from '../../src/policy/policy.ts';
import { report } from '../../src/report/json.ts';
import { identifyTarget } from '../../src/source/target.ts';
import { SluiceError } from '../../src/util/error.ts';
import { context, evidence, finding, npmData, pack } from '../report/samples.ts';
import { scratchFolder } from '../support/cli.ts';
import { hasShared, shared } from '../support/shared.ts';
import { buildZip } from '../support/zip.ts';

const folder = scratchFolder();
const now = new Date('2024-06-15T00:00:00Z');
const pass = { decision: 'pass', reasons: [] } as const;

/** A record of Alpine's on one source package in some releases. */
function record(
  id: string,
  name: string,
  releases: readonly string[],
  published: string,
): { name: string; body: string } {
  const affected = releases.map((release) => ({
    package: { ecosystem: `Alpine:${release}`, name },
    ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }],
  }));
  const severity = [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N' }];
  const body = JSON.stringify({ id, published, modified: published, severity, affected });
  return { name: `${id}.json`, body };
}

const before = [
  record('CVE-2023-0001', 'zlib', ['v3.10', 'v3.18'], '2023-05-01T00:00:00Z'),
  record('CVE-2023-0002', 'openssl', ['v3.18'], '2023-06-01T00:00:00Z'),
];
/** What was published between the two images. */
const between = [
  record('CVE-2024-0001', 'musl', ['v3.10', 'v3.18'], '2024-06-10T00:00:00Z'),
  record('CVE-2024-0002', 'openssl', ['v3.18'], '2024-06-11T00:00:00Z'),
];

async function dataOf(records: typeof before, name: string, at: string): Promise<AdvisoryData> {
  const [from, cacheDir] = [join(folder, name), join(folder, `${name}-cache`)];
  mkdirSync(join(from, 'Alpine'), { recursive: true });
  writeFileSync(join(from, 'ecosystems.txt'), 'Alpine\n');
  writeFileSync(join(from, 'Alpine', 'all.zip'), buildZip(records));
  const moment = new Date(at);
  const options = { from, cacheDir, ecosystems: ['Alpine'], offline: true, allowInsecure: false, now: () => moment };
  expect((await updateAdvisories(options)).failed).toEqual([]);
  return advisoryData(cacheDir);
}

function optionsWith(data: AdvisoryData | undefined): ScanOptions {
  return {
    ecosystems,
    access: { insecure: false, offline: true, env: {}, onWarning: () => {} },
    platform: { platform: parsePlatform('linux/amd64'), explicit: false },
    data,
    jobs: 1,
  };
}

/** The ids in each quadrant, and what becomes of them. */
function quadrants(head: Evidence, baseline: Baseline, at = now): Record<string, string[]> {
  const { verdict } = judge(head, defaultPolicy, { now: at, baseline });
  const found: Record<string, string[]> = {};
  for (const { decision, subjects = [] } of verdict.reasons) {
    for (const { id, blame, due } of subjects) {
      const told = `${decision} ${id}${due ? ` until ${due}` : ''}`;
      found[blame ?? ''] = [...new Set([...(found[blame ?? ''] ?? []), told])].sort();
    }
  }
  return found;
}

describe.skipIf(!hasShared)('two real images, and advisories published in between', () => {
  const old = identifyTarget(shared('images', 'alpine-3.10.oci.tar'));
  let then: AdvisoryData;
  let today: AdvisoryData;
  let head: Evidence;

  beforeAll(async () => {
    then = await dataOf(before, 'then', '2024-06-01T00:00:00Z');
    today = await dataOf([...before, ...between], 'today', '2024-06-14T00:00:00Z');
    head = await scan(identifyTarget(shared('images', 'alpine-3.18.oci.tar')), optionsWith(today));
  });

  /** All four, by whatever way the baseline is given. */
  const four = {
    'introduced-known': ['stop CVE-2023-0002'],
    'introduced-since': ['stop CVE-2024-0002'],
    'inherited-known': ['warn CVE-2023-0001'],
    'inherited-since': ['track CVE-2024-0001 until 2024-06-16'],
  };

  test('the image that was there before, scanned with the same data', async () => {
    const given = { target: old, name: 'old', since: '2024-06-05T00:00:00Z' };
    const baseline = await baselineOf(given, optionsWith(today), now);
    expect({ since: baseline.since, known: baseline.known }).toEqual({ since: given.since, known: undefined });
    expect(quadrants(head, baseline)).toEqual(four);
  });

  test('what was disclosed meanwhile stops when its days are over', async () => {
    const given = { target: old, name: 'old', since: '2024-06-05T00:00:00Z' };
    const baseline = await baselineOf(given, optionsWith(today), now);
    expect(quadrants(head, baseline, new Date('2024-06-17T00:00:00Z'))).toEqual({
      ...four,
      'inherited-since': ['stop CVE-2024-0001 until 2024-06-16'],
    });
  });

  test('when it was made tells what is disclosed since', async () => {
    const baseline = await baselineOf({ target: old, name: 'old' }, optionsWith(today), now);
    expect(baseline.since).toBe('2024-01-01T00:00:00Z');
    expect(quadrants(head, baseline)).toEqual(four);
  });

  test('its report, kept from before the advisories: its packages are matched again', async () => {
    const kept = await scan(old, optionsWith(then));
    const path = join(folder, 'kept.json');
    writeFileSync(path, report.render(kept, pass, context));
    expect([...new Set(kept.findings.map(({ id }) => id))]).toEqual(['CVE-2023-0001']);
    const given = { target: { kind: 'report', path }, name: 'kept.json' } as const;
    const baseline = await baselineOf(given, optionsWith(today), now);
    expect(baseline.since).toBe('2024-06-01T00:00:00.000Z');
    expect([...(baseline.known ?? [])].sort()).toEqual(['CVE-2023-0001\0zlib']);
    expect(quadrants(head, baseline)).toEqual(four);
  });

  test('a report that is judged without data: what is in the same package is inherited', async () => {
    const kept = await scan(old, optionsWith(then));
    const headNow = await scan(old, optionsWith(today));
    const baseline = heldAgainst(headNow, keptBaseline(keptAs(kept), { name: 'kept' }, now));
    expect(quadrants(headNow, baseline)).toEqual({
      'inherited-known': four['inherited-known'],
      'inherited-since': four['inherited-since'],
    });
  });
});

/** A report, whatever its bytes are. */
function keptAs(kept: Evidence): KeptReport {
  return { evidence: kept, name: 'kept.json', bytes: Buffer.from('{}') };
}

const lodash = pack({ name: 'lodash', version: '4.17.4' });
const flaw = finding(lodash, { id: 'CVE-2024-1', severity: 'high', published: '2024-06-10T00:00:00Z' });

test('what is found in a package of the same version was there before, whatever data that was matched with', () => {
  const kept = keptBaseline(
    keptAs(evidence({ packages: [{ ...lodash, layer: 0 }] })),
    { name: 'kept', since: '2024-01-01' },
    now,
  );
  const same = evidence({ packages: [lodash], findings: [flaw] });
  expect(heldAgainst(same, kept).evidence.findings).toEqual([{ ...flaw, layer: 0 }]);
  const newer = pack({ name: 'lodash', version: '4.17.5' });
  const other = evidence({ packages: [newer], findings: [finding(newer, { id: 'CVE-2024-1', severity: 'high' })] });
  expect(heldAgainst(other, kept)).toBe(kept);
});

test('what was known then goes by every name', () => {
  const kept = evidence({ packages: [lodash], findings: [{ ...flaw, aliases: ['GHSA-1'] }] });
  expect(keptBaseline(keptAs(kept), { name: 'kept' }, new Date('2026-06-01'))).toEqual({
    report: { name: 'kept.json', digest: `sha256:${createHash('sha256').update('{}').digest('hex')}` },
    evidence: kept,
    since: npmData.checkedAt,
    known: new Set(['CVE-2024-1\0lodash', 'GHSA-1\0lodash']),
  });
});

test('a day that lies ahead would let nothing be disclosed since', async () => {
  const ahead = new SluiceError(
    'usage/baseline',
    '--baseline-since 2999-01-01T00:00:00Z lies ahead: nothing would be disclosed since',
  );
  const since = '2999-01-01T00:00:00Z';
  expect(() => keptBaseline(keptAs(evidence({})), { name: 'kept', since }, now)).toThrow(ahead);
});

test('what is wrong with the baseline is not told of the image', async () => {
  const path = join(folder, 'no-bom.json');
  writeFileSync(path, '{"bomFormat": "CycloneDX", "specVersion": "0.1"}');
  const given = { target: { kind: 'sbom', path }, name: 'no-bom.json' } as const;
  const options = { ecosystems } as unknown as ScanOptions;
  await expect(baselineOf(given, options, now)).rejects.toThrow(/^the baseline no-bom\.json: /);
});

test('data is told by its digests', () => {
  const other = evidence({ sources: [{ ...npmData, records: 1 }] });
  const { digest: _digest, ...none } = npmData;
  expect([hasSameData(evidence({}), other), hasSameData(evidence({}), evidence({ sources: [none] }))]).toEqual([
    true,
    false,
  ]);
});

test.each([
  ['', 'does not tell when it was made'],
  ['1970-01-01T00:00:00Z', 'says that it was made "1970-01-01T00:00:00Z"'],
  ['yesterday', 'does not tell when it was made'],
  ['2024-06-17T00:00:00Z', 'says that it was made "2024-06-17T00:00:00Z"'],
])('a report of data that was current %j can be no baseline by itself', (checkedAt, what) => {
  const kept = evidence({ sources: [{ ...npmData, checkedAt }] });
  expect(() => keptBaseline(keptAs(kept), { name: 'kept' }, now)).toThrow(
    new SluiceError(
      'baseline/since',
      `the baseline kept ${what}, so that nothing tells what is disclosed since`,
      'say when it was last judged: --baseline-since DATE',
    ),
  );
  expect(keptBaseline(keptAs(kept), { name: 'kept', since: '2024-01-01T00:00:00Z' }, now).since).toBe(
    '2024-01-01T00:00:00Z',
  );
});

test.each([
  ['missing.json', undefined, 'file/missing: missing.json does not exist'],
  ['cut.json', '{"schema": "sluice/v1"', 'report/not-json: cut.json: it is not JSON'],
  [
    'other.json',
    '{"schema": "other"}',
    'report/schema: other.json: it is no JSON report of sluice: its schema is "other"',
  ],
  [
    'wrong.json',
    '{"schema": "sluice/v1", "target": 1}',
    'report/malformed: wrong.json: /target: must be an object, not 1',
  ],
])('%s is told by its name', (name, text, message) => {
  const path = join(folder, name);
  if (text !== undefined) writeFileSync(path, text);
  let told = '';
  try {
    readKept(path);
  } catch (thrown) {
    if (thrown instanceof SluiceError) told = `${thrown.code}: ${thrown.message}`;
  }
  expect(told.replaceAll(path, name)).toContain(message);
});
