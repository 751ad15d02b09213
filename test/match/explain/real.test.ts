import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdvisoryDb } from '../../../src/advisory/contract.ts';
import { openAdvisoryDb } from '../../../src/advisory/open.ts';
import { updateAdvisories } from '../../../src/advisory/update.ts';
import { ecosystems } from '../../../src/ecosystem/list.gen.ts';
import type { Explanation } from '../../../src/match/explain/contract.ts';
import { explainFlaw } from '../../../src/match/explain/explain.ts';
import { advisoryKeys } from '../../../src/match/keys.ts';
import { matchPackages } from '../../../src/match/match.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import { hasShared, shared } from '../../support/shared.ts';
import { distributionOf, packagesOf } from '../images.ts';

/** Flaws of each image that are explained: so many that are found, and so many that records name. */
const sampleSize = 10;
const plugins = new Map(ecosystems.map((one) => [one.id, one]));
const ecosystemOf = (id: string) => plugins.get(id);

describe.skipIf(!hasShared)('explanations of real images', () => {
  let db: AdvisoryDb;
  let cacheDir: string;

  beforeAll(async () => {
    cacheDir = mkdtempSync(join(tmpdir(), 'sluice-explain-'));
    const now = () => new Date('2026-08-22T00:00:00Z');
    await updateAdvisories({
      from: shared('osv'),
      cacheDir,
      ecosystems: ['AlmaLinux', 'npm'],
      offline: true,
      now,
    });
    const opened = openAdvisoryDb(cacheDir);
    if (opened === undefined) throw new Error('no advisories were indexed');
    db = opened;
  });
  afterAll(() => {
    db?.close();
    rmSync(cacheDir, { recursive: true, force: true });
  });

  test.each(['matching-alma-9', 'node-app'])('%s: as matching has it', (image) => {
    const packages = packagesOf(image);
    const distribution = distributionOf(image);
    const keys = advisoryKeys(packages, ecosystemOf, distribution);
    const { findings, problems } = matchPackages(packages, { ecosystemOf, distribution, db, keys });
    const evidence: Evidence = {
      target: { kind: 'image', ...(distribution ? { distribution } : {}), layers: [] },
      judged: ['installed'],
      packages,
      findings,
      problems,
      sources: [],
    };
    const named = keys.flatMap((key) => (key ? (db.find(key.ecosystem, key.name)?.all() ?? []) : []));
    const asked = [...some(findings.map(({ id }) => id)), ...some(named.map(({ id }) => id))];
    const wrong: string[] = [];
    let stories = 0;
    for (const id of asked) {
      const told = explainFlaw(id, {
        evidence,
        ecosystemOf,
        keys,
        db,
        sources: [],
        vexOf: () => [],
        gateOf: () => ({ counts: true, decision: 'warn', because: '' }),
      });
      stories += told.packages.length;
      wrong.push(...differences(told).map((text) => `${id}: ${text}`));
    }
    expect(wrong).toEqual([]);
    expect(stories).toBeGreaterThan(asked.length / 2);
  });
});

/** Evenly spread over all, each once. */
function some(ids: readonly string[]): string[] {
  const each = [...new Set(ids)];
  return each.filter((_, i) => i % Math.ceil(each.length / sampleSize) === 0);
}

/** Records that are told to hold and are in no finding, and the other way round. */
function differences({ packages }: Explanation): string[] {
  return packages.flatMap(({ found, records, findings }) => {
    const told = new Set(records.filter(({ outcome }) => outcome === 'affected').map(({ id }) => id));
    const matched = new Set(findings.flatMap(({ finding }) => finding.advisories));
    const extra = [...told].filter((id) => !matched.has(id)).map((id) => `${found.purl}: ${id} is told alone`);
    const missing = [...matched].filter((id) => !told.has(id)).map((id) => `${found.purl}: ${id} is found alone`);
    return [...extra, ...missing];
  });
}
