import { compareFindings, comparePackages } from '../../match/compare-packages.ts';
import type { Comparison } from '../../match/comparison.ts';
import type { Evidence } from '../../model/evidence.ts';
import { counts } from '../../model/finding.ts';
import type { Problem } from '../../model/problem.ts';
import { compareConfigs } from '../../source/compare-config.ts';
import type { Target } from '../../source/target.ts';
import { openTargetFiles, type TargetFiles } from '../image-files.ts';
import type { ScanOptions } from '../options.ts';
import { scan } from '../scan.ts';
import { compareFiles } from './compare-files.ts';

/** Compares two targets by the same data. @throws SluiceError when one of them can't be read */
export async function compareTargets(before: Target, after: Target, options: ScanOptions): Promise<Comparison> {
  const old = await scan(before, options);
  const now = await scan(after, options);
  const hasFiles = before.kind !== 'sbom' && after.kind !== 'sbom';
  const { unread = [], ...looked } = hasFiles ? await compareLooked(before, after, options) : {};
  return {
    before: old.target,
    after: now.target,
    packages: comparePackages(old.packages, now.packages),
    findings: compareFindings(counting(old), counting(now)),
    ...looked,
    incomplete: [...old.problems, ...now.problems, ...unread].some(({ blinding }) => blinding),
  };
}

/** Findings that the gate goes by. */
function counting({ findings, judged }: Evidence): Evidence['findings'] {
  return findings.filter((finding) => counts(finding, judged));
}

async function compareLooked(
  before: Target,
  after: Target,
  options: ScanOptions,
): Promise<Pick<Comparison, 'files' | 'settings'> & { readonly unread?: readonly Problem[] }> {
  const old = await openTargetFiles(before, options);
  let now: TargetFiles | undefined;
  try {
    now = await openTargetFiles(after, options);
    const files = await compareFiles(old, now);
    const settings = old.config && now.config ? { settings: compareConfigs(old.config.run, now.config.run) } : {};
    return { files, ...settings, unread: [...old.problems, ...now.problems] };
  } finally {
    old.close();
    now?.close();
  }
}
