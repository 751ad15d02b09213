import type { Evidence } from '../../model/evidence.ts';
import type { Decision, Reason, ReasonSubject, Verdict } from '../../model/verdict.ts';
import { painter } from '../table/style.ts';
import { summaryLine } from '../table/summary.ts';
import { count } from '../text-fix.ts';
import { lookedText } from '../text-looked.ts';
import { partlyReadText } from '../text-partly-read.ts';
import { subjectText } from '../text-reason.ts';
import { targetTexts } from '../text-target.ts';
import type { PageFinding } from './data.ts';
import { html, type Markup } from './markup.ts';

/** Most subjects of a rule that are named; its link leads to all of those that are findings. */
const subjectsShown = 6;

/** Most reasons that stand unfolded. */
const reasonsShown = 12;

/** What each decision means for a build, in a few words. */
const meanings: Record<Decision, string> = {
  stop: 'The gate stops here.',
  undecided: 'The gate can’t tell, which is no pass: what could not be seen may hide something.',
  warn: 'The gate lets it pass, with warnings.',
  pass: 'The gate lets it pass.',
};

/** The verdict in one look: the decision, what was found, what it is of, and what was not looked at. */
export function verdictSection(evidence: Evidence, verdict: Verdict, name: string): Markup {
  const { decision } = verdict;
  const summary = summaryLine(evidence, verdict, painter(false)).slice(decision.length).trimStart();
  const notes = [lookedText(evidence), partlyReadText(evidence.target), releaseText(evidence)];
  const blinding = evidence.problems.filter((problem) => problem.blinding).length;
  return html`<section class="verdict ${decision}" aria-labelledby="verdict">
<p class="target"><strong>${name}</strong>${targetTexts(evidence.target).map((text) => html` <span>${text}</span>`)}</p>
<h1 id="verdict"><span class="word">${decision.toUpperCase()}</span> <span class="means">${meanings[decision]}</span></h1>
<p class="summary">${summary}</p>
${blinding === 0 ? undefined : html`<p class="blinding"><a href="#tab=problems">${count(blinding, 'problem')} that may hide something</a>: nobody knows what is in there.</p>`}
${notes.map((note) => (note === undefined ? undefined : html`<p class="note">${note}</p>`))}
</section>`;
}

/** Who maintains the distribution's release for how long, where that is known. */
function releaseText({ target: { release, distribution } }: Evidence): string | undefined {
  if (!release || !distribution) return undefined;
  const name = distribution.name || `${distribution.id} ${distribution.version}`;
  const longer = release.extended ? `, to ${release.extended.until} with ${release.extended.name}` : '';
  return `${name} gets security updates for everybody to ${release.endOfLife}${longer} (${release.source}).`;
}

/** Why the gate says what it says, the worst first, each with what ends it. */
export function reasonsSection(verdict: Verdict, findings: readonly PageFinding[]): Markup | undefined {
  const { reasons } = verdict;
  if (reasons.length === 0) return undefined;
  const byFingerprint = new Set(findings.flatMap(({ rules = [] }) => rules));
  const item = (reason: Reason): Markup => reasonItem(reason, byFingerprint.has(reason.rule));
  const more = reasons.slice(reasonsShown);
  return html`<section class="card reasons" aria-labelledby="why">
<h2 id="why">Why</h2>
<ul>${reasons.slice(0, reasonsShown).map(item)}</ul>
${more.length === 0 ? undefined : html`<details><summary>${count(more.length, 'more reason')}</summary><ul>${more.map(item)}</ul></details>`}
</section>`;
}

function reasonItem(reason: Reason, hasFindings: boolean): Markup {
  const { rule, decision, message, why, action, place, controls = [] } = reason;
  const told = place === undefined ? rule : `${rule}, ${place}`;
  const link = new URLSearchParams({ rule, show: 'all' });
  return html`<li>
<span class="chip ${decision}">${decision}</span>
<div><p class="message">${message}</p>
${subjectsLine(reason)}
${why === undefined ? undefined : html`<p class="aside">${why}</p>`}
${action === undefined ? undefined : html`<p class="action">${action}</p>`}
<p class="aside"><code>${told}</code>${controls.length === 0 ? undefined : html` for ${controls.join(', ')}`}${hasFindings ? html` · <a href="#${link.toString()}">show its findings</a>` : undefined}</p></div>
</li>
`;
}

/** What a rule fired on; flaws in packages are too many to name, and the link leads to them. */
function subjectsLine({ rule, subjects = [], total }: Reason): Markup | undefined {
  if (rule.startsWith('vulnerability/') || subjects.length === 0) return undefined;
  const names = subjects.slice(0, subjectsShown).map((subject) => html`<code>${nameOf(subject)}</code> `);
  const more = Math.max(total ?? 0, subjects.length) - names.length;
  return html`<p class="subjects">${names}${more > 0 ? `and ${more} more` : undefined}</p>`;
}

function nameOf(subject: ReasonSubject): string {
  const { at = '' } = subject;
  return at === '' ? subjectText(subject) : `${subject.id} at ${at}`;
}
