import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readFlags } from '../../src/cli/flags.ts';
import { command as gate } from '../../src/cli/gate.ts';
import { action as diff } from '../../src/cli/policy/diff.ts';
import { action as policyTest } from '../../src/cli/policy/test.ts';
import * as streams from '../../src/cli/standard-streams.ts';
import { packs } from '../../src/policy/packs.gen.ts';
import { report } from '../../src/report/json.ts';
import { SluiceError } from '../../src/util/error.ts';
import { context, evidence, finding, npmData, pack } from '../report/samples.ts';
import { sluiceCheck } from '../report/schemas.ts';
import { scratchFolder } from '../support/cli.ts';

const folder = scratchFolder();
const invocation = { env: { SLUICE_CACHE_DIR: join(folder, 'cache') }, version: '1.2.3', build: 'test' };
const pass = { decision: 'pass', reasons: [] } as const;
const at = ['--at', '2026-01-04'];
let stdout = '';
let stderr = '';

beforeEach(() => {
  [stdout, stderr] = ['', ''];
  vi.spyOn(streams, 'writeText').mockImplementation((stream, text) => {
    if (stream === 1) stdout += text;
    else stderr += text;
    return undefined;
  });
});
afterEach(() => vi.restoreAllMocks());

function inFolder(name: string, content: string | object): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function digestOf(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** The exit code, or what went wrong. */
async function run(work: Promise<number>): Promise<number | string> {
  return work.catch((thrown: unknown) => {
    if (thrown instanceof SluiceError) return `${thrown.code}: ${thrown.message}`.replaceAll(`${folder}/`, '');
    throw thrown;
  });
}

const gated = (...args: readonly string[]) => run(gate.run({ ...invocation, args: [...args, ...at] }));
const differs = (...args: readonly string[]) => run(diff.run(readFlags(args, diff.flags, {}), { ...invocation, args }));
const tested = (...args: readonly string[]) =>
  run(policyTest.run(readFlags(args, policyTest.flags, {}), { ...invocation, args }));
const shown = () => stdout.replaceAll(`${folder}/`, '');

const lodash = pack({ name: 'lodash', version: '4.17.4' });
const low = evidence({ packages: [lodash], findings: [finding(lodash, { id: 'CVE-1', severity: 'low' })] });
const high = evidence({
  packages: [lodash],
  findings: [
    finding(lodash, { id: 'CVE-2', severity: 'high', fixed: ['4.17.5'], published: '2026-01-02T00:00:00Z' }),
    finding(lodash, { id: 'CVE-1', severity: 'low' }),
  ],
});
const old = evidence({ sources: [{ ...npmData, checkedAt: '2025-01-01T00:00:00Z' }] });
const { looked: _looked, ...older } = low;
const files = {
  low: inFolder('kept/low.json', report.render(low, pass, context)),
  high: inFolder('kept/high.json', report.render(high, pass, context)),
  older: inFolder('older.json', report.render(older, pass, context)),
  old: inFolder('kept/old.json', report.render(old, pass, context)),
  broken: inFolder('broken.json', '{"schema": "sluice/v1", "target": {"kind": "image", "layers": [], "digest": 1}}'),
};
const strict = inFolder(
  'strict.yaml',
  `version: 1
name: strict
rules:
  - { id: team/any, title: Any flaw, why: None is welcome., on: finding, when: finding.severity != 'unknown', outcome: stop }
`,
);
const secrets = inFolder(
  'secrets.yaml',
  `version: 1
name: secrets
rules:
  - { id: team/secret, title: A secret, why: None is welcome., on: secret, when: 'true', outcome: stop }
`,
);
const lax = inFolder(
  'lax.yaml',
  `version: 1
name: lax
rules:
  - { id: team/none, title: Critical flaws, why: They are the worst., on: finding, when: finding.severity == 'critical', outcome: stop }
`,
);

describe('sluice gate', () => {
  test('shows the verdict and why, as of the day that is asked for', async () => {
    expect(await gated(files.high)).toBe(2);
    expect(shown()).toBe(`kept/high.json · sha256:aaaaaaaaaaaa · linux/amd64 · Alpine Linux v3.18

Why
  stop       1 high vulnerability in 1 package; the policy stops at high
             why   A flaw of this severity is likely to be used against whoever runs the image.
             fix   begin with lodash 4.17.4: update to 4.17.5
             look  sluice explain CVE-2 TARGET
  warn       1 low vulnerability in 1 package, none at high or worse

STOP  1 high, 1 low in 1 of 1 package (2 layers) · begin with lodash 4.17.4: update to 4.17.5
`);
  });

  test('says of a report of an older version what was not looked for, and leaves open what a policy asks of it', async () => {
    const looked = 'Look  Looked for packages alone: not for secrets, configuration or licences.\n';
    expect(await gated(files.low, '--policy', secrets)).toBe(0);
    expect(shown()).not.toContain('Look  ');
    expect(await gated(files.older)).toBe(0);
    expect(shown()).toContain(`\n\n${looked}\n`);
    expect(await gated(files.older, '--policy', secrets)).toBe(3);
    expect(shown()).toContain(looked);
    expect(shown()).toContain('undecided  A secret: the report does not tell of secrets: they were not looked for');
  });

  test.each([
    ['pass or warn', 'low', 0],
    ['stop', 'high', 2],
    ['undecided', 'old', 3],
  ] as const)('ends as a scan does: %s', async (_, name, code) => {
    expect(await gated(files[name], '-q')).toBe(code);
    expect([stdout, stderr]).toEqual(['', '']);
  });

  test('the policy of now decides, not that of then', async () => {
    expect(await gated(files.low, '--policy', strict, '-o', 'json')).toBe(2);
    const { verdict } = JSON.parse(stdout) as { verdict: { policy: object; reasons: { rule: string }[] } };
    expect(verdict.policy).toMatchObject({ name: 'strict', rules: 1 });
    expect(verdict.reasons.map(({ rule }) => rule)).toEqual(['team/any']);
  });

  test('writes what a scan writes', async () => {
    const sarif = join(folder, 'out.sarif');
    expect(await gated(files.high, '-o', `sarif=${sarif}`, '-o', 'audit')).toBe(2);
    expect(JSON.parse(readFileSync(sarif, 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(sluiceCheck('sluice-audit-v1')(JSON.parse(stdout))).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({
      at: '2026-01-04T00:00:00.000Z',
      sluice: { build: 'test' },
      report: { name: files.high, digest: digestOf(readFileSync(files.high)) },
      policy: { files: [] },
    });
  });

  test('the audit record names every file of the policy, in order', async () => {
    const hashes = inFolder('hashes.txt', 'abc\n');
    const policy = inFolder(
      'several.yaml',
      'version: 1\nuse: [default, { file: strict.yaml }]\nlists: { bad: { file: hashes.txt } }\n',
    );
    await gated(files.low, '--policy', policy, '-o', 'audit');
    const { policy: used } = JSON.parse(stdout) as { policy: { digest: string; files: { digest: string }[] } };
    const { digest: pack } = (await packs.default?.()) ?? {};
    expect(used.files).toEqual([
      { name: policy, digest: digestOf(readFileSync(policy)) },
      { name: 'pack default', digest: pack },
      { name: strict, digest: digestOf(readFileSync(strict)) },
      { name: hashes, digest: digestOf(readFileSync(hashes)) },
    ]);
    expect(used.digest).toBe(digestOf(used.files.map(({ digest }) => digest).join('\n')));
  });

  test('waivers of now answer', async () => {
    const waiver = { id: 'CVE-2', reason: 'not reached', owner: 'shop', expires: '2026-02-01' };
    const waivers = inFolder('w.yaml', { version: 1, waivers: [waiver] });
    expect(await gated(files.high, '--waivers', waivers, '-q')).toBe(0);
    expect(await gated(files.high, '--waivers', inFolder('bad.yaml', { version: 1, waivers: [{}] }), '-q')).toMatch(
      /^waivers\/malformed: bad.yaml:1:\d+: /,
    );
  });

  test('a kept report is what it is held against', async () => {
    const since = ['--baseline-since', '2026-01-01'];
    const newer = evidence({ ...high, sources: [{ ...npmData, digest: high.target.id }] as typeof high.sources });
    const path = inFolder('newer.json', report.render(newer, pass, context));
    expect(await gated(path, '--baseline', files.low, ...since, '-o', 'json')).toBe(0);
    const { verdict } = JSON.parse(stdout) as { verdict: { baseline: { findings: object } } };
    expect(verdict.baseline.findings).toEqual({
      'introduced-known': 0,
      'introduced-since': 0,
      'inherited-known': 1,
      'inherited-since': 1,
    });
    expect(stderr).toBe(
      'sluice: warning: report and baseline are by different data: what is newly known of packages that changed counts as introduced\n',
    );
    expect(await gated(path, '--baseline', 'no-such.json')).toBe(
      'file/missing: the baseline no-such.json does not exist',
    );
    expect(await gated(path, '--baseline', files.low, '--baseline-since', '2027-01-01')).toMatch(/^usage\/baseline: /);
    expect(await gated(path, '--baseline', folder)).toMatch(
      /^usage\/baseline: --baseline of gate is a kept JSON report/,
    );
    expect(await gated(path, '--baseline', files.low, '--baseline-since', '2026-02-30')).toBe(
      'usage/baseline: --baseline-since takes a date, not 2026-02-30',
    );
    expect(await gated(path, '--baseline-since', '2026-02-03')).toBe(
      'usage/baseline: --baseline-since is of a baseline',
    );
  });

  test('what helps a report is another scan, and what looks deeper looks at the image', async () => {
    const none = inFolder('none-policy.yaml', 'version: 1\nuse: [default]\n');
    await gated(files.high, '--policy', none);
    expect(stdout).toContain('sluice explain CVE-2 TARGET');
    stdout = '';
    await gated(files.high, '--policy', none, '--name', 'registry.example.com/shop:1', '-o', 'table');
    expect(stdout).toContain('sluice explain CVE-2 registry.example.com/shop:1');
    stdout = '';
    await gated(files.old);
    expect(stdout).toContain('scan the image again with current data: sluice scan TARGET -o json=REPORT');
    expect(stdout).not.toContain('db update');
  });

  test('a report of an older sluice, without what a rule asks for, is undecided', async () => {
    const policy = inFolder(
      'older.yaml',
      `version: 1
rules:
  - { id: a/root, title: Root, why: It may do all., on: image, when: image.root, outcome: stop }
  - { id: a/bad, title: Malware, why: It is bad., on: package, when: "'sha256:bad' in pkg.hashes", outcome: stop }
`,
    );
    const { image: _image, ...older } = JSON.parse(readFileSync(files.low, 'utf8')) as Record<string, unknown>;
    expect(await gated(inFolder('older.json', older), '--policy', policy, '-o', 'json')).toBe(3);
    const { verdict } = JSON.parse(stdout) as { verdict: { reasons: { message: string }[] } };
    expect(verdict.reasons.map(({ message }) => message)).toEqual([
      "Root: the report does not hold the image's configuration that the rule asks for",
      'Malware: the report does not hold the digests of packages that the rule asks for',
    ]);
  });

  test('what can not be read is no pass', async () => {
    expect(await gated(files.broken)).toBe(
      'report/malformed: broken.json: /target/digest: a digest is missing or not a string',
    );
    expect(await gated(join(folder, 'none.json'))).toBe('file/missing: none.json does not exist');
    expect(await gated(folder)).toMatch(/^file\/not-regular: /);
    expect(await gated()).toBe('usage/no-target: there is no report');
  });

  test('of several each has a line, and the worst decides', async () => {
    expect(await gated(files.low, files.old, files.broken)).toBe(1);
    expect(shown().split('\n').slice(0, 4)).toEqual([
      'DECISION   CRITICAL  HIGH  MEDIUM  LOW  OTHER  PACKAGES  IMAGE',
      expect.stringMatching(/^error .* broken.json$/),
      expect.stringMatching(/^undecided .* kept\/old.json$/),
      'warn              -     -       -    1      -         1  kept/low.json',
    ]);
    expect(await gated(files.low, files.high, '-o', `audit=${folder}/audits/`, '-q')).toBe(2);
    expect(readdirSync(join(folder, 'audits')).length).toBe(2);
    expect(await gated(files.low, files.high, files.broken, '-q')).toBe(2);
    expect(await gated(files.low, files.old, '-q')).toBe(3);
    expect(await gated(files.low, files.low, '-q')).toBe(0);
    expect(await gated(files.low, files.low, '--name', 'a/b:1')).toBe(
      'usage/name: --name is of one image, not of several reports',
    );
  });

  test('a mapping finds an image by the name that is given', async () => {
    const mapped = inFolder(
      'mapped.yaml',
      `version: 1
use: [{ file: lax.yaml }]
policies: { production: { use: [{ file: strict.yaml }] } }
mappings: [{ name: production, match: { repository: 'shop/*' }, policy: production }]
`,
    );
    expect(await gated(files.low, '--policy', mapped, '-q', '--name', 'registry.example.com/shop/web:1')).toBe(2);
    expect(await gated(files.low, '--policy', mapped)).toBe(0);
    expect(stderr).toContain('use --name REFERENCE');
  });
});

describe('sluice policy diff', () => {
  test('tells what would newly stop and newly pass, and by which rules', async () => {
    const over = join(folder, 'kept');
    inFolder('kept/package.json', { name: 'other' });
    expect(await differs(lax, strict, '--over', over)).toBe(0);
    expect(shown()).toBe(
      `2 reports would newly stop:
  kept/high.json: pass → stop
      team/any: silent → stop: Any flaw: 1 high and 1 low vulnerability in 1 package
  kept/low.json: pass → stop
      team/any: silent → stop: Any flaw: 1 low vulnerability in 1 package

By rule:
  team/any: silent → stop in 2 reports

3 reports: 2 would newly stop, 0 would be newly undecided, 0 would newly pass, 0 would have other reasons, 1 the
    same; 1 other JSON file left out
`.replace('vulnerability in 1 package\n  kept/low', 'vulnerabilities in 1 package\n  kept/low'),
    );
    stdout = '';
    expect(await differs(strict, lax, '--over', over, '-o', 'json')).toBe(0);
    expect(sluiceCheck('sluice-policy-diff-v1')(JSON.parse(stdout))).toEqual([]);
    const { reports } = JSON.parse(stdout) as { reports: { becomes: string }[] };
    expect(reports.map(({ becomes }) => becomes)).toEqual(['passes', 'passes', 'same']);
  });

  test('takes single reports as well, each once', async () => {
    const args = ['--over', files.low, '--over', files.high, '--over', files.low, '-o', 'json'];
    expect(await differs(lax, strict, ...args)).toBe(0);
    const { reports } = JSON.parse(stdout) as { reports: { becomes: string }[] };
    expect(reports.map(({ becomes }) => becomes)).toEqual(['stops', 'stops']);
  });

  test('a report that can not be read is told, and the end is 1', async () => {
    inFolder('mixed/low.json', readFileSync(files.low, 'utf8'));
    inFolder('mixed/broken.json', readFileSync(files.broken, 'utf8'));
    expect(await differs(lax, lax, '--over', join(folder, 'mixed'))).toBe(1);
    expect(shown()).toContain('1 report could not be read:\n  mixed/broken.json: /target/digest: ');
  });

  test('needs two policies and reports', async () => {
    expect(await differs(lax)).toBe('usage/operands: policy diff compares two policies');
    expect(await differs(lax, strict)).toBe('usage/over: policy diff needs reports to judge');
    mkdirSync(join(folder, 'empty'), { recursive: true });
    expect(await differs(lax, strict, '--over', join(folder, 'empty'))).toBe('usage/over: empty holds no JSON reports');
    expect(await differs(lax, strict, '--over', join(folder, 'nowhere'))).toBe(
      'folder/unreadable: nowhere does not exist',
    );
  });
});

describe('sluice policy test', () => {
  const cases = (text: string, name = 'strict.test.yaml') => inFolder(name, `version: 1\ncases:\n${text}`);

  test('a case that holds is counted, one that does not is shown with what was said', async () => {
    cases(`  - name: a low flaw
    evidence: { findings: [{ severity: low }] }
    expect: { decision: stop, rules: { team/any: stop } }
  - name: nothing
    evidence: {}
    expect: { decision: pass, rules: { team/any: silent }, only: true }
`);
    expect(await tested(strict)).toBe(0);
    expect(shown()).toBe('ok    strict.test.yaml: 2 cases\n2 cases in 1 file: all hold\n');
    stdout = '';
    cases(`  - name: unrated
    evidence: { findings: [{ severity: unknown }] }
    expect: { decision: stop, rules: { team/any: stop, team/amy: silent } }
`);
    expect(await tested(folder)).toBe(1);
    expect(shown()).toBe(`FAIL  strict.test.yaml:3:5: unrated
      decision: expected stop, said pass
      team/any: expected stop, said silent
      team/amy: expected silent, said nothing: there is no such rule; did you mean team/any?
1 case in 1 file: 1 fails
`);
  });

  test('of a file a rule sees what it asks for and no more, and a slip in a name is told', async () => {
    const rule = (id: string, files: string, when: string) =>
      `  - { id: ${id}, title: A file, why: It tells., on: file, files: { paths: [/etc/a], ${files} }, when: "${when}", outcome: stop }\n`;
    inFolder(
      'files.yaml',
      `version: 1\nrules:\n${rule('f/one', 'matches: { one: x }', "'one' in file.matches")}${rule('f/two', 'matches: { two: y }', "'one' in file.matches")}${rule('f/digest', '', "file.sha256 != ''")}`,
    );
    const path = cases(
      `  - name: one
    evidence: { collected: { files: [{ path: /etc/a, mode: '0755', sha256: abc, matches: [one] }] } }
    expect: { rules: { f/one: stop, f/two: silent, f/digest: silent } }
  - name: slip
    evidence: { collected: { files: [{ path: /etc/a, matches: [onne] }, { path: /etc/b, values: { v: x } }] } }
    expect: { rules: { f/one: silent } }
`,
      'files.test.yaml',
    );
    expect(await tested(path)).toBe(1);
    expect(shown()).toBe(`FAIL  files.test.yaml:6:5: slip
      evidence of /etc/a: expected one of one, two, said onne
      evidence of /etc/b: expected nothing, for no rule looks into it, said v
2 cases in 1 file: 1 fails
`);
  });

  test('cases can be of kept reports, with waivers, a baseline, a day and a policy of their own', async () => {
    cases(
      `  - name: kept
    at: 2026-01-04
    report: kept/low.json
    expect: { rules: { team/any: stop } }
  - name: waived
    at: 2026-01-04
    report: kept/low.json
    waivers: [{ id: CVE-1, reason: not reached, owner: shop, expires: 2026-02-01 }]
    expect: { decision: pass }
  - name: inherited
    at: 2026-01-04
    evidence: { findings: [{ id: CVE-1, severity: low, published: 2026-01-03T00:00:00Z }] }
    baseline: { since: 2026-01-01, evidence: { findings: [{ id: CVE-1, severity: low }] } }
    expect: { decision: pass, rules: { team/any: track } }
`,
      'other.test.yaml',
    );
    const path = join(folder, 'other.test.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('version: 1', 'version: 1\npolicy: ./strict.yaml'));
    expect(await tested(path, '-q')).toBe(0);
    expect(stdout).toBe('');
  });

  test.each([
    ['  - { name: a }', '3:5: /cases/0/expect: is missing'],
    ['  - { name: a, expect: {} }', '3:24: /cases/0/expect: expects nothing: say decision, rules or only'],
    ['  - { name: a, expects: {} }', '3:25: /cases/0/expects: there is no such member; did you mean expect?'],
    [
      '  - { name: a, expect: { decision: pass }, evidence: { findings: [{ severity: bad }] } }',
      '3:79: /cases/0/evidence/findings/0/severity: must be one of critical, high, medium, low, negligible, unknown, not "bad"',
    ],
    [
      '  - { name: a, expect: { decision: pass }, evidence: { pacakges: [] } }',
      '3:66: /cases/0/evidence/pacakges: there is no such member; did you mean packages?',
    ],
    [
      '  - { name: a, at: 2026-02-30, expect: { decision: pass } }',
      '3:20: /cases/0/at: must be a day such as 2026-01-31, or a time',
    ],
    [
      '  - { name: a, expect: { rules: { a/b: fail } } }',
      '3:40: /cases/0/expect/rules/a~1b: must be one of stop, warn, track, undecided, silent, not "fail"',
    ],
    [
      "  - { name: a, expect: { decision: pass }, evidence: { packages: [{ purl: 'pkg:npm/a@1' }], findings: [{ package: 'pkg:npm/b@1' }] } }",
      '3:115: /cases/0/evidence/findings/0/package: is none of the packages',
    ],
    [
      '  - { name: a, expect: { decision: pass }, evidence: { findings: [{ published: yesterday }] } }',
      '3:80: /cases/0/evidence/findings/0/published: must be a day such as 2026-01-31, or a time, not "yesterday"',
    ],
    [
      '  - { name: a, expect: { decision: pass }, evidence: { collected: { files: [{ path: /a, mode: 0755 }] } } }',
      '3:95: mode is in octal',
    ],
    [
      '  - { name: a, expect: { decision: pass }, baseline: { known: [CVE-1] } }',
      '3:64: /cases/0/baseline/known/0: must be a flaw and a package, such as CVE-2024-1 openssl',
    ],
    ['  - { name: a, expect: { decision: pass }, names: [A B] }', '3:52: /cases/0/names/0: '],
    ['  []', '3:3: /cases: there are none'],
    ['  - [', '3:5: this [ is not closed'],
  ])('%s is told with line and column', async (text, message) => {
    cases(`${text}\n`, 'bad.test.yaml');
    expect(await tested(join(folder, 'bad.test.yaml'))).toContain(`policy/case: bad.test.yaml:${message}`);
  });

  test('where there are no cases there is no success', async () => {
    expect(await tested(join(folder, 'empty'))).toBe('policy/no-cases: empty holds no cases');
    expect(await tested(lax)).toBe('policy/no-cases: there are no cases for lax.yaml');
    expect(await tested(join(folder, 'none.yaml'))).toBe('policy/no-cases: none.yaml does not exist');
  });
});
