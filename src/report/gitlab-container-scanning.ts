import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Report, ReportContext } from './contract.ts';
import { StableIds } from './gitlab/ids.ts';
import { messagesFor } from './gitlab/messages.ts';
import { notLooked, otherKind, waivedNote } from './gitlab/own-messages.ts';
import { dependencyOf, isWaived, packageVulnerability } from './gitlab/package-vulnerability.ts';
import { targetName } from './gitlab/places.ts';
import { securityReport } from './gitlab/security-report.ts';
import { nameText } from './gitlab/text.ts';
import { jsonText } from './text-json.ts';

/** GitLab's container scanning report (security report schemas 15): the flaws in an image's packages. */
export const report: Report = {
  id: 'gitlab-container-scanning',
  doc: "GitLab's container scanning report (schemas 15): flaws in the packages of an image",
  render: (evidence, verdict, context) => jsonText(containerScanning(evidence, verdict, context)),
};

function containerScanning(evidence: Evidence, verdict: Verdict, context: ReportContext): object {
  const { target } = evidence;
  if (target.kind !== 'image') {
    const other =
      target.kind === 'dockerfile' ? 'gitlab-code-quality holds its findings' : 'see gitlab-dependency-scanning';
    const own = [otherKind(target, 'the flaws of images', other)];
    return securityReport('container_scanning', [], messagesFor(evidence, verdict, own), context);
  }
  const told = evidence.findings.filter((finding) => !isWaived(finding));
  const own = [...notLooked(evidence, 'packages'), ...waivedNote(evidence.findings.length - told.length)];
  const names = { image: targetName(context), ...defaultBranchImage(context) };
  const vulnerabilities = vulnerabilitiesOf({ ...evidence, findings: told }, names);
  return securityReport('container_scanning', vulnerabilities, messagesFor(evidence, verdict, own), context);
}

/**
 * What the image is called on the default branch, as GitLab's own variable says: without it each branch whose image has a
 * name of its own has flaws of its own. A name that the schemas do not take is left out.
 */
function defaultBranchImage({ env = {} }: ReportContext): { default_branch_image?: string } {
  const { CS_DEFAULT_BRANCH_IMAGE: image = '' } = env;
  const isTaken = image.length <= 255 && /^[a-zA-Z0-9/_.-]+(?::\d+[a-zA-Z0-9/_.-]*)?:[a-zA-Z0-9_.-]+$/.test(image);
  return isTaken ? { default_branch_image: image } : {};
}

function vulnerabilitiesOf(
  { findings, judged, target }: Evidence,
  names: { readonly image: string; readonly default_branch_image?: string },
): object[] {
  const ids = new StableIds();
  const { id = '', version = '' } = target.distribution ?? {};
  const system = nameText(version === '' ? id : `${id}:${version}`) || 'unknown';
  return findings.map((finding) => ({
    id: ids.ofFinding(finding, finding.paths[0] ?? ''),
    ...packageVulnerability(finding, judged),
    location: { dependency: dependencyOf(finding), operating_system: system, ...names },
  }));
}
