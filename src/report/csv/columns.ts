import type { Evidence } from '../../model/evidence.ts';
import { counts, type Finding } from '../../model/finding.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import type { Problem } from '../../model/problem.ts';
import type { Reason, Verdict } from '../../model/verdict.ts';
import { publicationOf } from '../text-advisory.ts';
import type { FindingDecision } from '../text-decision.ts';
import { fixSentence } from '../text-fix.ts';
import { placeText } from '../text-place.ts';
import { placedSummary } from '../text-placed.ts';
import { statusText } from '../text-statement.ts';

/** The columns, in their order. New ones come behind the last: who reads them by their number may go on. */
export const columns = [
  'kind',
  'id',
  'severity',
  'decision',
  'counts',
  'title',
  'package',
  'version',
  'fixed',
  'fix',
  'place',
  'layer',
  'from',
  'presence',
  'score',
  'exploited',
  'epss',
  'risk',
  'aliases',
  'cwes',
  'rules',
  'due',
  'answered_by',
  'answered_because',
  'vex',
  'link',
  'purl',
  'fingerprint',
  'tool',
  'target',
] as const;

/** What a row says, by column; a column that it says nothing in is empty. */
export type Row = Partial<Record<(typeof columns)[number], string>>;

/** A flaw in a package. */
export function findingRow(finding: Finding, evidence: Evidence, decision: FindingDecision | undefined): Row {
  const { id, severity, title, name, version, fixed, paths, layer, from, presence, score, exploited } = finding;
  const { epss, risk, aliases, cwes, answered, statements, package: purl } = finding;
  return {
    kind: 'vulnerability',
    id,
    severity,
    ...decisionCells(decision),
    counts: yesNo(counts(finding, evidence.judged)),
    title,
    package: name,
    version,
    fixed: joined(fixed),
    fix: fixSentence(finding),
    place: joined(paths),
    layer: String(layer),
    from,
    presence,
    score: score === undefined ? '' : String(score),
    exploited: exploited?.added ?? '',
    epss: epss === undefined ? '' : String(epss.score),
    risk: risk === undefined ? '' : String(risk),
    aliases: joined(aliases),
    cwes: joined(cwes),
    answered_by: answered?.by ?? '',
    answered_because: answered?.because ?? '',
    vex: joined((statements ?? []).map(({ status, author }) => `${statusText(status)} (${author})`)),
    link: publicationOf(id).url,
    purl,
  };
}

/** A secret, without the secret; a bad setting; what another tool says. */
export function placedRow(finding: PlacedFinding, { target }: Evidence, decision: FindingDecision | undefined): Row {
  const { kind, id, severity, fix, place, also = [], aliases, answered, links } = finding;
  const { package: purl, fingerprint, tool } = finding;
  return {
    kind,
    id,
    severity,
    ...decisionCells(decision),
    counts: yesNo(answered === undefined),
    title: placedSummary(finding),
    fix,
    place: joined([place, ...also].map((one) => placeText(one, target))),
    layer: place.layer === undefined ? '' : String(place.layer),
    from: place.from ?? '',
    aliases: joined(aliases),
    answered_by: answered?.by ?? '',
    answered_because: answered?.because ?? '',
    link: links[0] ?? '',
    purl: purl ?? '',
    fingerprint,
    tool: tool ?? '',
  };
}

/** What could not be read: nobody knows what is in it. */
export function problemRow({ code, message, path, layer, blinding }: Problem): Row {
  return {
    kind: 'problem',
    id: code,
    decision: blinding ? 'undecided' : '',
    title: message,
    place: path ?? '',
    layer: layer === undefined ? '' : String(layer),
  };
}

/** Why the gate says what it says. */
export function reasonRow({ rule, decision, message, action, place }: Reason): Row {
  return { kind: 'reason', id: rule, decision, title: message, fix: action ?? '', place: place ?? '', rules: rule };
}

/** What the gate says. */
export function verdictRow({ decision, reasons }: Verdict): Row {
  return { kind: 'verdict', id: 'verdict', decision, title: reasons[0]?.message ?? '' };
}

function decisionCells(decision: FindingDecision | undefined): Row {
  if (!decision) return {};
  return { decision: decision.decision, rules: joined(decision.rules), due: decision.due ?? '' };
}

/** Several texts in one cell. */
function joined(texts: readonly string[]): string {
  return texts.join('; ');
}

function yesNo(yes: boolean): string {
  return yes ? 'yes' : 'no';
}
