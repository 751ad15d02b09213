import { describe, expect, test } from 'vitest';
import { baseOf } from '../../src/advisory/names.ts';
import { openStarterDb, starterRecords } from '../../src/advisory/starter/index.ts';
import type { Affected } from '../../src/advisory/starter/record.ts';
import { matchPackages } from '../../src/match/match.ts';
import type { Package } from '../../src/model/package.ts';
import { order as apk } from '../../src/version/apk.ts';
import type { VersionOrder } from '../../src/version/contract.ts';
import { order as dpkg } from '../../src/version/dpkg.ts';
import { order as go } from '../../src/version/go.ts';
import { order as maven } from '../../src/version/maven.ts';
import { order as pep440 } from '../../src/version/pep440.ts';
import { order as rpm } from '../../src/version/rpm.ts';
import { order as semver } from '../../src/version/semver.ts';
import { ecosystem } from '../match/make.ts';

const orders: Readonly<Record<string, VersionOrder>> = {
  AlmaLinux: rpm,
  Alpine: apk,
  Debian: dpkg,
  Go: go,
  Maven: maven,
  PyPI: pep440,
  npm: semver,
};

const db = openStarterDb();
const cases = starterRecords.flatMap((record) =>
  record.affected.map((affected) => ({
    label: `${record.id} ${affected.package.ecosystem} ${affected.package.name}`,
    record,
    affected,
  })),
);

function orderOf(affected: Affected): VersionOrder {
  const order = orders[baseOf(affected.package.ecosystem)];
  if (order === undefined) throw new Error(`no order for ${affected.package.ecosystem}`);
  return order;
}

/** The ids, and the fixes of the one that is asked for, of what the set knows about one version. */
function look(affected: Affected, version: string): Map<string, readonly string[]> {
  const { ecosystem: base, name } = affected.package;
  const order = orderOf(affected);
  const kind = ecosystem({
    order,
    database: [rpm, apk, dpkg].includes(order),
    advisories: () => ({ ecosystem: base, name, version }),
  });
  const one: Package = {
    ecosystem: 'test',
    name,
    version,
    presence: 'installed',
    purl: 'pkg:test/x',
    paths: ['/x'],
    layer: 0,
  };
  const { findings, problems, unanswered } = matchPackages([one], {
    ecosystemOf: () => kind,
    distribution: undefined,
    db,
  });
  expect({ problems, unanswered }).toEqual({ problems: [], unanswered: [] });
  return new Map(findings.flatMap((finding) => finding.advisories.map((id) => [id, finding.fixed])));
}

/** A version that any range from 0 on holds. */
const oldest: Readonly<Record<string, string>> = {
  AlmaLinux: '0:0-0',
  Alpine: '0-r0',
  Debian: '0~',
  Go: '0.0.1',
  Maven: '0.0.1',
  PyPI: '0.0.1',
  npm: '0.0.1',
};

describe('the starter set', () => {
  test('has about fifty records, each id and name once', () => {
    expect(starterRecords.length).toBeGreaterThanOrEqual(50);
    expect(starterRecords.length).toBeLessThanOrEqual(80);
    const names = starterRecords.flatMap((record) => [record.id, ...record.aliases]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test.each(starterRecords)('$id is a valid OSV record', (record) => {
    expect(record.id).toMatch(/^(CVE-\d{4}-\d{4,}|GHSA(-[23456789cfghjmpqrvwx]{4}){3})$/);
    expect(record.modified).toMatch(/^\d{4}-\d\d-\d\dT00:00:00Z$/);
    expect(record.published <= record.modified).toBe(true);
    expect(record.summary).toMatch(/^\S[^\n]{15,118}[^\s.]$/);
    expect(record.affected.length).toBeGreaterThan(0);
    const listed = record.affected.map((one) => `${one.package.ecosystem} ${one.package.name}`);
    expect(new Set(listed).size).toBe(listed.length);
  });

  test.each(starterRecords)('$id has a severity that can be read, medium or worse', (record) => {
    for (const { package: of } of record.affected) {
      const [known] = db.lookup(of.ecosystem, of.name).filter((one) => one.id === record.id);
      expect(['critical', 'high', 'medium']).toContain(known?.severity.severity);
      expect(known?.severity.score).toBeGreaterThanOrEqual(5);
    }
  });

  test.each(starterRecords)('$id has a fix for every package, or says why not', (record) => {
    const open = record.affected.filter(({ ranges }) =>
      ranges.some(({ events }) => 'introduced' in (events.at(-1) ?? {})),
    );
    expect(record.database_specific !== undefined).toBe(open.length > 0);
  });
});

describe.each(cases)('$label', ({ record, affected }) => {
  const events = affected.ranges.flatMap((range) => range.events);
  const order = orderOf(affected);

  test('its events are versions of its order, ascending, introduced and fixed by turns', () => {
    const versions = events.map((event) => event.introduced ?? event.fixed ?? '');
    expect(events.map((event) => Object.keys(event).join())).toEqual(
      events.map((_, index) => (index % 2 === 0 ? 'introduced' : 'fixed')),
    );
    expect(versions.filter((version, index) => !(index === 0 && version === '0') && !order.valid(version))).toEqual([]);
    const ascending = versions.slice(1).every((version, index) => {
      const before = versions[index] ?? '';
      return before === '0' || order.compare(before, version) < 0;
    });
    expect(ascending).toBe(true);
  });

  test('holds for the first version of each stretch and not for its fix', () => {
    for (let at = 0; at < events.length; at += 2) {
      const first = events[at]?.introduced ?? '';
      const version = first === '0' ? (oldest[baseOf(affected.package.ecosystem)] ?? '') : first;
      const fixed = events[at + 1]?.fixed;
      expect(look(affected, version).get(record.id)).toEqual(fixed === undefined ? [] : [fixed]);
      if (fixed !== undefined) expect(look(affected, fixed).has(record.id)).toBe(false);
    }
  });
});

test('the database says what it is', () => {
  expect(db.sources.map((source) => [source.ecosystem, source.origin])).toEqual(
    Object.keys(orders)
      .sort()
      .map((name) => [name, 'starter']),
  );
  expect(db.has('RubyGems')).toBe(false);
  expect(db.lookup('npm', 'left-pad')).toEqual([]);
});
