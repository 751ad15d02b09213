import { type Severity, severities } from '../../model/severity.ts';
import type { PageFinding, PageKind } from './data.ts';
import { html, type Markup } from './markup.ts';

/** A row of the table: what it counts, and what shows just that. */
interface Sort {
  readonly name: string;
  readonly link: Readonly<Record<string, string>>;
  holds(finding: PageFinding): boolean;
}

const kinds: readonly (readonly [PageKind, string])[] = [
  ['secret', 'Secrets'],
  ['misconfiguration', 'Settings'],
  ['external', 'Other tools'],
];

function sortsOf(hasBase: boolean): Sort[] {
  const packages = (name: string, from?: 'base' | 'own'): Sort => ({
    name,
    link: { kind: 'vulnerability', ...(from === undefined ? {} : { from }) },
    holds: (finding) => finding.kind === 'vulnerability' && (from === undefined || finding.from === from),
  });
  const inPackages = hasBase
    ? [packages('Packages of the own layers', 'own'), packages('Packages of the base image', 'base')]
    : [packages('Packages')];
  return [
    ...inPackages,
    ...kinds.map(([kind, name]): Sort => ({ name, link: { kind }, holds: (finding) => finding.kind === kind })),
  ];
}

/** How much was found of each severity, by what it is and whose; what does not count is told apart. */
export function summarySection(findings: readonly PageFinding[], hasBase: boolean): Markup {
  const counting = findings.filter(({ aside }) => aside === undefined);
  const rest = findings.length - counting.length;
  const shown = severities.filter((severity) => counting.some((finding) => finding.severity === severity));
  const rows = sortsOf(hasBase)
    .map((sort) => ({ sort, found: counting.filter(sort.holds) }))
    .filter(({ found }) => found.length > 0);
  const aside =
    rest === 0
      ? undefined
      : html`<p class="aside"><a href="#show=aside">${rest} more</a> found that do not count: answered, waived, or in what is not judged.</p>`;
  if (rows.length === 0)
    return html`<section class="card" aria-labelledby="found"><h2 id="found">Found</h2><p>Nothing that counts.</p>${aside}</section>`;
  return html`<section class="card found" aria-labelledby="found"><h2 id="found">Found</h2>
${severityBar(counting, 1, 'bar wide')}
<div class="scroll"><table class="matrix"><thead><tr><th scope="col">what</th>${shown.map((severity) => html`<th scope="col"><span class="sev ${severity}">${severity}</span></th>`)}<th scope="col">all</th></tr></thead>
<tbody>${rows.map(({ sort, found }) => rowOf(sort, found, shown))}</tbody></table></div>
${aside}</section>`;
}

function rowOf({ name, link }: Sort, found: readonly PageFinding[], shown: readonly Severity[]): Markup {
  const cell = (severity: Severity): Markup => {
    const n = found.filter((finding) => finding.severity === severity).length;
    if (n === 0) return html`<td class="none">0</td>`;
    const to = new URLSearchParams({ ...link, sev: severity });
    return html`<td><a href="#${to.toString()}" aria-label="${n} ${severity}: ${name}">${n}</a></td>`;
  };
  return html`<tr><th scope="row">${name}</th>${shown.map(cell)}<td><a href="#${new URLSearchParams(link).toString()}" aria-label="all ${found.length}: ${name}">${found.length}</a></td></tr>
`;
}

/** How much of each severity, as a bar that fills so much of its length; in words for those who do not see it. */
export function severityBar(
  findings: readonly Pick<PageFinding, 'severity'>[],
  share: number,
  className: string,
): Markup | undefined {
  if (findings.length === 0) return undefined;
  const parts = severities
    .map((severity) => ({ severity, n: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ n }) => n > 0);
  let x = 0;
  const bars = parts.map(({ severity, n }) => {
    const width = (n / findings.length) * share * 100;
    const bar = html`<rect class="${severity}" x="${x.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="10"/>`;
    x += width;
    return bar;
  });
  const words = parts.map(({ severity, n }) => `${n} ${severity}`).join(', ');
  return html`<svg class="${className}" width="120" height="10" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${words}"><title>${words}</title>${bars}</svg>`;
}
