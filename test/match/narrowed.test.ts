import { closeSync, fstatSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdvisoryDb } from '../../src/advisory/contract.ts';
import { openAdvisoryDb } from '../../src/advisory/open.ts';
import { readOsvRecord } from '../../src/advisory/osv-record.ts';
import { updateAdvisories } from '../../src/advisory/update.ts';
import type { Ecosystem } from '../../src/ecosystem/contract.ts';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import { fileAccess } from '../../src/format/random-access.ts';
import { readZipDirectory, readZipEntry } from '../../src/format/zip.ts';
import { matchPackages } from '../../src/match/match.ts';
import type { Package } from '../../src/model/package.ts';
import { giveAdvisories } from '../support/advisories.ts';
import { hasShared, shared } from '../support/shared.ts';
import { found } from './make.ts';

/** Of how many names one is tried, and how many of its versions; `SLUICE_TEST_ALL` tries all. */
const all = process.env.SLUICE_TEST_ALL !== undefined;
const every = all ? 1 : 40;
const mostVersions = all ? 1_000 : 25;

const kinds = [
  ['AlmaLinux', 'rpm'],
  ['Alpine', 'apk'],
  ['Debian', 'deb'],
  ['Go', 'golang'],
  ['Maven', 'maven'],
  ['PyPI', 'pypi'],
  ['npm', 'npm'],
] as const;

describe.skipIf(!hasShared)('looking only at the advisories that may hold', () => {
  let db: AdvisoryDb;
  let cacheDir: string;

  beforeAll(async () => {
    cacheDir = mkdtempSync(join(tmpdir(), 'sluice-narrowed-'));
    await giveAdvisories(cacheDir);
    const now = () => new Date('2026-08-22T00:00:00Z');
    const wanted = kinds.map(([base]) => base);
    await updateAdvisories({ from: shared('osv'), cacheDir, ecosystems: wanted, offline: true, now });
    db = openAdvisoryDb(cacheDir)!;
  }, 120_000);
  afterAll(() => {
    db?.close();
    rmSync(cacheDir, { recursive: true, force: true });
  });

  test.each(kinds)(
    '%s: finds what judging every advisory finds',
    (base, id) => {
      const plugin = ecosystems.find((one) => one.id === id)!;
      let findings = 0;
      let left = 0;
      for (const [ecosystem, name] of namesIn(base)) {
        const named = db.find(ecosystem, name)!;
        const versions = versionsToTry(db, ecosystem, name);
        for (const version of versions.filter(plugin.order.valid)) {
          left += named.all().length - named.candidates(version, plugin.order).length;
        }
        const packages = versions.map((version) => found(name, version));
        const narrowed = match(packages, plugin, ecosystem, db);
        const whole = match(packages, plugin, ecosystem, unnarrowed(db));
        if (JSON.stringify(narrowed) !== JSON.stringify(whole)) expect([name, narrowed]).toEqual([name, whole]);
        findings += whole.findings.length;
      }
      expect(findings).toBeGreaterThan(10);
      expect(left).toBeGreaterThan(10);
    },
    600_000,
  );
});

function match(
  packages: readonly Package[],
  plugin: Ecosystem,
  ecosystem: string,
  db: Pick<AdvisoryDb, 'has' | 'find'>,
) {
  const named: Ecosystem = { ...plugin, advisories: ({ name, version }) => ({ ecosystem, name, version }) };
  return matchPackages(packages, { ecosystemOf: () => named, distribution: undefined, db });
}

/** The same advisories, all of which are judged. */
function unnarrowed(db: AdvisoryDb): Pick<AdvisoryDb, 'has' | 'find'> {
  return {
    has: (base) => db.has(base),
    find(ecosystem, name) {
      const named = db.find(ecosystem, name);
      return named && { all: () => named.all(), candidates: () => named.all() };
    },
  };
}

/** The names that the records of one export are about, read from the export and not from the index. */
function namesIn(base: string): (readonly [string, string])[] {
  const fd = openSync(shared('osv', base, 'all.zip'), 'r');
  const source = fileAccess(fd, 0, fstatSync(fd).size);
  const names = new Map<string, readonly [string, string]>();
  for (const entry of readZipDirectory(source)) {
    if (!entry.name.endsWith('.json')) continue;
    for (const { ecosystem, name } of readOsvRecord(readZipEntry(source, entry, 1 << 26)).packages) {
      if (ecosystem.split(':')[0] === base) names.set(`${ecosystem} ${name}`, [ecosystem, name]);
    }
  }
  closeSync(fd);
  return [...names.values()].filter((_, at) => at % every === 0);
}

const always = [
  '0',
  '0.0.0',
  '1',
  '1.0',
  '1:1.0-1',
  '99999999.0-1',
  '0~~-0',
  'v1.2.3',
  'no version',
  '',
  '1.0 beta',
  '*',
];

/** The versions that its advisories name, what lies right beside them, and some that have nothing to do with it. */
function versionsToTry(db: AdvisoryDb, ecosystem: string, name: string): string[] {
  const bounds = new Set<string>();
  for (const { ranges, versions } of db.find(ecosystem, name)?.all() ?? []) {
    for (const { events } of ranges) for (const { version } of events) bounds.add(version);
    for (const version of versions) bounds.add(version);
  }
  const step = Math.ceil(bounds.size / mostVersions);
  const tried = [...bounds].filter((_, at) => at % step === 0);
  const beside = tried.flatMap((version, at) => spelledBeside(version)[at % 8] ?? []);
  return [...new Set([...always, ...tried, ...beside])].slice(0, 990);
}

function spelledBeside(version: string): string[] {
  const raised = version.replace(/\d+(?=\D*$)/, (digits) => String(Number(digits) + 1));
  const lowered = version.replace(/\d+(?=\D*$)/, (digits) => String(Math.max(0, Number(digits) - 1)));
  const withoutRelease = version.replace(/-[^-]*$/, '');
  return [
    raised,
    lowered,
    `${version}.0`,
    `${version}~rc1`,
    `${version}-1`,
    `${version}a`,
    withoutRelease,
    `v${version}`,
  ];
}
