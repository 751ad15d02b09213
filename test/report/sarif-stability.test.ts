import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { command as db } from '../../src/cli/db.ts';
import { command as scan } from '../../src/cli/scan.ts';
import { report } from '../../src/report/sarif.ts';
import { scratchFolder } from '../support/cli.ts';
import { archiveOf, buildImage, ociFiles } from '../support/image-writer.ts';
import { expandSample } from '../support/secret-samples.ts';
import { file, tar } from '../support/tar-writer.ts';
import { buildZip } from '../support/zip.ts';
import { context, evidence, finding, hostile, pack, placedSecret, placedSetting } from './samples.ts';

const folder = scratchFolder();
const inFolder = (name: string): string => join(folder, name);

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: Region };
  }[];
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
  readonly properties: { readonly purl?: string };
}

interface Rule {
  readonly id: string;
  readonly help: { readonly text: string; readonly markdown: string };
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly properties: { readonly tags: readonly string[]; readonly 'security-severity'?: string };
}

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly Rule[] } };
  readonly results: readonly Result[];
  readonly properties: { readonly imageDigest?: string };
}

function runIn(text: string): Run {
  return (JSON.parse(text) as { runs: [Run] }).runs[0];
}

/** A record on a package of npm, fixed in version 9. */
function record(id: string, name: string): object {
  const events = [{ introduced: '0' }, { fixed: '9.0.0' }];
  return {
    id,
    modified: '2026-01-01T00:00:00Z',
    database_specific: { severity: 'HIGH' },
    affected: [{ package: { ecosystem: 'npm', name }, ranges: [{ type: 'SEMVER', events }] }],
  };
}

const token = expandSample('{{github-checksum:ghp_}}', 'stable');

/** The same application, built again: what differs is given. */
function writtenImage(name: string, given: { lodash: string; before: string; extra?: string; label: string }): string {
  const json = (pkg: string, version: string) => JSON.stringify({ name: pkg, version });
  const image = buildImage({
    layers: [
      {
        tar: tar(
          file('etc/os-release', 'ID=debian\nVERSION_ID="12"\n'),
          file(`etc/${given.extra ?? 'one'}`, given.label),
        ),
      },
      {
        tar: tar(
          file('app/node_modules/lodash/package.json', json('lodash', given.lodash)),
          file('app/node_modules/minimist/package.json', json('minimist', '1.2.0')),
          file('app/.env', `${given.before}GITHUB_TOKEN=${token}\n`),
        ),
      },
    ],
    config: { config: { Labels: { build: given.label } } },
  });
  writeFileSync(inFolder(name), archiveOf(ociFiles(image)));
  return inFolder(name);
}

async function scanned(target: string): Promise<Run> {
  const path = `${target}.sarif`;
  const args = [
    target,
    '-o',
    `sarif=${path}`,
    '--data-age',
    'never:never',
    '--cache-dir',
    inFolder('cache'),
    '--quiet',
  ];
  const code = await scan.run({ args, env: {}, version: '1.2.3', build: 'test' });
  expect(code).toBe(2);
  return runIn(readFileSync(path, 'utf8'));
}

/** What an alert of code scanning is told by: rule, file and fingerprint. */
function alerts({ results }: Run): string[] {
  return results
    .map(({ ruleId, locations, partialFingerprints }) => {
      const uri = locations[0]?.physicalLocation.artifactLocation.uri;
      return `${ruleId} ${uri} ${partialFingerprints.primaryLocationLineHash}`;
    })
    .sort();
}

beforeAll(async () => {
  mkdirSync(inFolder('export/npm'), { recursive: true });
  const records = [record('GHSA-aaaa-aaaa-aaaa', 'lodash'), record('GHSA-bbbb-bbbb-bbbb', 'minimist')];
  const entries = records.map((one) => ({ name: `${(one as { id: string }).id}.json`, body: JSON.stringify(one) }));
  writeFileSync(inFolder('export/npm/all.zip'), buildZip(entries));
  const args = ['update', '--from', inFolder('export'), '--cache-dir', inFolder('cache'), '--quiet'];
  expect(await db.run({ args, env: {}, version: '1.2.3', build: 'test' })).toBe(0);
});

describe('an image that is built again', () => {
  test('keeps its alerts: a package was bumped, every digest changed, a line moved, the file has another name', async () => {
    const first = await scanned(writtenImage('shop-1.tar', { lodash: '4.17.4', before: '', label: 'one' }));
    const again = await scanned(
      writtenImage('shop-2.tar', { lodash: '4.17.20', before: '# a\n# b\nMODE=x\n', extra: 'two', label: 'two' }),
    );
    expect(again.properties.imageDigest).not.toBe(first.properties.imageDigest);
    const purls = (run: Run) => run.results.flatMap(({ properties }) => properties.purl ?? []);
    expect(purls(first)).toContain('pkg:npm/lodash@4.17.4');
    expect(purls(again)).toContain('pkg:npm/lodash@4.17.20');
    const line = ({ results }: Run) =>
      results.find(({ ruleId }) => ruleId === 'secret/github-token')?.locations[0]?.physicalLocation.region.startLine;
    expect([line(first), line(again)]).toEqual([1, 4]);
    expect(alerts(first).length).toBeGreaterThan(3);
    expect(alerts(again)).toEqual(alerts(first));
  });

  test('loses the alert of what was fixed, and of nothing else', async () => {
    const first = await scanned(writtenImage('shop-3.tar', { lodash: '4.17.4', before: '', label: 'one' }));
    const fixed = await scanned(writtenImage('shop-4.tar', { lodash: '9.0.0', before: '', label: 'three' }));
    const gone = alerts(first).filter((alert) => !alerts(fixed).includes(alert));
    expect(gone.map((alert) => alert.split(' ')[0])).toEqual(['GHSA-aaaa-aaaa-aaaa']);
    expect(alerts(fixed).filter((alert) => !alerts(first).includes(alert))).toEqual([]);
  });
});

describe('what code scanning accepts', () => {
  const many = Array.from({ length: 25_000 }, (_, at) => {
    const found = pack({ name: `package-${at % 900}`, version: `1.${at}.0` });
    return finding(found, {
      id: `CVE-2024-${100_000 + at}`,
      severity: at % 2 === 0 ? 'critical' : 'low',
      score: at % 2 === 0 ? 9.8 : 3,
      fixed: [`2.${at}.0`],
      title: `A flaw that only package ${at} has, in words that are nobody else's ${(at * 2_654_435_761) % 4_294_967_296}`,
      cwes: Array.from({ length: 30 }, (_one, i) => `CWE-${i + 1}`),
      aliases: [`GHSA-xxxx-${at}`],
    });
  });
  const controls = Array.from({ length: 30 }, (_, at) => `CIS ${at}`);
  const samples = {
    empty: evidence({}),
    ordinary: evidence({ findings: many.slice(0, 50), placed: [placedSecret(), placedSetting({ controls })] }),
    hostile: evidence({
      placed: [
        placedSecret({ title: hostile, message: hostile.repeat(500), why: hostile, fix: hostile, links: [hostile] }),
        placedSetting({ place: { in: 'environment', name: hostile }, controls: [hostile] }),
      ],
    }),
    large: evidence({ findings: [...many, ...many.slice(0, 10)] }),
  };

  test.each(Object.entries(samples))('%s', (_what, given) => {
    const text = report.render(given, { decision: 'pass', reasons: [] }, context);
    expect(gzipSync(text, { level: 1 }).length).toBeLessThan(10 * 1024 * 1024);
    expect(refusedOf(runIn(text))).toEqual([]);
  });

  test('would be refused, were it wrong', () => {
    const run = runIn(report.render(samples.ordinary, { decision: 'pass', reasons: [] }, context));
    const [result, ...results] = run.results as [Result, ...Result[]];
    expect(refusedOf({ ...run, results: [result, result, ...results] })).toEqual(['a fingerprint twice']);
    expect(refusedOf({ ...run, results: [{ ...result, level: 'bad', locations: [] }, ...results] })).toEqual([
      `result of ${result.ruleId}: level`,
      `result of ${result.ruleId}: places`,
    ]);
  });
});

/** What code scanning would refuse or cut (GitHub, "SARIF support for code scanning" and its limits); a line each. */
function refusedOf({ tool: { driver }, results }: Run): string[] {
  const { rules } = driver;
  const refused: string[] = [];
  const must = (holds: boolean, what: string): void => {
    if (!holds) refused.push(what);
  };
  must(results.length <= 25_000, 'too many results');
  must(new Set(rules.map(({ id }) => id)).size === rules.length, 'a rule twice');
  for (const { id, help, properties, shortDescription, fullDescription } of rules) {
    must(id !== '' && help.text !== '' && help.markdown !== '', `rule ${id}: help`);
    must(shortDescription.text.length <= 1024 && fullDescription.text.length <= 1024, `rule ${id}: description`);
    const { tags } = properties;
    must(tags.length <= 20 && new Set(tags).size === tags.length, `rule ${id}: tags`);
    must(/^(?:10\.0|\d\.\d)$/.test(properties['security-severity'] ?? ''), `rule ${id}: security-severity`);
  }
  const prints = new Set<string>();
  for (const { ruleId, ruleIndex, level, locations, partialFingerprints } of results) {
    must(rules[ruleIndex]?.id === ruleId, `result of ${ruleId}: rule`);
    must(['error', 'warning', 'note'].includes(level), `result of ${ruleId}: level`);
    must(locations.length > 0 && locations.length <= 100, `result of ${ruleId}: places`);
    for (const { physicalLocation } of locations) {
      const { startLine, startColumn, endLine, endColumn } = physicalLocation.region;
      must(startLine >= 1 && startColumn >= 1, `result of ${ruleId}: region below 1`);
      must(endLine > startLine || (endLine === startLine && endColumn >= startColumn), `result of ${ruleId}: region`);
    }
    prints.add(`${ruleId} ${partialFingerprints.primaryLocationLineHash}`);
  }
  must(prints.size === results.length, 'a fingerprint twice');
  return refused;
}
