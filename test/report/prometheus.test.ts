import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { report } from '../../src/report/prometheus.ts';
import { arbitraryEvidence } from './arbitrary-evidence.ts';
import {
  context,
  evidence,
  hostile,
  known,
  knownVerdict,
  placedByOthers,
  placedSecret,
  placedSetting,
  shop,
  shopVerdict,
  trapImage,
  trapVerdict,
} from './samples.ts';

interface Series {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const pass: Verdict = { decision: 'pass', reasons: [] };

/** Reads text format 0.0.4 as a server does, and more strictly: throws at what a server would refuse or warn of. */
function readMetrics(text: string): Series[] {
  if (!text.endsWith('\n')) throw new Error('no line end');
  const helped = new Set<string>();
  const seen = new Set<string>();
  const all: Series[] = [];
  let current = '';
  let typed = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP ([a-z_]+) [^\\\n]+$/.exec(line);
    const type = /^# TYPE ([a-z_]+) gauge$/.exec(line);
    if (help) {
      current = help[1] as string;
      if (helped.has(current)) throw new Error(`${current} stands twice`);
      helped.add(current);
    } else if (type) {
      if (type[1] !== current) throw new Error(`a type of ${type[1]} in ${current}`);
      typed = current;
    } else {
      const sample = /^([a-z_]+)\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\} (-?[0-9.e+-]+)$/.exec(line);
      if (sample?.[1] !== current || typed !== current) throw new Error(`no sample: ${line}`);
      const labels = [...(sample[2] as string).matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [
        name as string,
        (value as string).replace(/\\(.)/g, (_all, c: string) => (c === 'n' ? '\n' : c)),
      ]);
      const key = `${current} ${JSON.stringify(labels)}`;
      if (seen.has(key) || Number.isNaN(Number(sample[3]))) throw new Error(`again, or no number: ${line}`);
      seen.add(key);
      all.push({ metric: current, labels: Object.fromEntries(labels), value: Number(sample[3]) });
    }
  }
  return all;
}

function seriesOf(given: Evidence, verdict: Verdict = pass): Series[] {
  return readMetrics(report.render(given, verdict, context));
}

/** Values of one metric other than zero, by its labels without the target. */
function valuesOf(series: readonly Series[], wanted: string): [string, number][] {
  return series
    .filter(({ metric, value }) => metric === wanted && value !== 0)
    .map(({ labels: { target: _target, ...labels }, value }) => [Object.values(labels).join(' '), value]);
}

test('a check that takes anything would be none', () => {
  const good = '# HELP a b\n# TYPE a gauge\na{x="1\\"\\\\"} 2\n';
  expect(readMetrics(good)).toEqual([{ metric: 'a', labels: { x: '1"\\' }, value: 2 }]);
  for (const bad of [good.trimEnd(), good.repeat(2), `${good}a{x="1\\"\\\\"} 3\n`, `${good}b{} 1\n`, 'a{} 1\n'])
    expect(() => readMetrics(bad)).toThrow();
});

test('a clean report in full, as far as packages were looked for', () => {
  const text = report.render(evidence({ looked: ['packages'] }), pass, context);
  const zeros = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'].flatMap((severity) =>
    [true, false].map(
      (fixable) =>
        `sluice_findings{target="sha256:aaaaaaaaaaaa",kind="vulnerability",severity="${severity}",fixable="${fixable}"} 0`,
    ),
  );
  expect(text.split('\n')).toEqual([
    '# HELP sluice_target_info What was looked into, and by which version of sluice.',
    '# TYPE sluice_target_info gauge',
    `sluice_target_info{target="sha256:aaaaaaaaaaaa",kind="image",digest="sha256:${'a'.repeat(64)}",image_id="sha256:${'b'.repeat(64)}",platform="linux/amd64",distribution="alpine 3.18.9",version="1.2.3"} 1`,
    '# HELP sluice_verdict_info What the gate says: pass, warn, stop or undecided.',
    '# TYPE sluice_verdict_info gauge',
    'sluice_verdict_info{target="sha256:aaaaaaaaaaaa",decision="pass",policy="default"} 1',
    '# HELP sluice_reasons Reasons of the verdict.',
    '# TYPE sluice_reasons gauge',
    ...['stop', 'undecided', 'warn', 'track'].map(
      (decision) => `sluice_reasons{target="sha256:aaaaaaaaaaaa",decision="${decision}"} 0`,
    ),
    '# HELP sluice_findings Findings that count. A kind that was not looked for is left out.',
    '# TYPE sluice_findings gauge',
    ...zeros,
    '# HELP sluice_findings_not_counted Findings that do not count, and who says so.',
    '# TYPE sluice_findings_not_counted gauge',
    ...['owner', 'distribution', 'vex', 'waiver', 'not-judged'].map(
      (because) => `sluice_findings_not_counted{target="sha256:aaaaaaaaaaaa",because="${because}"} 0`,
    ),
    '# HELP sluice_findings_exploited Vulnerabilities that count and are known to be exploited.',
    '# TYPE sluice_findings_exploited gauge',
    'sluice_findings_exploited{target="sha256:aaaaaaaaaaaa"} 0',
    '# HELP sluice_packages Packages that were found.',
    '# TYPE sluice_packages gauge',
    'sluice_packages{target="sha256:aaaaaaaaaaaa"} 0',
    '# HELP sluice_problems What could not be read; what is blinding leaves the verdict undecided.',
    '# TYPE sluice_problems gauge',
    'sluice_problems{target="sha256:aaaaaaaaaaaa",blinding="true"} 0',
    'sluice_problems{target="sha256:aaaaaaaaaaaa",blinding="false"} 0',
    '# HELP sluice_not_looked_for_info What nobody has looked for.',
    '# TYPE sluice_not_looked_for_info gauge',
    ...['secrets', 'configuration', 'licences'].map(
      (what) => `sluice_not_looked_for_info{target="sha256:aaaaaaaaaaaa",what="${what}"} 1`,
    ),
    '# HELP sluice_data_checked_timestamp_seconds When the advisory data was last known to be current.',
    '# TYPE sluice_data_checked_timestamp_seconds gauge',
    'sluice_data_checked_timestamp_seconds{target="sha256:aaaaaaaaaaaa",ecosystem="npm",origin="osv-export"} 1767413106',
    '# HELP sluice_data_newest_timestamp_seconds When the newest of its records was modified.',
    '# TYPE sluice_data_newest_timestamp_seconds gauge',
    'sluice_data_newest_timestamp_seconds{target="sha256:aaaaaaaaaaaa",ecosystem="npm",origin="osv-export"} 1767323045',
    '# HELP sluice_data_records Records of advisory data.',
    '# TYPE sluice_data_records gauge',
    'sluice_data_records{target="sha256:aaaaaaaaaaaa",ecosystem="npm",origin="osv-export"} 1234',
    '# HELP sluice_data_update_failed Whether the last update of the data failed.',
    '# TYPE sluice_data_update_failed gauge',
    'sluice_data_update_failed{target="sha256:aaaaaaaaaaaa",ecosystem="npm",origin="osv-export"} 0',
    '',
  ]);
  expect(readMetrics(text)).toHaveLength(34);
});

test('findings are counted by kind, severity and whether there is a fix; the decision and problems are told', () => {
  const answered = { by: 'waiver', because: 'for now' } as const;
  const placed = [
    placedSecret(),
    placedSecret({ fingerprint: 'ff', answered }),
    placedSetting(),
    placedByOthers(),
    placedByOthers(),
  ];
  const series = seriesOf({ ...shop, placed }, shopVerdict);
  expect(valuesOf(series, 'sluice_findings')).toEqual([
    ['vulnerability critical true', 1],
    ['vulnerability high true', 2],
    ['vulnerability medium true', 1],
    ['vulnerability unknown false', 1],
    ['secret high true', 1],
    ['misconfiguration medium true', 1],
    ['external low false', 2],
  ]);
  expect(series.filter(({ metric }) => metric === 'sluice_findings')).toHaveLength(4 * 6 * 2);
  expect(valuesOf(series, 'sluice_findings_not_counted')).toEqual([
    ['waiver', 1],
    ['not-judged', 1],
  ]);
  expect(valuesOf(series, 'sluice_verdict_info')).toEqual([['stop default', 1]]);
  expect(valuesOf(series, 'sluice_reasons')).toEqual([
    ['stop', 1],
    ['undecided', 1],
    ['warn', 1],
  ]);
  expect(valuesOf(series, 'sluice_problems')).toEqual([
    ['true', 1],
    ['false', 1],
  ]);
  expect(valuesOf(series, 'sluice_packages')).toEqual([['', 5]]);
});

test('what is exploited and answered, and data that failed to update or is missing', () => {
  const none = { ecosystem: 'Go', origin: 'none', records: 0, newest: '', checkedAt: '' } as const;
  const series = seriesOf({ ...known, sources: [...known.sources, none, none] }, knownVerdict);
  expect(valuesOf(series, 'sluice_findings_exploited')).toEqual([['', 1]]);
  expect(valuesOf(series, 'sluice_findings_not_counted')).toEqual([
    ['distribution', 1],
    ['vex', 2],
  ]);
  expect(valuesOf(series, 'sluice_data_update_failed')).toEqual([['Debian osv-export', 1]]);
  expect(series.filter(({ labels }) => labels.ecosystem === 'Go').map(({ metric, value }) => [metric, value])).toEqual([
    ['sluice_data_records', 0],
    ['sluice_data_update_failed', 0],
  ]);
});

test('hostile text stays in its label, and there are few series however much is found', () => {
  const text = report.render(trapImage, trapVerdict, context);
  const series = readMetrics(text);
  const info = series.find(({ metric }) => metric === 'sluice_target_info');
  expect(info?.labels.platform).toMatch(/^\\x1b\[31mred\\x1b\]0;title\\x07\\x0d\\x0a<img src=x onerror=alert\(1\)>/);
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  const many = Array.from({ length: 500 }, (_, i) => ({ ...known.sources[1], ecosystem: `${hostile}${i}` }));
  expect(seriesOf({ ...trapImage, sources: many as Evidence['sources'] }).length).toBeLessThan(300);
});

test('the documentation has a row for each metric', () => {
  const doc = readFileSync(resolve(import.meta.dirname, '..', '..', 'docs', 'lists.md'), 'utf8');
  const told = [...doc.matchAll(/^\| `(sluice_[a-z_]+)` +\|/gm)].map(([, name]) => name);
  const metrics = seriesOf(evidence({ looked: ['packages'] })).map(({ metric }) => metric);
  expect(told).toEqual([...new Set(metrics)]);
});

test('whatever was found, a server takes the report', () => {
  fc.assert(
    fc.property(arbitraryEvidence, fc.constantFrom(shopVerdict, knownVerdict, trapVerdict), (given, verdict) => {
      const series = seriesOf(given, verdict);
      expect(new Set(series.map(({ labels }) => labels.target)).size).toBe(1);
      const counted = series.filter(({ metric }) => /^sluice_findings(?:_not_counted)?$/.test(metric));
      const all = given.findings.length + (given.placed ?? []).length;
      expect(counted.reduce((sum, { value }) => sum + value, 0)).toBe(all);
    }),
    { numRuns: 80 },
  );
});
