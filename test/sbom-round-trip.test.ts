import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { advisoryData } from '../src/advisory/data.ts';
import { ecosystems } from '../src/ecosystem/list.gen.ts';
import { scan } from '../src/pipeline/scan.ts';
import { defaultPolicy } from '../src/policy/policy.ts';
import { report } from '../src/report/json.ts';
import { identifyTarget } from '../src/source/target.ts';
import { giveAdvisories } from './support/advisories.ts';
import { scratchFolder, sluice } from './support/cli.ts';
import { decide } from './support/decide.ts';
import { hasShared, shared } from './support/shared.ts';

interface Report {
  readonly packages: readonly { readonly needs?: unknown }[];
  readonly findings: readonly {
    readonly id: string;
    readonly package: string;
    readonly version: string;
    readonly severity: string;
    readonly presence: string;
    readonly fixed: readonly string[];
    readonly layer: number;
    readonly paths: readonly string[];
    readonly answered?: { readonly by: string };
  }[];
  readonly verdict: unknown;
}

const folder = scratchFolder();
const cache = join(folder, 'cache');
/** The other forms take turns: each is tried on many images. */
const others = ['cyclonedx@1.7', 'spdx@2.3', 'spdx@2.3-tag-value', 'spdx@3.0.1'];
const formsOf = (number: number): string[] => ['cyclonedx@1.6', others[number % others.length] as string];
const images = hasShared
  ? readdirSync(shared('images'))
      .filter((name) => name.endsWith('.tar'))
      .sort()
  : [];

/** What must be the same, whether the image was looked into or its bill of materials. */
function essence({ packages, findings, verdict }: Report): unknown {
  return {
    // What packages need is written as a graph, and read by nobody yet.
    packages: packages.map(({ needs: _, ...found }) => found),
    verdict,
    findings: findings.map(({ id, package: purl, version, severity, presence, fixed, layer, paths, answered }) => {
      return { id, purl, version, severity, presence, fixed, layer, paths, answered: answered?.by };
    }),
  };
}

const scanned = (target: string, ...more: string[]) =>
  // A bill of materials holds packages alone.
  sluice(['scan', target, '--scanners', 'packages', '--offline', '--quiet', '--cache-dir', cache, ...more]);

/** Documents are many: they are looked into by this process. */
async function scannedHere(path: string): Promise<Report> {
  const access = { insecure: false, offline: true, lazy: false, env: {} };
  const platform = { platform: { os: 'linux', architecture: 'amd64' }, explicit: false };
  const evidence = await scan(identifyTarget(path), { ecosystems, access, platform, data: await advisoryData(cache) });
  const verdict = decide(evidence, defaultPolicy, { now: new Date() });
  return JSON.parse(report.render(evidence, verdict, { name: '', colour: false, width: 80, version: '' })) as Report;
}

describe.skipIf(!hasShared)('a bill of materials that sluice wrote is judged as its image is', () => {
  beforeAll(async () => {
    await giveAdvisories(cache);
  }, 120_000);

  test.each(images.map((name, number) => ({ name, forms: formsOf(number) })))(
    '$name as $forms',
    async ({ name, forms }) => {
      const path = (form: string) => join(folder, `${name}.${form.replace('@', '-')}`);
      const outputs = forms.flatMap((form) => ['-o', `${form}=${path(form)}`]);
      const ofImage = await scanned(shared('images', name), '-o', 'json', ...outputs);
      const image = essence(JSON.parse(ofImage.stdout) as Report);
      for (const form of forms) expect(essence(await scannedHere(path(form))), form).toEqual(image);
    },
    120_000,
  );

  test('a damaged one is an error of one line, and what to do', async () => {
    const path = join(folder, 'damaged');
    writeFileSync(path, '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{');
    const run = await scanned(path);
    expect([run.code, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toMatch(
      /^sluice: damaged: not JSON: [^\n]+\n {8}the file is cut short, or is no JSON: write it again\n$/,
    );
  });
});
