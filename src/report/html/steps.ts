import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import { compareSeverity, severities } from '../../model/severity.ts';
import { someOf } from '../../util/some-of.ts';
import { groupFindings, type PackageGroup } from '../table/groups.ts';
import { count, listed } from '../text-fix.ts';
import { placeText } from '../text-place.ts';
import { html, type Markup } from './markup.ts';
import { fixCommand } from './subjects.ts';

/** Most steps that stand unfolded, and that are told at all; the list of findings has the others. */
const stepsShown = 6;
const stepsTold = 60;

/** Most binary packages of one source that are named. */
const packagesNamed = 3;

/** What to do first: the updates that end most, and how to end what was found in places; each can be copied. */
export function stepsSection(evidence: Evidence): Markup | undefined {
  const updates = groupFindings(evidence).filter((group) => group.judged && group.fix);
  const placed = byRule(evidence);
  if (updates.length + placed.length === 0) return undefined;
  return html`<section class="card steps" aria-labelledby="steps"><h2 id="steps">What to do first</h2>
<div class="two">${list('Updates', updates, (group) => updateItem(group, evidence))}${list('Secrets and settings', placed, (group) => placedItem(group, evidence))}</div></section>`;
}

function list<T>(title: string, items: readonly T[], itemOf: (item: T) => Markup): Markup | undefined {
  if (items.length === 0) return undefined;
  const folded = items.slice(stepsShown, stepsTold);
  const left = items.length - stepsShown - folded.length;
  return html`<div><h3>${title} <span class="aside">${items.length}</span></h3><ol>${items.slice(0, stepsShown).map(itemOf)}</ol>
${folded.length === 0 ? undefined : html`<details><summary>${folded.length} more</summary><ol start="${stepsShown + 1}">${folded.map(itemOf)}</ol>${left > 0 ? html`<p>and ${left} more in the list below</p>` : undefined}</details>`}</div>`;
}

function updateItem(
  { names, version, findings, fix, layer, paths }: PackageGroup,
  { packages, target }: Evidence,
): Markup {
  const [first] = findings as [Finding];
  const to = fix?.version ?? '';
  const run = fixCommand({ ...first, paths }, to, packages);
  const number = findings.length;
  const all = number === 1 ? 'its only finding' : number === 2 ? 'both' : `all ${number}`;
  const clears = fix?.clears === number ? all : `${fix?.clears} of ${number}`;
  const words = severities.flatMap((severity) => {
    const n = findings.filter((finding) => finding.severity === severity).length;
    return n === 0 ? [] : [`${n} ${severity}`];
  });
  const whose = first.from === 'base' ? ' · of the base image: a newer base may bring it' : '';
  const where = target.layers.length > 1 ? ` · layer ${layer}` : '';
  const link = new URLSearchParams({ pkg: first.name });
  return html`<li><p><span class="sev ${findings[0]?.severity}">${findings[0]?.severity}</span> <a href="#${link.toString()}">${someOf(names, packagesNamed)} ${version}</a> → <strong>${to}</strong></p>
<p class="aside">fixes ${clears} (${listed(words, 'and')})${where}${whose}</p>${run === undefined ? undefined : command(run)}</li>
`;
}

/** One line to copy. */
function command(text: string): Markup {
  return html`<p class="command"><code>${text}</code></p>`;
}

/** What counts in places, by rule, the worst first. */
function byRule({ placed = [] }: Evidence): PlacedFinding[][] {
  const groups = new Map<string, PlacedFinding[]>();
  for (const finding of placed) {
    if (finding.answered || finding.fix === '') continue;
    const key = `${finding.id}\0${finding.severity}\0${finding.tool ?? ''}`;
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  const first = ([finding]: readonly PlacedFinding[]): PlacedFinding => finding as PlacedFinding;
  return [...groups.values()].sort((a, b) => compareSeverity(first(a).severity, first(b).severity));
}

function placedItem(group: readonly PlacedFinding[], { target }: Evidence): Markup {
  const [{ severity, title, id, fix, place, kind }] = group as [PlacedFinding];
  const places = group.reduce((sum, { also = [] }) => sum + 1 + also.length, 0);
  const link = new URLSearchParams({ kind, q: id });
  return html`<li><p><span class="sev ${severity}">${severity}</span> <a href="#${link.toString()}">${title}</a></p>
<p class="aside">${placeText(place, target)}${places > 1 ? ` and ${count(places - 1, 'more place')}` : undefined}</p><p>${fix}</p></li>
`;
}
