import { shortDigest } from '../../model/digest.ts';
import type { Evidence, EvidenceSource, EvidenceVex } from '../../model/evidence.ts';
import type { Verdict, WaiverUse } from '../../model/verdict.ts';
import { minuteText } from '../../policy/minute.ts';
import { count } from '../text-fix.ts';
import { policyName, quadrantTexts } from '../text-reason.ts';
import { isElsewhere } from '../text-waiver.ts';
import { html, type Markup } from './markup.ts';

/** Most documents and most waivers that are told; the JSON report has all. */
const rowsShown = 200;

/** By which policy the verdict was made, what the target was held against, and which data it rests on. */
export function judgedBySection(evidence: Evidence, { policy, baseline }: Verdict): Markup {
  const { sources, vex = [] } = evidence;
  const rows: Markup[] = [];
  if (policy) rows.push(row('policy', policyName(policy), policy.digest, html`${count(policy.rules, 'rule')}`));
  else rows.push(row('policy', 'default', '', html`no policy file was given`));
  if (baseline) {
    const found = quadrantTexts(baseline);
    const about = found.length === 0 ? 'nothing that counts' : found.join(', ');
    rows.push(row('baseline', 'what came before', baseline.digest ?? '', html`of ${time(baseline.since)}: ${about}`));
  }
  rows.push(...sources.slice(0, rowsShown).map(sourceRow), ...vex.slice(0, rowsShown).map(vexRow));
  return html`<section class="card judged" aria-labelledby="judged"><h2 id="judged">Judged by</h2>
<div class="scroll"><table><thead><tr><th scope="col">what</th><th scope="col">which</th><th scope="col">about</th><th scope="col">digest</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function row(what: string, which: string, digest: string, about: Markup): Markup {
  return html`<tr><td>${what}</td><th scope="row">${which}</th><td>${about}</td><td><code title="${digest}">${digest === '' ? undefined : shortDigest(digest)}</code></td></tr>
`;
}

function sourceRow({ ecosystem, origin, records, newest, checkedAt, digest, failed }: EvidenceSource): Markup {
  const what = origin === 'feed' ? 'feed' : 'data';
  if (origin === 'none') return row(what, ecosystem, '', html`<strong class="alarm">there is none for it</strong>`);
  const starter =
    origin === 'starter'
      ? html` <strong class="alarm">of the starter set alone, which can show that an image is bad, never that it is good</strong>`
      : undefined;
  const size = origin === 'feed' ? newest.slice(0, 10) : count(records, 'record');
  const age = checkedAt === '' ? html`not known when current` : html`current ${time(checkedAt)}`;
  const failure = failed
    ? html` · <strong class="alarm">its last update failed</strong>: ${failed.message}`
    : undefined;
  return row(what, ecosystem, digest ?? '', html`${size}${starter}${size === '' ? undefined : ', '}${age}${failure}`);
}

function vexRow({ document, digest, author, timestamp, statements, applied, believed }: EvidenceVex): Markup {
  const who = author === '' ? '' : ` by ${author}`;
  const when = timestamp === '' ? undefined : html` of ${time(timestamp)}`;
  const about = html`${count(statements, 'statement')}${who}${when}, ${applied} about findings${believed ? undefined : html`, <strong>not believed</strong>`}`;
  return row('VEX', document, digest, about);
}

/** A time that the script tells the age of; what is none stays as it is. */
function time(text: string): Markup {
  const isTime = !Number.isNaN(Date.parse(text));
  return isTime ? html`<time datetime="${text}">${minuteText(text)}</time>` : html`${minuteText(text)}`;
}

/** What was suppressed by whom until when, and which waivers suppress nothing any more. */
export function waiversSection({ waivers = [] }: Verdict): Markup | undefined {
  const here = waivers.filter((use) => !isElsewhere(use));
  if (here.length === 0) return undefined;
  const left = here.length - rowsShown;
  return html`<section class="card waivers" aria-labelledby="waivers"><h2 id="waivers">Waivers</h2>
<div class="scroll"><table><thead><tr><th scope="col">state</th><th scope="col">about</th><th scope="col">answers</th><th scope="col">until</th><th scope="col">owner</th><th scope="col">reason</th><th scope="col">place</th></tr></thead>
<tbody>${[...here]
    .sort((a, b) => urgency(a) - urgency(b))
    .slice(0, rowsShown)
    .map(waiverRow)}</tbody></table></div>
${left > 0 ? html`<p class="aside">and ${left} more</p>` : undefined}</section>`;
}

/** What asks for a hand comes first. */
function urgency({ state, soon }: WaiverUse): number {
  return ['expired', 'ended', 'matched', 'not-yet', 'shadowed', 'unused'].indexOf(state) - (soon ? 0.5 : 0);
}

function waiverRow(use: WaiverUse): Markup {
  const { state, soon, about, answers, expires, owner, ticket, reason, note, place } = use;
  const word = state === 'matched' && soon ? 'ends soon' : state;
  const urgent = soon || state === 'expired' || state === 'ended';
  const who = ticket === undefined ? owner : `${owner}, ${ticket}`;
  return html`<tr><td><span class="chip ${urgent ? 'warn' : 'track'}">${word}</span></td><th scope="row">${about}</th><td class="number">${answers}</td><td>${expires}</td><td>${who}</td><td>${note === undefined ? reason : `${reason}; ${note}`}</td><td><code>${place}</code></td></tr>
`;
}
