import type { Finding } from '../../model/finding.ts';
import type { Verdict } from '../../model/verdict.ts';

/** Tells of a finding whether the change that is looked at brought it; of none where that tells none from another. */
export function isIntroduced({ baseline, reasons }: Verdict): (finding: Finding) => boolean {
  // Where all was introduced, saying so of each tells nothing.
  if (!baseline || baseline.findings['inherited-known'] + baseline.findings['inherited-since'] === 0)
    return () => false;
  const introduced = new Set<string>();
  for (const { subjects = [] } of reasons) {
    for (const { id, package: purl = '', blame } of subjects)
      if (blame?.startsWith('introduced')) introduced.add(`${id}\0${purl}`);
  }
  return ({ id, package: purl }) => introduced.has(`${id}\0${purl}`);
}
