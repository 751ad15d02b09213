import { createHash } from 'node:crypto';
import type { Evidence } from '../../model/evidence.ts';
import { counts, type Finding } from '../../model/finding.ts';
import { lastingParts } from '../lasting.ts';
import { fixSentence } from '../text-fix.ts';
import { contradictions, decidingNote, noteText } from '../text-statement.ts';
import { locationAt, nowhere } from './places.ts';
import type { PolicyNote } from './policy.ts';
import { levelOf } from './severity.ts';
import { ended, messageText } from './text.ts';

/** Most places of one result that code scanning keeps. */
const placesKept = 100;

/** The results (SARIF 2.1.0 §3.27) for findings, in their order. */
export function resultsFor(
  findings: readonly Finding[],
  ruleIndex: ReadonlyMap<string, number>,
  evidence: Evidence,
  noteOf: (finding: Finding) => PolicyNote | undefined,
): object[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const identity = identityOf(finding);
    const occurrence = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, occurrence);
    const note = noteOf(finding);
    return resultOf(finding, ruleIndex.get(finding.id) ?? 0, `${identity}:${occurrence}`, evidence, note);
  });
}

function resultOf(
  finding: Finding,
  ruleIndex: number,
  fingerprint: string,
  { target, judged }: Evidence,
  note: PolicyNote | undefined,
): object {
  const isJudged = counts(finding, judged);
  const { severity, layer, answered } = finding;
  const diffId = target.layers[layer]?.diffId;
  return {
    ruleId: finding.id,
    ruleIndex,
    // What the gate does not judge is no error, however severe.
    level: isJudged ? levelOf(severity) : 'note',
    message: { text: resultText(finding, isJudged, note) },
    locations: (finding.paths.length === 0 ? [nowhere] : finding.paths.slice(0, placesKept)).map((path) =>
      locationAt(path, `${finding.name} ${finding.version}`, finding.package, finding.name),
    ),
    partialFingerprints: { primaryLocationLineHash: fingerprint },
    ...(answered
      ? {
          suppressions: [
            { kind: 'external', status: 'accepted', justification: messageText(justificationOf(finding)) },
          ],
        }
      : {}),
    properties: {
      purl: finding.package,
      presence: finding.presence,
      judged: isJudged,
      severity,
      fixed: finding.fixed,
      layer,
      from: finding.from,
      ...(diffId === undefined ? {} : { layerDiffId: diffId }),
      ...knownOf(finding),
      ...note,
    },
  };
}

/** What is known of it beyond its severity. */
function knownOf({
  cwes,
  published,
  disputed,
  fixState,
  exploited,
  epss,
  risk,
  statements,
  answered,
}: Finding): object {
  return {
    ...(cwes.length === 0 ? {} : { cwes }),
    ...(published === undefined ? {} : { published: messageText(published) }),
    ...(disputed ? { disputed } : {}),
    ...(fixState === undefined ? {} : { fixState }),
    ...(exploited ? { exploited } : {}),
    ...(epss ? { epss } : {}),
    ...(risk === undefined ? {} : { risk }),
    ...(statements ? { statements: statements.map((note) => messageText(noteText(note))) } : {}),
    ...(answered ? { answeredBy: answered.by } : {}),
  };
}

/** Why it is suppressed; with a VEX statement its own words, and who says the contrary. */
function justificationOf(finding: Finding): string {
  const deciding = finding.answered?.by === 'vex' ? decidingNote(finding) : undefined;
  const contrary = contradictions(finding).map((note) => `; but ${noteText(note)}`);
  return (deciding ? noteText(deciding) : (finding.answered?.because ?? '')) + contrary.join('');
}

function resultText(finding: Finding, isJudged: boolean, note: PolicyNote | undefined): string {
  const { id, name, version, severity, title, presence, paths } = finding;
  const what = `${name} ${version} has ${severity === 'unknown' ? '' : `${severity} `}vulnerability ${id}`;
  const sentences = [ended(title === '' ? what : `${what}: ${title}`)];
  if (finding.exploited) sentences.push('It is known to be exploited.');
  if (note?.blame?.startsWith('introduced')) sentences.push('This change introduced it.');
  sentences.push(fixSentence(finding));
  if (note?.due !== undefined) sentences.push(`It is only tracked until ${note.due}.`);
  if (!isJudged && finding.answered) sentences.push(`The gate does not judge it: ${finding.answered.because}.`);
  else if (!isJudged) {
    const why = presence === 'declared' ? 'it is only declared, not installed' : 'it is the application itself';
    sentences.push(`The gate does not judge it: ${why}.`);
  }
  if (paths.length > placesKept) sentences.push(`It is in ${paths.length - placesKept} more places.`);
  return sentences.map(messageText).join(' ');
}

function identityOf(finding: Finding): string {
  return createHash('sha256')
    .update(lastingParts(finding, finding.paths[0] ?? '').join('\0'))
    .digest('hex')
    .slice(0, 16);
}
