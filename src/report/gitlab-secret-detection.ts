import type { Evidence } from '../model/evidence.ts';
import type { Place, PlacedFinding } from '../model/placed-finding.ts';
import type { Verdict } from '../model/verdict.ts';
import { partlyLookedFor } from '../policy/looked.ts';
import type { Report, ReportContext } from './contract.ts';
import { StableIds } from './gitlab/ids.ts';
import { type Message, messagesFor } from './gitlab/messages.ts';
import { notLooked, otherKind, waivedNote } from './gitlab/own-messages.ts';
import { placedDescription, placedFlags, placedLinks } from './gitlab/placed-text.ts';
import { fileOf } from './gitlab/places.ts';
import { securityReport } from './gitlab/security-report.ts';
import { securityWords } from './gitlab/severity.ts';
import { flavoredText, nameText } from './gitlab/text.ts';
import { jsonText } from './text-json.ts';

/** What stands for the commit where there is none: the schema demands one, and GitLab's own analyzers write it so. */
const noCommit = '0000000';

/** GitLab's secret detection report (security report schemas 15). The secrets themselves are never in it. */
export const report: Report = {
  id: 'gitlab-secret-detection',
  doc: "GitLab's secret detection report (schemas 15), without the secrets themselves",
  render: (evidence, verdict, context) => jsonText(secretDetection(evidence, verdict, context)),
};

function secretDetection(evidence: Evidence, verdict: Verdict, context: ReportContext): object {
  const { target } = evidence;
  const secrets = (evidence.placed ?? []).filter(({ kind }) => kind === 'secret');
  const told = secrets.filter(({ answered }) => answered?.by !== 'waiver');
  const own = [...unsearched(evidence), ...waivedNote(secrets.length - told.length)];
  if (target.kind === 'sbom') own.unshift(otherKind(target, 'secrets', 'a bill of materials holds no files'));
  const ids = new StableIds();
  const vulnerabilities = told.map((finding) => vulnerabilityOf(finding, ids, evidence));
  return securityReport('secret_detection', vulnerabilities, messagesFor(evidence, verdict, own), context);
}

/** A report without the secrets of files that nobody has looked into is no success. */
function unsearched(evidence: Evidence): Message[] {
  if (evidence.target.kind === 'sbom') return [];
  if (!partlyLookedFor(evidence).includes('secrets')) return notLooked(evidence, 'secrets');
  const value = 'layers that were read by their index alone were not searched for secrets: see --verify';
  return [{ level: 'fatal', value, code: 'report/not-looked-for' }];
}

function vulnerabilityOf(finding: PlacedFinding, ids: StableIds, { target }: Evidence): object {
  const { id, aliases, title, severity, fix, place } = finding;
  const lasting = ids.ofPlaced(finding);
  const rules = [id, ...aliases].filter((one) => one.trim() !== '').slice(0, 20);
  return {
    id: lasting,
    name: nameText(title.trim() === '' ? id : title) || 'secret',
    description: placedDescription(finding, target),
    severity: securityWords[severity],
    ...(fix === '' ? {} : { solution: flavoredText(fix) }),
    identifiers: (rules.length === 0 ? ['secret'] : rules).map((rule, at) => {
      const value = nameText(rule);
      return { type: at === 0 ? 'sluice_rule_id' : 'secret_rule_id', name: `Rule ${value}`, value };
    }),
    ...placedLinks(finding),
    ...placedFlags(finding),
    location: locationOf(place),
    ...trackingOf(place, lasting),
  };
}

/** By what GitLab knows it again when its line has moved (schemas 15, `tracking`); without it a moved line is another secret. */
function trackingOf(place: Place, lasting: string): object {
  const { file, line, endLine } = fileOf(place);
  if (line === undefined) return {};
  const signatures = [{ algorithm: 'hash', value: lasting }];
  return { tracking: { type: 'source', items: [{ file, start_line: line, end_line: endLine, signatures }] } };
}

function locationOf(place: Place): object {
  const { file, line, endLine } = fileOf(place);
  const { commit = '' } = place;
  return {
    file,
    ...(line === undefined ? {} : { start_line: line, end_line: endLine }),
    commit: { sha: /^[0-9a-f]{7,64}$/.test(commit) ? commit : noCommit },
  };
}
