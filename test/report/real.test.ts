import { beforeAll, describe, expect, test } from 'vitest';
import { advisoryData } from '../../src/advisory/data.ts';
import { updateAdvisories } from '../../src/advisory/update.ts';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { parsePlatform } from '../../src/model/image.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { scan } from '../../src/pipeline/scan.ts';
import { decide } from '../../src/policy/decide.ts';
import { defaultPolicy } from '../../src/policy/policy.ts';
import { reports } from '../../src/report/list.gen.ts';
import { identifyTarget } from '../../src/source/target.ts';
import { scratchFolder } from '../support/cli.ts';
import { hasShared, shared } from '../support/shared.ts';
import { context } from './samples.ts';
import { type Check, cycloneDxCheck, sarifCheck, sluiceCheck } from './schemas.ts';

const now = new Date('2026-06-01T00:00:00Z');
const cacheDir = scratchFolder();
const checks: Record<string, Check> = { json: sluiceCheck(), sarif: sarifCheck(), cyclonedx: cycloneDxCheck() };
const images = [
  'alpine-3.10.oci.tar',
  'python-app.oci.tar',
  'multi-layer-tricks.oci.tar',
  'matching-debian-9.docker.tar',
];

describe.skipIf(!hasShared)('real images', () => {
  const scanned = new Map<string, { evidence: Evidence; verdict: Verdict }>();

  beforeAll(async () => {
    const wanted = ['Alpine', 'PyPI', 'npm'];
    const result = await updateAdvisories({
      from: shared('osv'),
      cacheDir,
      ecosystems: wanted,
      offline: true,
      allowInsecure: false,
      now: () => now,
    });
    expect(result.failed).toEqual([]);
    const data = await advisoryData(cacheDir);
    for (const image of images) {
      const evidence = await scan(identifyTarget(shared('images', image)), {
        ecosystems,
        access: { insecure: false, offline: true, env: {}, onWarning: () => {} },
        platform: { platform: parsePlatform('linux/amd64'), explicit: false },
        data,
        jobs: 1,
      });
      scanned.set(image, { evidence, verdict: decide(evidence, defaultPolicy, now) });
    }
  });

  test.each(images)('%s: every report is valid, whole and the same again', (image) => {
    const { evidence, verdict } = scanned.get(image) as { evidence: Evidence; verdict: Verdict };
    expect(evidence.packages.length).toBeGreaterThan(0);
    for (const report of reports) {
      const text = report.render(evidence, verdict, context);
      expect(report.render(structuredClone(evidence), structuredClone(verdict), context)).toBe(text);
      expect(text).not.toContain(shared());
      const check = checks[report.id];
      if (check) expect(check(JSON.parse(text)), report.id).toEqual([]);
      for (const { name } of evidence.findings) expect(text).toContain(name);
    }
  });
});
