import { describe, expect, test } from 'vitest';
import { openAdvisoryDb } from '../../src/advisory/open.ts';
import { hasShared, shared } from '../support/shared.ts';
import { scratch, update } from './support.ts';

/** Counted in the zips by another program. */
const counted: readonly (readonly [string, string, number])[] = [
  ['Alpine:v3.11', 'openssl', 7],
  ['Alpine:v3.18', 'openssl', 0],
  ['Alpine:v3.9', 'curl', 46],
  ['Maven', 'org.apache.logging.log4j:log4j-core', 1],
  ['npm', 'lodash', 12],
  ['crates.io', 'openssl', 9],
];

describe.skipIf(!hasShared)('the mirror of real advisories', () => {
  test('is indexed as it says of itself', async () => {
    const cache = scratch();
    const ecosystems = ['Alpine', 'Maven', 'npm', 'crates.io'];
    const { failed, sources } = await update(shared('osv'), cache, { ecosystems });
    expect(failed).toEqual([]);
    expect(sources.map((one) => [one.ecosystem, one.records, one.withdrawn, one.unreadable])).toEqual([
      ['Alpine', 2436, 0, 0],
      ['Maven', 442, 0, 0],
      ['crates.io', 722, 9, 0],
      ['npm', 995, 0, 0],
    ]);
    const db = openAdvisoryDb(cache)!;
    const counts = (keys: readonly (readonly [string, string])[]) => keys.map(([e, n]) => db.lookup(e, n).length);
    expect(counts(counted.map(([e, n]) => [e, n] as const))).toEqual(counted.map(([, , count]) => count));
    db.close();
  }, 60_000);
});
