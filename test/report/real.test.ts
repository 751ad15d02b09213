import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { advisoryData } from '../../src/advisory/data.ts';
import { updateAdvisories } from '../../src/advisory/update.ts';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { parsePlatform } from '../../src/model/image.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { scan } from '../../src/pipeline/scan.ts';
import { defaultPolicy } from '../../src/policy/policy.ts';
import { reports } from '../../src/report/list.gen.ts';
import { identifyTarget } from '../../src/source/target.ts';
import { scratchFolder } from '../support/cli.ts';
import { decide } from '../support/decide.ts';
import { hasShared, shared } from '../support/shared.ts';
import { snapshotFaults } from './github-snapshot-rules.ts';
import { context } from './samples.ts';
import { type Check, cycloneDxCheck, sarifCheck, sluiceCheck, spdxCheck } from './schemas.ts';
import { openVexFaults } from './vex/openvex-rules.ts';

const now = new Date('2026-06-01T00:00:00Z');
const cacheDir = scratchFolder();
const checks: Record<string, Check> = {
  audit: sluiceCheck('sluice-audit-v1'),
  json: sluiceCheck(),
  sarif: sarifCheck(),
  'cyclonedx@1.6': cycloneDxCheck('1.6'),
  'cyclonedx@1.7': cycloneDxCheck('1.7'),
  'spdx@2.3': spdxCheck('2.3'),
  'spdx@3.0.1': spdxCheck('3.0.1'),
  // Of what has no findings there is nothing to state.
  openvex: (document) => openVexFaults(document).filter((fault) => fault !== 'document: no statements'),
  'github-dependency-snapshot': snapshotFaults,
};
/** Reports that don't name what a flaw is in: sums, packages by their URLs, what is found in places, what rules fired on, and those of folders. */
const withoutNames = [
  'audit',
  'prometheus',
  'github-dependency-snapshot',
  'gitlab-code-quality',
  'gitlab-dependency-scanning',
  'gitlab-secret-detection',
];
const images = [
  'alpine-3.10.oci.tar',
  'python-app.oci.tar',
  'multi-layer-tricks.oci.tar',
  'matching-debian-9.docker.tar',
];

describe.skipIf(!hasShared)('real images', () => {
  const scanned = new Map<string, { evidence: Evidence; verdict: Verdict }>();
  let look: (target: string) => Promise<Evidence>;

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
    look = (target) =>
      scan(identifyTarget(target), {
        ecosystems,
        access: { insecure: false, offline: true, env: {}, onWarning: () => {} },
        platform: { platform: parsePlatform('linux/amd64'), explicit: false },
        data,
        jobs: 1,
      });
    for (const image of images) {
      const evidence = await look(shared('images', image));
      scanned.set(image, { evidence, verdict: decide(evidence, defaultPolicy, { now }) });
    }
  });

  test.each(images)('%s: every report is valid, whole and the same again', async (image) => {
    const { evidence, verdict } = scanned.get(image) as { evidence: Evidence; verdict: Verdict };
    expect(evidence.packages.length).toBeGreaterThan(0);
    // What a template makes is its writer's own.
    const variants = reports
      .filter(({ id }) => id !== 'template')
      .flatMap(({ versions = [undefined], load }) => versions.map((variant) => ({ variant, load })));
    for (const { variant, load } of variants) {
      const report = await load();
      const judgedBy = { policy: defaultPolicy, judging: { now }, build: 'test' };
      const env = { GITHUB_SHA: 'a'.repeat(40), GITHUB_REF: 'refs/heads/main' };
      const given = { ...context, judgedBy, env, ...(variant === undefined ? {} : { variant }) };
      const text = report.render(evidence, verdict, given);
      expect(report.render(structuredClone(evidence), structuredClone(verdict), given)).toBe(text);
      expect(text).not.toContain(shared());
      const name = variant === undefined ? report.id : `${report.id}@${variant}`;
      const check = checks[name];
      if (check) expect(check(JSON.parse(text)), name).toEqual([]);
      if (!withoutNames.includes(report.id)) for (const { name } of evidence.findings) expect(text).toContain(name);
    }
  });

  /** Every bill of materials that can be written. */
  const documents = reports
    .filter(({ id }) => ['cyclonedx', 'spdx'].includes(id))
    .flatMap(({ id, versions = [] }) => versions.map((version) => ({ id, version })));

  test.each(images)('%s: a scan of its bill of materials comes to the same', async (image) => {
    const { evidence, verdict } = scanned.get(image) as { evidence: Evidence; verdict: Verdict };
    expect(documents.length).toBe(5);
    for (const { id, version } of documents) {
      const report = await reports.find((listed) => listed.id === id)?.load();
      const path = join(cacheDir, `${image}.${id}-${version}`);
      writeFileSync(path, report?.render(evidence, verdict, { ...context, variant: version }) ?? '');
      const back = await look(`sbom:${path}`);
      expect(told(back), `${id}@${version}`).toEqual(told(evidence));
    }
  });
});

/** What a bill of materials has to keep. What a package needs is kept as relations, which leave out what is not there. */
function told({ target, packages, findings, problems, judged }: Evidence): object {
  return {
    distribution: target.distribution,
    layers: target.layers,
    judged,
    problems,
    findings,
    packages: packages.map(({ needs: _needs, ...found }) => found),
  };
}
