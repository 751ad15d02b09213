import fc from 'fast-check';
import { PackageURL } from 'packageurl-js';
import { describe, expect, test } from 'vitest';
import { parseDigest } from '../../src/model/digest.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { report } from '../../src/report/github-dependency-snapshot.ts';
import { arbitraryEvidence } from './arbitrary-evidence.ts';
import { snapshotFaults } from './github-snapshot-rules.ts';
import { context, evidence, pack, shop, shopVerdict, trapImage, trapVerdict } from './samples.ts';

const pass: Verdict = { decision: 'pass', reasons: [] };

/** What GitHub Actions sets. */
const env = {
  GITHUB_SHA: 'ddc951f4b1293222421f2c8df679786153acf689',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_RUN_ID: '658821493',
  GITHUB_WORKFLOW: 'Build & scan',
  GITHUB_JOB: 'image',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/shop',
};

interface Snapshot extends Record<string, unknown> {
  readonly manifests: Record<string, { readonly resolved: Record<string, { readonly package_url: string }> }>;
}

function snapshotOf(given: Evidence, verdict: Verdict = pass, more: Partial<typeof context> = { env }): Snapshot {
  return JSON.parse(report.render(given, verdict, { ...context, ...more })) as Snapshot;
}

const digest = (digit: string) => parseDigest(`sha256:${digit.repeat(64)}`);

describe('a snapshot of dependencies', () => {
  test('names the commit, the job and the image', () => {
    const { manifests: _manifests, ...rest } = snapshotOf(shop, shopVerdict);
    expect(rest).toEqual({
      version: 0,
      job: {
        id: '658821493',
        correlator: 'Build & scan image shop.tar',
        html_url: 'https://github.com/acme/shop/actions/runs/658821493',
      },
      sha: env.GITHUB_SHA,
      ref: 'refs/heads/main',
      detector: { name: 'sluice', version: '1.2.3', url: 'https://github.com/acme/shop' },
      metadata: { decision: 'stop', kind: 'image', digest: digest('a'), platform: 'linux/amd64' },
      scanned: '2026-01-03T04:05:06Z',
    });
    expect(snapshotFaults(snapshotOf(shop, shopVerdict))).toEqual([]);
  });

  test('puts packages where they are from, and says what needs what', () => {
    const lodash = pack({ name: 'lodash', version: '4.17.4', needs: ['ms'] });
    const ms = pack({ name: 'ms', version: '2.0.0' });
    const owned = pack({ name: 'six', version: '1.0', ownedBy: 'pkg:deb/debian/python3-six@1.0' });
    const lock = { presence: 'declared', paths: ['/app/package-lock.json', '/b/yarn.lock'] } as const;
    const jest = pack({ name: 'jest', version: '29.0.0', dev: true, ...lock });
    const musl = pack({ name: 'musl', version: '1', ecosystem: 'apk', purl: 'pkg:apk/alpine/musl@1', layer: 0 });
    const { manifests } = snapshotOf(evidence({ packages: [lodash, ms, owned, jest, musl] }));
    const entry = (purl: string, more: object = {}) => ({
      [purl]: { package_url: purl, relationship: 'direct', scope: 'runtime', dependencies: [], ...more },
    });
    const layer = (at: number, createdBy: string, diff: string, blob: string) => ({
      layer: at,
      diffId: digest(diff),
      digest: digest(blob),
      createdBy,
    });
    const development = entry('pkg:npm/jest@29.0.0', { scope: 'development' });
    expect(manifests).toEqual({
      'app/package-lock.json': { name: 'app/package-lock.json', resolved: development },
      'b/yarn.lock': { name: 'b/yarn.lock', resolved: development },
      'layer 0: apk': {
        name: 'layer 0: apk',
        metadata: layer(0, 'ADD file:root in /', '1', '2'),
        resolved: entry('pkg:apk/alpine/musl@1'),
      },
      'layer 1: npm': {
        name: 'layer 1: npm',
        metadata: layer(1, 'npm ci', '3', '4'),
        resolved: {
          ...entry('pkg:npm/lodash@4.17.4', { dependencies: ['pkg:npm/ms@2.0.0'] }),
          ...entry('pkg:npm/ms@2.0.0', { relationship: 'indirect' }),
        },
      },
    });
  });

  test('of a source folder each file is one of the repository', () => {
    const lodash = pack({ name: 'lodash', version: '4.17.4', presence: 'declared', paths: ['web/package-lock.json'] });
    const { manifests } = snapshotOf(evidence({ target: { kind: 'source', layers: [] }, packages: [lodash] }));
    expect(Object.values(manifests)).toEqual([
      {
        name: 'web/package-lock.json',
        file: { source_location: 'web/package-lock.json' },
        resolved: expect.objectContaining({ 'pkg:npm/lodash@4.17.4': expect.anything() }),
      },
    ]);
  });

  test('outside of GitHub Actions says nothing of a commit', () => {
    const outside = snapshotOf(shop, shopVerdict, {});
    expect(outside.job).toEqual({ id: digest('a'), correlator: 'sluice shop.tar' });
    expect(outside.detector).toEqual({ name: 'sluice', version: '1.2.3', url: 'urn:sluice:detector' });
    expect(snapshotFaults(outside)).toEqual([
      " must have required property 'sha'",
      " must have required property 'ref'",
    ]);
    expect(snapshotFaults({ ...outside, sha: env.GITHUB_SHA, ref: env.GITHUB_REF })).toEqual([]);
  });

  test('takes no variable that is not of its form', () => {
    const odd = {
      GITHUB_SHA: 'main',
      GITHUB_REF: 'main',
      GITHUB_RUN_ID: 'x',
      GITHUB_SERVER_URL: 'javascript:1',
      GITHUB_REPOSITORY: 'a/b',
    };
    expect(snapshotOf(shop, shopVerdict, { env: odd })).toEqual(snapshotOf(shop, shopVerdict, { env: {} }));
  });

  test('has the time that the user gives', () => {
    expect(snapshotOf(shop, pass, { env, sourceDateEpoch: '1735689600' }).scanned).toBe('2025-01-01T00:00:00Z');
  });

  test.each([
    ['empty', evidence({}), pass, 0],
    ['ordinary', shop, shopVerdict, 3],
    ['hostile', trapImage, trapVerdict, 1],
  ] as const)('is taken by GitHub: %s', (_what, given, verdict, manifests) => {
    const snapshot = snapshotOf(given, verdict);
    expect(snapshotFaults(snapshot)).toEqual([]);
    expect(Object.keys(snapshot.manifests)).toHaveLength(manifests);
    for (const { resolved } of Object.values(snapshot.manifests)) {
      for (const { package_url } of Object.values(resolved))
        expect(() => PackageURL.fromString(package_url)).not.toThrow();
    }
  });

  test('is taken by GitHub for any evidence, and the same each time', () => {
    fc.assert(
      fc.property(arbitraryEvidence, fc.string(), (given, name) => {
        const text = report.render(given, pass, { ...context, env, name });
        expect(report.render(given, pass, { ...context, env, name })).toBe(text);
        expect(snapshotFaults(JSON.parse(text))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
