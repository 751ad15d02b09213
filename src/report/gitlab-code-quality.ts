import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import type { PlacedFinding } from '../model/placed-finding.ts';
import { compareSeverity } from '../model/severity.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Report } from './contract.ts';
import { StableIds } from './gitlab/ids.ts';
import { type Message, messagesFor } from './gitlab/messages.ts';
import { notLooked } from './gitlab/own-messages.ts';
import { causeOf, type FilePlace, fileOf, relativePath } from './gitlab/places.ts';
import { qualityWords } from './gitlab/severity.ts';
import { nameText, plainText } from './gitlab/text.ts';
import { ended } from './sarif/text.ts';
import { jsonText } from './text-json.ts';
import { placeText } from './text-place.ts';

/** Longest description of one finding, in characters: GitLab shows it on one line. */
const longestDescription = 1000;

/** Where that stands which is about no file of its own. */
const nowhere = 'image';

/** GitLab's code quality report, a part of Code Climate's: what was found in places, and what blinds the gate. */
export const report: Report = {
  id: 'gitlab-code-quality',
  doc: "GitLab's code quality report: settings, secrets and other tools' findings, without flaws in packages",
  render: (evidence, verdict) => jsonText(issuesOf(evidence, verdict)),
};

/** The format has no word for a scan that failed: what could not be seen is an issue of its own, never an empty list. */
function issuesOf(evidence: Evidence, verdict: Verdict): object[] {
  const ids = new StableIds();
  const placed = [...(evidence.placed ?? [])].sort((a, b) => compareSeverity(a.severity, b.severity));
  const own = evidence.target.kind === 'sbom' ? [] : notLooked(evidence, 'configuration');
  const blinding = messagesFor(evidence, verdict, own).filter(({ level }) => level === 'fatal');
  return [
    ...blinding.map((message) => issueOfMessage(message, ids)),
    ...placed.map((finding) => issueOf(finding, ids, evidence.target)),
  ];
}

function issueOf(finding: PlacedFinding, ids: StableIds, target: EvidenceTarget): object {
  const { id, severity, answered } = finding;
  return {
    description: plainText(descriptionOf(finding, target), longestDescription),
    check_name: nameText(id) || finding.kind,
    fingerprint: ids.ofPlaced(finding),
    severity: answered ? 'info' : qualityWords[severity],
    location: locationOf(placeOf(finding, target)),
  };
}

function issueOfMessage({ value, code, path = '' }: Message, ids: StableIds): object {
  return {
    description: plainText(value, longestDescription),
    check_name: nameText(code),
    fingerprint: ids.ofWords('message', code, path, value),
    severity: 'blocker',
    location: locationOf({ file: relativePath(path) ?? nowhere }),
  };
}

/** Of an image the Dockerfile's line comes first: that file is in the project, those of the image are not. */
function placeOf({ place }: PlacedFinding, { kind }: EvidenceTarget): FilePlace {
  return (kind === 'image' ? causeOf(place.cause) : undefined) ?? fileOf(place);
}

function locationOf({ file, line = 1 }: FilePlace): object {
  return { path: file, lines: { begin: line } };
}

function descriptionOf({ message, secret, place, fix, answered, tool }: PlacedFinding, target: EvidenceTarget): string {
  // The detectors' own words hold it already.
  const isTold = secret === undefined || message.includes(secret.shown);
  const shown = isTold ? '' : ` (${[secret.shown, ...secret.notes].join(', ')})`;
  const by = tool === undefined ? '' : `${tool}: `;
  const sentences = [`${by}${message}${shown}, in ${placeText(place, target)}`];
  if (answered) sentences.push(`The gate does not judge it: ${answered.because}`);
  else if (fix !== '') sentences.push(`Fix: ${fix}`);
  return sentences.map(ended).join(' ');
}
