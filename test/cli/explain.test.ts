import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { command } from '../../src/cli/explain.ts';
import type { SluiceError } from '../../src/util/error.ts';
import { sluiceCheck } from '../report/schemas.ts';
import { scratchFolder } from '../support/cli.ts';

const explainCheck = sluiceCheck('sluice-explain-v1');

const folder = scratchFolder();
const sbom = join(folder, 'shop.cdx.json');
const log4j = 'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1';
writeFileSync(
  sbom,
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: [
      { type: 'library', group: 'org.apache.logging.log4j', name: 'log4j-core', version: '2.14.1', purl: log4j },
    ],
  }),
);

/** Runs the command on the starter set, and reads what it wrote. */
async function explain(args: readonly string[], format = 'json'): Promise<{ code: number; text: string }> {
  const path = join(folder, `out.${format}`);
  const more = ['--offline', '--quiet', '--cache-dir', join(folder, 'cache'), '-o', `${format}=${path}`];
  const code = await command.run({ args: [...args, ...more], env: {}, version: '1.2.3', build: 'test' });
  return { code, text: readFileSync(path, 'utf8') };
}

async function refused(...args: readonly string[]): Promise<string> {
  const thrown = await explain(args).catch((error: SluiceError) => error);
  return thrown instanceof Error ? `${(thrown as SluiceError).code}: ${thrown.message}` : 'it ran';
}

describe('sluice explain', () => {
  test('tells by any name, in any case, whether a package has the flaw, and exits 0', async () => {
    const { code, text } = await explain(['cve-2021-44228', sbom]);
    const told = JSON.parse(text);
    expect(explainCheck(told)).toEqual([]);
    expect(code).toBe(0);
    expect(told).toMatchObject({
      schema: 'sluice-explain/v1',
      asked: 'cve-2021-44228',
      target: { kind: 'sbom' },
      outcome: 'affected',
      says: 'CVE-2021-44228 is in 1 package, and the gate stops at it',
      flaw: { id: 'CVE-2021-44228', names: ['CVE-2021-44228', 'GHSA-jfh8-c2jp-5v3q'] },
      packages: [
        {
          purl: log4j,
          judged: true,
          outcome: 'affected',
          lookups: [
            { ecosystem: 'Maven', name: 'org.apache.logging.log4j:log4j-core', version: '2.14.1', ordered: true },
          ],
          findings: [
            { severity: 'critical', gate: { counts: true, decision: 'stop', rule: 'vulnerability/severity' } },
          ],
        },
      ],
      sources: [{ ecosystem: 'Maven', origin: 'starter' }],
    });
    const other = await explain(['GHSA-JFH8-C2JP-5V3Q', sbom]);
    expect(JSON.parse(other.text)).toEqual({ ...told, asked: 'GHSA-JFH8-C2JP-5V3Q' });
  });

  test('goes by the severity that the gate is told to stop at', async () => {
    const { text } = await explain(['CVE-2021-44228', sbom, '--fail-on', 'never']);
    expect(JSON.parse(text).packages[0].findings[0].gate).toMatchObject({ counts: true, decision: 'warn' });
  });

  test('goes by waivers, and tells which one answers', async () => {
    const waivers = join(folder, 'waivers.yaml');
    const expires = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    const waiver = `{ id: GHSA-jfh8-c2jp-5v3q, reason: not reachable, owner: shop, expires: ${expires} }`;
    writeFileSync(waivers, `version: 1\nwaivers:\n  - ${waiver}\n`);
    const told = JSON.parse((await explain(['CVE-2021-44228', sbom, '--waivers', waivers])).text);
    expect(explainCheck(told)).toEqual([]);
    expect(told.says).toBe(
      'CVE-2021-44228 was found in 1 package, and what speaks against it is believed: it does not count',
    );
    expect(told.packages[0].findings[0].gate).toMatchObject({ counts: false, decision: 'pass' });
  });

  test('goes by a policy: what it only tracks passes', async () => {
    const policy = join(folder, 'sluice.yaml');
    const rule = `{ id: shop/all, title: A flaw, why: To know of it., on: finding, when: 'true', outcome: track }`;
    writeFileSync(policy, `version: 1\nrules:\n  - ${rule}\n`);
    const told = JSON.parse((await explain(['CVE-2021-44228', sbom, '--policy', policy])).text);
    expect(explainCheck(told)).toEqual([]);
    expect(told.says).toBe('CVE-2021-44228 is in 1 package, and the gate lets it pass');
    expect(told.packages[0].findings[0].gate).toMatchObject({ counts: true, decision: 'pass', rule: 'shop/all' });
  });

  test('says so where nothing is concerned, which is an answer too', async () => {
    const { code, text } = await explain(['CVE-2099-1', sbom], 'table');
    expect(code).toBe(0);
    expect(text).toContain('1 maven package in Maven, by 1 name, of which 1 has any advisory');
    expect(text.replace(/\s+/g, ' ').trim()).toMatch(
      /NOT FOUND the data has no record of CVE-2099-1 for any package here; for Maven there is only the built-in starter set$/,
    );
  });

  test('refuses what it can not tell of', async () => {
    expect(await refused('CVE-2021-44228')).toBe('usage/operands: explain takes the name of a finding and a target');
    expect(await refused('CVE-2021-44228', sbom, sbom)).toContain('usage/operands: one target at a time');
    expect(await refused(sbom, 'CVE-2021-44228')).toBe(
      `usage/operands: the name of the flaw comes first: explain CVE-2021-44228 ${sbom}`,
    );
    expect(await refused('no name', sbom)).toBe('usage/flaw: no name is no name of a flaw');
    expect(await refused('CVE-1', sbom, '--base', sbom)).toContain('usage/base');
    expect(await refused('CVE-1', join(folder, 'nothing'))).not.toBe('it ran');
    expect(await refused('CVE-1', sbom, '--data', 'sha256:0123')).toContain('advisory/');
  });
});
