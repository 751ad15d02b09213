import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findBaseline, keepBaseline, makesBaseline } from '../../../src/pipeline/ci/baselines.ts';
import type { CiRun } from '../../../src/pipeline/ci/platform.ts';
import { report } from '../../../src/report/json.ts';
import { context, evidence, shop, shopVerdict } from '../../report/samples.ts';
import { scratchFolder } from '../../support/cli.ts';

const root = scratchFolder();
const now = new Date('2026-01-04T00:00:00Z');
const kept = join(root, 'kept.json');
writeFileSync(kept, report.render(shop, shopVerdict, context));
const timeless = join(root, 'timeless.json');
writeFileSync(timeless, report.render(evidence({ sources: [] }), { decision: 'pass', reasons: [] }, context));

const fresh = (): string => mkdtempSync(join(root, 'b-'));

describe('a baseline', () => {
  test('is kept for a branch and an image, and found for them', () => {
    const folder = fresh();
    const key = { branch: 'release/1.x', image: 'reg.test/acme/shop' };
    expect(keepBaseline(folder, key, kept)).toBeUndefined();
    expect(keepBaseline(folder, { ...key, image: 'other' }, timeless)).toBeUndefined();
    const path = join(folder, 'release%2F1.x', 'reg.test%2Facme%2Fshop.json');
    expect(findBaseline([fresh(), folder], key, now)).toEqual({ path });
    expect(readFileSync(path)).toEqual(readFileSync(kept));
    expect(findBaseline([folder], { ...key, branch: 'main' }, now)).toEqual({ none: 'no report of main was kept' });
    // Of two images neither is this one.
    expect(findBaseline([folder], { ...key, image: 'third' }, now)).toEqual({
      none: 'no report of release/1.x was kept',
    });
  });

  test('of another name serves where it is the only one of the branch', () => {
    const folder = fresh();
    keepBaseline(folder, { branch: 'main', image: 'shop-c0ffee.tar' }, kept);
    const path = join(folder, 'main', 'shop-c0ffee.tar.json');
    expect(findBaseline([folder], { branch: 'main', image: 'shop-beef.tar' }, now)).toEqual({ path });
  });

  test('may be one file for the branch, as an artifact is fetched', () => {
    const folder = fresh();
    writeFileSync(join(folder, 'main.json'), readFileSync(kept));
    expect(findBaseline([folder], { branch: 'main', image: 'shop' }, now)).toEqual({ path: join(folder, 'main.json') });
  });

  test('that can not serve is passed over with what is wrong', () => {
    const folder = fresh();
    const key = { branch: 'main', image: 'shop' };
    keepBaseline(folder, key, timeless);
    expect(findBaseline([folder], key, now)).toEqual({
      none: expect.stringContaining('does not tell when it was made'),
    });
    writeFileSync(join(folder, 'main', 'shop.json'), '{"schema":');
    expect(findBaseline([folder], key, now)).toEqual({ none: expect.stringContaining('JSON') });
  });

  test('that can not be kept is told', () => {
    const folder = fresh();
    writeFileSync(join(folder, 'main'), 'in the way');
    expect(keepBaseline(folder, { branch: 'main', image: 'shop' }, kept)).toBe('EEXIST');
    expect(keepBaseline(folder, { branch: 'x', image: 'shop' }, join(root, 'missing'))).toBe('ENOENT');
    expect(readdirSync(join(folder, 'x'))).toEqual([]);
  });

  test('stands in its folder whatever branch and image are called', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('..', '.', '', '../../x', 'a/b', '\0', '%', 'x'.repeat(500)),
    );
    fc.assert(
      fc.property(name, name, (branch, image) => {
        const folder = join(fresh(), 'in');
        mkdirSync(folder);
        expect(keepBaseline(folder, { branch, image }, kept)).toBeUndefined();
        const found = findBaseline([folder], { branch, image }, now);
        expect(found).toEqual({ path: expect.any(String) });
        const inside = relative(folder, (found as { path: string }).path).split('/');
        expect([inside.length, inside.includes('..')]).toEqual([2, false]);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a run makes a baseline', () => {
  const run = (given: Partial<CiRun>): CiRun => ({ platform: 'github', title: 'x', ...given });
  test.each([
    [{ branch: 'main', defaultBranch: 'main' }, true],
    [{ branch: 'topic', defaultBranch: 'main' }, false],
    [{ branch: 'release/1', defaultBranch: 'main', guarded: true }, true],
    [{ branch: 'master' }, true],
    [{ branch: 'topic' }, false],
    [{ branch: 'main', defaultBranch: 'main', pullRequest: '1' }, false],
    [{ branch: 'main', targetBranch: 'main', guarded: true }, false],
    [{}, false],
  ])('%j: %s', (given, expected) => {
    expect(makesBaseline(run(given))).toBe(expected);
  });
});
