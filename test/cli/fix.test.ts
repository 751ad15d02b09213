import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { command as db } from '../../src/cli/db.ts';
import { command as fix } from '../../src/cli/fix.ts';
import { SluiceError } from '../../src/util/error.ts';
import { sluiceCheck } from '../report/schemas.ts';
import { scratchFolder } from '../support/cli.ts';
import { archiveOf, buildImage, ociFiles } from '../support/image-writer.ts';
import { file, tar } from '../support/tar-writer.ts';
import { buildZip } from '../support/zip.ts';

const check = sluiceCheck('sluice-fix-v1');
const folder = scratchFolder();
const inFolder = (...names: string[]): string => join(folder, ...names);
const source = inFolder('shop');
const lock = (version: string): string =>
  `${JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/lodash': { version } } }, undefined, 2)}\n`;

/** Flaws of lodash: one is fixed, one is not, and one is of a name that would do something to a terminal. */
const records: readonly (readonly [string, string, string | undefined])[] = [
  ['CVE-2026-1', 'lodash', '4.17.21'],
  ['CVE-2026-2', 'left-pad', undefined],
  ['CVE-2026-3', 'red\x1b[31m', '2.0.0'],
];

async function run(...args: readonly string[]): Promise<number | string> {
  const all = [...args, '--cache-dir', inFolder('cache'), '--quiet', '--data-age', 'never:never', '--offline'];
  return fix.run({ args: all, env: {}, version: '1.2.3', build: 'test' }).catch((thrown: unknown) => {
    if (thrown instanceof SluiceError) return `${thrown.code}: ${thrown.message}`;
    throw thrown;
  });
}

/** Runs it, and reads all that it wrote. */
async function fixed(...args: readonly string[]) {
  const [json, table, patch] = ['json', 'table', 'patch'].map((format) => inFolder(`out.${format}`)) as [
    string,
    string,
    string,
  ];
  for (const path of [json, table, patch]) rmSync(path, { force: true });
  const code = await run(...args, '-o', `json=${json}`, '-o', `table=${table}`, '-o', `patch=${patch}`);
  const plan = JSON.parse(readFileSync(json, 'utf8'));
  expect(check(plan)).toEqual([]);
  return { code, plan, table: readFileSync(table, 'utf8'), patch: readFileSync(patch, 'utf8') };
}

beforeAll(async () => {
  const export_ = inFolder('export');
  mkdirSync(join(export_, 'npm'), { recursive: true });
  const inputs = records.map(([id, name, version]) => {
    const events = [{ introduced: '0' }, ...(version === undefined ? [] : [{ fixed: version }])];
    const affected = [{ package: { ecosystem: 'npm', name }, ranges: [{ type: 'SEMVER', events }] }];
    const body = { id, modified: '2026-01-01T00:00:00Z', database_specific: { severity: 'HIGH' }, affected };
    return { name: `${id}.json`, body: JSON.stringify(body) };
  });
  writeFileSync(join(export_, 'npm', 'all.zip'), buildZip(inputs));
  const args = ['update', '--from', export_, '--cache-dir', inFolder('cache'), '--quiet'];
  expect(await db.run({ args, env: {}, version: '1.2.3', build: 'test' })).toBe(0);
  mkdirSync(source);
  writeFileSync(join(source, 'package-lock.json'), lock('4.17.20'));
});

describe('sluice fix', () => {
  test('tells the change, its patch, and exits 0 where the gate would be green', async () => {
    const { code, plan, table, patch } = await fixed(source);
    expect(code).toBe(0);
    expect(plan).toMatchObject({
      schema: 'sluice-fix/v1',
      target: { kind: 'source' },
      outcome: 'green',
      before: { decision: 'stop' },
      after: { decision: 'pass' },
      changes: [
        {
          kind: 'package',
          ecosystem: 'npm',
          name: 'lodash',
          packages: ['lodash'],
          from: '4.17.20',
          to: '4.17.21',
          leavesMajor: false,
          place: '/package-lock.json',
          distribution: false,
          ends: [{ id: 'CVE-2026-1', severity: 'high', package: 'pkg:npm/lodash@4.17.20', stops: true }],
          brings: [],
          files: ['package-lock.json'],
          commands: ['npm install'],
          notes: [],
        },
      ],
      remains: [],
      others: 0,
    });
    expect(patch).toBe(
      `--- a/package-lock.json
+++ b/package-lock.json
@@ -2,7 +2,7 @@
   "lockfileVersion": 3,
   "packages": {
     "node_modules/lodash": {
-      "version": "4.17.20"
+      "version": "4.17.21"
     }
   }
 }
`,
    );
    expect(patch).toBe(plan.patches[0].diff);
    expect(table).toBe(`shop

CHANGE
  update lodash 4.17.20 to 4.17.21 (npm, in /package-lock.json)
      ends   CVE-2026-1 high
      patch  package-lock.json
      then   npm install

There is a patch of 1 file: -o patch prints it, --write applies it.

STOP → PASS  after 1 change the gate would pass, as far as packages go (sluice scan asks for secrets and settings as
             well)
`);
    expect(readFileSync(join(source, 'package-lock.json'), 'utf8')).toBe(lock('4.17.20'));
  });

  test('says that it can do nothing for a Dockerfile alone', async () => {
    const path = inFolder('Dockerfile');
    writeFileSync(path, 'FROM alpine:3.22\nUSER root\n');
    expect(await run(path)).toBe(
      `usage/fix-target: ${path} is a Dockerfile: it names no packages whose updates could be found`,
    );
  });

  test('writes files only with --write', async () => {
    const own = inFolder('own');
    mkdirSync(own);
    writeFileSync(join(own, 'package-lock.json'), lock('4.17.20'));
    const { table } = await fixed(own, '--write');
    expect(readFileSync(join(own, 'package-lock.json'), 'utf8')).toBe(lock('4.17.21'));
    expect(table).toContain('The patch of 1 file has been applied.');
    expect((await fixed(own)).table).toBe(
      'own\n\nPASS → PASS  nothing need be changed, as far as packages go (sluice scan asks for secrets and settings as well)\n',
    );
  });

  test('exits 2 where something stays, says why, and never lets it speak to the terminal', async () => {
    const manifest = (name: string, version: string) =>
      file(`app/node_modules/${version}/package.json`, JSON.stringify({ name, version }));
    const layer = tar(manifest('left-pad', '1.0.0'), manifest('red\x1b[31m', '1.1.0'));
    writeFileSync(inFolder('image.tar'), archiveOf(ociFiles(buildImage({ layers: [{ tar: layer }] }))));
    const { code, plan, table, patch } = await fixed(inFolder('image.tar'));
    expect(code).toBe(2);
    expect(plan.outcome).toBe('stop');
    expect(plan.remains).toEqual([
      {
        rule: 'vulnerability/severity',
        decision: 'stop',
        id: 'CVE-2026-2',
        severity: 'high',
        package: 'pkg:npm/left-pad@1.0.0',
        fixed: [],
        because: 'no-fix',
        says: 'no fix is known',
      },
    ]);
    expect(plan.changes.map((change: { commands: string[] }) => change.commands)).toEqual([[]]);
    expect(patch).toBe('');
    expect(table).toContain('REMAINS\n  stop  no fix is known\n      left-pad 1.0.0: CVE-2026-2 high\n');
    expect(table).toContain('update red\\x1b[31m 1.1.0 to 2.0.0');
    expect(table.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f]/);
  });

  test('goes by the policy and the waivers that scans go by', async () => {
    expect((await fixed(source, '--fail-on', 'critical')).plan).toMatchObject({
      outcome: 'green',
      changes: [],
      others: 1,
    });
    const waivers = inFolder('waivers.yaml');
    // A waiver that ends too far away is refused.
    const expires = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    writeFileSync(
      waivers,
      `version: 1\nwaivers:\n  - id: CVE-2026-1\n    reason: not reached\n    owner: shop\n    expires: ${expires}\n`,
    );
    const { code, plan } = await fixed(source, '--waivers', waivers);
    expect(plan).toMatchObject({ outcome: 'green', changes: [], others: 0 });
    expect(code).toBe(0);
  });

  test('refuses what it can not make sense of', async () => {
    expect(await run()).toBe('usage/no-target: there is no target');
    expect(await run(source, 'other')).toBe('usage/operands: one target at a time, not also other');
    expect(await run(source, '-o', 'yaml')).toBe('usage/output: fix has no format yaml');
    expect(await run(source, '-o', 'json', '-o', 'patch')).toMatch(
      /^usage\/output: only one of them can go to standard/,
    );
    expect(await run(source, '--base-candidate', source)).toMatch(/^usage\/base: --base-candidate takes an image/);
    expect(await run(source, '--source', inFolder('nothing'))).toBe(
      "fix/source: the source folder can't be read (ENOENT)",
    );
    expect(fix.help([])).toContain('--base-candidate TARGET');
  });
});
