import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdvisoryDb } from '../../src/advisory/contract.ts';
import { openAdvisoryDb } from '../../src/advisory/open.ts';
import { updateAdvisories } from '../../src/advisory/update.ts';
import type { Ecosystem } from '../../src/ecosystem/contract.ts';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import { type Matched, matchPackages } from '../../src/match/match.ts';
import type { Finding } from '../../src/model/finding.ts';
import { hasShared, shared } from '../support/shared.ts';
import { distributionOf, type Entry, images, packagesOf, vulnerabilitiesOf } from './images.ts';

const wanted = ['AlmaLinux', 'Alpine', 'Debian', 'Go', 'Maven', 'PyPI', 'npm'];
const plugins = new Map<string, Ecosystem>(ecosystems.map((one) => [one.id, one]));

/**
 * lodash: two records name the same two CVEs and so are one flaw, which 4.17.23 mends only in part. Why sluice names
 * the one version that mends it all stands in docs/oracle.md.
 */
const partialFixes = new Map([['GHSA-f23m-r3pf-42rh,GHSA-xxjr-mmjv-4gpg', ['4.18.0']]]);

describe.skipIf(!hasShared)('against the independent program', () => {
  let db: AdvisoryDb;
  let cacheDir: string;

  beforeAll(async () => {
    cacheDir = mkdtempSync(join(tmpdir(), 'sluice-match-'));
    const now = () => new Date('2026-08-22T00:00:00Z');
    await updateAdvisories({ from: shared('osv'), cacheDir, ecosystems: wanted, offline: true, now });
    const opened = openAdvisoryDb(cacheDir);
    if (opened === undefined) throw new Error('no advisories were indexed');
    db = opened;
  });
  afterAll(() => {
    db?.close();
    rmSync(cacheDir, { recursive: true, force: true });
  });

  const match = (image: string): Matched =>
    matchPackages(packagesOf(image), {
      ecosystemOf: (id) => plugins.get(id),
      distribution: distributionOf(image),
      db,
    });

  test.each(images)('%s: one entry is one finding', (image) => {
    const { findings, problems, unanswered } = match(image);
    expect(problems).toEqual([]);
    const entries = vulnerabilitiesOf(image).vulnerabilities.filter((entry) => wanted.includes(baseOf(entry)));
    const { missing, extra, shared: several, wrongFix } = compare(entries, findings);
    expect({ missing, extra, several, wrongFix }).toEqual({ missing: [], extra: [], several: [], wrongFix: [] });
    expect(findings.length).toBe(entries.length - entries.filter((entry) => entry.optional).length);
    expect(unanswered.filter((base) => wanted.includes(base))).toEqual([]);
  });

  test.each(['matching-alma-8', 'matching-alma-9'])('%s: errata of a module stream hold for no other rpm', (image) => {
    const { needsModule } = vulnerabilitiesOf(image);
    const matched = new Set(match(image).findings.flatMap((one) => one.advisories.map((id) => `${one.name} ${id}`)));
    expect(needsModule.length).toBeGreaterThan(0);
    expect(needsModule.filter((one) => matched.has(`${one.name} ${one.advisory}`))).toEqual([]);
  });

  test('matching-alma-9: an rpm of a module stream has the errata of that stream alone', () => {
    const image = 'matching-alma-9';
    const packages = packagesOf(image)
      .filter((one) => one.name === 'mysql-server')
      .map((one) => ({ ...one, module: 'mysql:8.4:9060020250101:0' }));
    const context = { ecosystemOf: (id: string) => plugins.get(id), distribution: distributionOf(image), db };
    const { findings } = matchPackages(packages, context);
    const needed = vulnerabilitiesOf(image).needsModule.filter((one) => one.name === 'mysql-server');
    expect(findings.flatMap((one) => one.advisories).sort()).toEqual(needed.map((one) => one.advisory).sort());
    expect(findings.every((one) => one.title.includes('mysql:8.4'))).toBe(true);
  });
});

function compare(entries: readonly Entry[], findings: readonly Finding[]) {
  const covered = new Map<Finding, Entry[]>();
  const missing: string[] = [];
  for (const entry of entries) {
    const hits = findings.filter((finding) => isOf(finding, entry) && namesMeet(finding, entry));
    if (hits.length === 0 && !entry.optional) missing.push(labelOf(entry));
    const exact = hits.filter((finding) => entry.advisories.every((id) => finding.advisories.includes(id)));
    for (const hit of exact) covered.set(hit, [...(covered.get(hit) ?? []), entry]);
    if (exact.length !== 1 && !entry.optional) missing.push(`${labelOf(entry)} ${exact.length} times`);
  }
  const wrongFix: unknown[] = [];
  for (const [finding, [entry]] of covered) {
    const fixed = partialFixes.get(finding.advisories.join()) ?? entry?.fixed;
    if (fixed?.join() !== finding.fixed.join()) wrongFix.push([finding.id, finding.version, finding.fixed, fixed]);
  }
  return {
    missing,
    extra: findings.filter((finding) => !covered.has(finding)).map(labelOf),
    shared: [...covered].filter(([, of]) => of.length > 1).map(([finding]) => labelOf(finding)),
    wrongFix,
  };
}

function isOf(finding: Finding, entry: Entry): boolean {
  return finding.name === entry.name && finding.version === entry.version;
}

function namesMeet(finding: Finding, entry: Entry): boolean {
  const names = new Set([...entry.advisories, ...entry.aliases, ...entry.cves]);
  return [finding.id, ...finding.aliases, ...finding.advisories].some((name) => names.has(name));
}

function labelOf(one: Finding | Entry): string {
  return `${one.name} ${one.version}: ${one.advisories.join(' ')}`;
}

function baseOf(entry: Entry): string {
  return entry.ecosystem.split(':')[0] ?? '';
}
