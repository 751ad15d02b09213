import { describe, expect, test } from 'vitest';
import { type AdvisoryDb, type FeedInfo, noFeeds } from '../../src/advisory/contract.ts';
import { memoryAdvisoryDb } from '../../src/advisory/memory.ts';
import { ecosystem as rpm } from '../../src/ecosystem/rpm/index.ts';
import { digestOfHex } from '../../src/model/digest.ts';
import type { Distribution, Package } from '../../src/model/package.ts';
import { neededData } from '../../src/pipeline/needed-data.ts';

const rhel: Distribution = { id: 'rhel', version: '9.4', like: [], name: 'Red Hat Enterprise Linux 9.4' };
const bash: Package = {
  ecosystem: 'rpm',
  name: 'bash',
  version: '5.1.8-9.el9',
  presence: 'installed',
  purl: 'pkg:rpm/redhat/bash@5.1.8-9.el9',
  paths: ['/var/lib/rpm/rpmdb.sqlite'],
  layer: 0,
};

function recordFor(ecosystem: string, more: object = {}) {
  const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2-1' }] }];
  return {
    id: 'RHSA-1',
    modified: '2024-01-01T00:00:00Z',
    ...more,
    affected: [{ package: { ecosystem, name: 'a' }, ranges }],
  };
}

const info: FeedInfo = {
  id: 'redhat',
  records: 1,
  unreadable: 0,
  newest: '',
  digest: digestOfHex('0'.repeat(64)),
  checkedAt: '2024-01-01T00:00:00Z',
};

function needed(db: AdvisoryDb | undefined, contentSets?: readonly string[]) {
  const inventory = { packages: [bash], distribution: rhel, earlier: [], ...(contentSets ? { contentSets } : {}) };
  const { sources, problems } = neededData(inventory, ['installed'], [rpm], db);
  return {
    sources: sources.map(({ ecosystem, origin }) => [ecosystem, origin]),
    problems: problems.map(({ code, blinding }) => [code, blinding]),
  };
}

describe('an image of Red Hat', () => {
  const appstream = memoryAdvisoryDb([recordFor('Red Hat:enterprise_linux:9::appstream')], 'osv-export');

  test('needs one source, whose records hold fixed flaws alone', () => {
    expect(needed(appstream)).toEqual({
      sources: [['Red Hat', 'osv-export']],
      problems: [['data/only-fixed', false]],
    });
  });

  test('is warned of what is not fixed where the feed is there too, which finds nothing by itself', () => {
    expect(needed({ ...appstream, feeds: { ...noFeeds, infos: [info] } }).problems).toEqual([
      ['data/only-fixed', false],
    ]);
  });

  test('says which repositories are of no known product', () => {
    expect(needed(appstream, ['epel-9']).problems).toEqual([
      ['data/content-set-unknown', false],
      ['data/only-fixed', false],
    ]);
  });

  test('is undecided where the data knows none of its products', () => {
    const other = memoryAdvisoryDb([recordFor('Red Hat:enterprise_linux:8::baseos')], 'osv-export');
    expect(needed(other).problems).toEqual([
      ['data/release-unknown', true],
      ['data/only-fixed', false],
    ]);
    const eus = ['rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_2'];
    expect(needed(appstream, eus).problems[0]).toEqual(['data/release-unknown', true]);
  });

  test('is undecided where the only records for its products were taken back', () => {
    const taken = recordFor('Red Hat:enterprise_linux:9::baseos', { withdrawn: '2024-02-01T00:00:00Z' });
    const beside = { ...recordFor('Red Hat:enterprise_linux:8::baseos'), id: 'RHSA-2' };
    expect(needed(memoryAdvisoryDb([taken, beside], 'osv-export')).problems[0]).toEqual(['data/release-unknown', true]);
  });

  test('has no data without any', () => {
    expect(needed(undefined)).toEqual({ sources: [['Red Hat', 'none']], problems: [] });
  });

  test('needs nothing of other data that is there, whatever became of it', () => {
    const failed = { at: '2024-01-02T00:00:00Z', message: 'the server answered 500' };
    const others = ['Debian', 'npm', 'Alpine'].map((ecosystem) => ({ ...appstream.sources[0]!, ecosystem, failed }));
    expect(needed({ ...appstream, sources: [...others, ...appstream.sources] })).toEqual(needed(appstream));
  });
});
