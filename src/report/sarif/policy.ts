import { createHash } from 'node:crypto';
import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Reason, ReasonSubject, Verdict } from '../../model/verdict.ts';
import { withoutVersion } from '../lasting.ts';
import { subjectText } from '../text-reason.ts';
import { locationAt } from './places.ts';
import type { Level } from './severity.ts';
import { ended, markdownText, messageText } from './text.ts';

/** Most results of one rule that is on something else than findings. */
const resultsOfRule = 500;
/** Most results of all such rules: they must not push the findings out. */
const resultsOfPolicy = 2000;

/** What the policy says of a finding. */
export interface PolicyNote {
  /** Rules that fired on it, sorted. */
  readonly rules: readonly string[];
  readonly blame?: ReasonSubject['blame'];
  readonly due?: string;
}

/** What a run says because of a policy that somebody wrote: rules and results beyond the findings. */
export interface PolicyResults {
  readonly rules: readonly object[];
  /** Each is made when the number of its run's first such rule is known. */
  readonly results: readonly ((firstIndex: number) => object)[];
}

/** What stands for a finding among the subjects of reasons. */
function findingKey({ id, package: purl }: Pick<ReasonSubject, 'id' | 'package'>): string {
  return `${id}\0${purl ?? ''}`;
}

/** What the policy says of each finding; of nothing where it is the default one without a baseline. */
export function policyNotes({ policy, baseline, reasons }: Verdict): (finding: Finding) => PolicyNote | undefined {
  if (!policy && !baseline) return () => undefined;
  const notes = new Map<string, { rules: Set<string>; blame?: ReasonSubject['blame']; due?: string }>();
  for (const { rule, subjects = [] } of reasons) {
    for (const subject of subjects) {
      const key = findingKey(subject);
      const note = notes.get(key) ?? { rules: new Set<string>() };
      notes.set(key, note);
      note.rules.add(rule);
      if (subject.blame !== undefined) note.blame = subject.blame;
      if (subject.due !== undefined) note.due = subject.due;
    }
  }
  return (finding) => {
    const note = notes.get(findingKey(finding));
    return note && { ...note, rules: [...note.rules].sort() };
  };
}

/** Rules and results for what the policy's rules fired on and is no finding. */
export function policyResults({ findings, placed = [] }: Evidence, verdict: Verdict): PolicyResults {
  if (!verdict.policy) return { rules: [], results: [] };
  const known = new Set(findings.map(findingKey));
  const inPlaces = new Set(placed.map(({ fingerprint }) => fingerprint));
  const hasResult = (subject: ReasonSubject): boolean =>
    known.has(findingKey(subject)) || (subject.fingerprint !== undefined && inPlaces.has(subject.fingerprint));
  const results: ((firstIndex: number) => object)[] = [];
  const byRule = new Map<string, { readonly reason: Reason; readonly index: number }>();
  for (const reason of verdict.reasons) {
    if (reason.decision === 'undecided') continue;
    const subjects = (reason.subjects ?? []).filter((subject) => !hasResult(subject));
    if (subjects.length === 0) continue;
    const rule = byRule.get(reason.rule) ?? { reason, index: byRule.size };
    byRule.set(reason.rule, rule);
    const room = Math.min(resultsOfRule, resultsOfPolicy - results.length);
    for (const subject of subjects.slice(0, room))
      results.push((firstIndex) => resultOf(reason, subject, firstIndex + rule.index));
  }
  return { rules: [...byRule.values()].map(({ reason }) => ruleOf(reason)), results };
}

const levels: Record<Reason['decision'], Level> = { stop: 'error', undecided: 'error', warn: 'warning', track: 'note' };

function ruleOf({ rule, decision, message, why, action, controls = [] }: Reason): object {
  const sentences = [why, action && `Fix: ${action}`, controls.length > 0 && `Controls: ${controls.join(', ')}`];
  const texts = sentences.filter((one) => typeof one === 'string' && one !== '') as string[];
  const help = texts.length === 0 ? [message] : texts;
  return {
    id: rule,
    name: 'PolicyRule',
    shortDescription: { text: messageText(message) },
    fullDescription: { text: messageText(why ?? message) },
    defaultConfiguration: { level: levels[decision] },
    help: { text: help.map(messageText).join('\n'), markdown: help.map(markdownText).join('\n\n') },
    properties: { tags: ['policy', ...controls.map(messageText)].slice(0, 20) },
  };
}

function resultOf({ rule, decision, message }: Reason, subject: ReasonSubject, ruleIndex: number): object {
  const { id, fix, due, blame } = subject;
  const sentences = [`${message}: ${subjectText(subject)}`];
  if (fix !== undefined) sentences.push(`Fix: ${fix}`);
  if (due !== undefined) sentences.push(`It is only tracked until ${due}`);
  return {
    ruleId: rule,
    ruleIndex,
    level: levels[decision],
    message: { text: sentences.map((one) => ended(messageText(one))).join(' ') },
    locations: [locationAt(id.startsWith('/') ? id : '', subjectText(subject), subject.package)],
    partialFingerprints: { primaryLocationLineHash: `${identityOf(rule, subject)}:1` },
    properties: {
      rules: [rule],
      ...(subject.package === undefined ? {} : { purl: subject.package }),
      ...(blame === undefined ? {} : { blame }),
      ...(due === undefined ? {} : { due }),
    },
  };
}

/** The package's version is left out, as with findings. */
function identityOf(rule: string, { id, package: purl = '' }: ReasonSubject): string {
  const what = id === purl ? withoutVersion(id) : id;
  return createHash('sha256')
    .update(['policy', rule, what, withoutVersion(purl)].join('\0'))
    .digest('hex')
    .slice(0, 16);
}
