import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Report, ReportContext } from './contract.ts';
import { dependencyFiles } from './gitlab/dependency-files.ts';
import { StableIds } from './gitlab/ids.ts';
import { messagesFor } from './gitlab/messages.ts';
import { notLooked, otherKind, waivedNote } from './gitlab/own-messages.ts';
import { dependencyOf, isWaived, packageVulnerability } from './gitlab/package-vulnerability.ts';
import { relativePath, targetName } from './gitlab/places.ts';
import { securityReport } from './gitlab/security-report.ts';
import { jsonText } from './text-json.ts';

/** Most files of a package in which a flaw of it is told: GitLab tracks it in each. */
const filesTold = 100;

/** GitLab's dependency scanning report (security report schemas 15): the flaws in the packages of a folder or a bill of materials. */
export const report: Report = {
  id: 'gitlab-dependency-scanning',
  doc: "GitLab's dependency scanning report (schemas 15): flaws in the packages of a folder or a bill of materials",
  render: (evidence, verdict, context) => jsonText(dependencyScanning(evidence, verdict, context)),
};

function dependencyScanning(evidence: Evidence, verdict: Verdict, context: ReportContext): object {
  const { target, packages } = evidence;
  if (target.kind === 'image' || target.kind === 'dockerfile') {
    const other = target.kind === 'image' ? 'see gitlab-container-scanning' : 'gitlab-code-quality holds its findings';
    const own = [otherKind(target, 'the flaws of folders and bills of materials', other)];
    const empty = securityReport('dependency_scanning', [], messagesFor(evidence, verdict, own), context);
    return { ...empty, dependency_files: [] };
  }
  const told = evidence.findings.filter((finding) => !isWaived(finding));
  const own = [...notLooked(evidence, 'packages'), ...waivedNote(evidence.findings.length - told.length)];
  // What a bill of materials lists is in no other file.
  const name = relativePath(targetName(context)) ?? 'bill-of-materials';
  const vulnerabilities = vulnerabilitiesOf({ ...evidence, findings: told }, name);
  const whole = securityReport('dependency_scanning', vulnerabilities, messagesFor(evidence, verdict, own), context);
  return { ...whole, dependency_files: dependencyFiles(packages, name) };
}

function vulnerabilitiesOf({ findings, judged }: Evidence, name: string): object[] {
  const ids = new StableIds();
  return findings.flatMap((finding) => {
    const vulnerability = packageVulnerability(finding, judged);
    const dependency = dependencyOf(finding);
    const files = new Set(finding.paths.slice(0, filesTold).map((path) => relativePath(path) ?? name));
    return [...(files.size === 0 ? [name] : files)].map((file) => ({
      id: ids.ofFinding(finding, file),
      ...vulnerability,
      location: { file, dependency },
    }));
  });
}
