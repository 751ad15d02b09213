import { publicationOf } from '../text-advisory.ts';
import { count } from '../text-fix.ts';
import { compareWorst } from './compare-worst.ts';
import type { PageData, PageFinding } from './data.ts';
import { html, type Markup } from './markup.ts';

/** Most findings that stand in the page without its script. */
const findingsShown = 50;

/** Most problems that do. */
const problemsShown = 30;

/** The worst findings and what could not be read, for readers without the page's script, which takes them away. */
export function plainSection(data: PageData): Markup {
  const { findings, problems } = data;
  const worst = [...findings].sort(compareWorst).slice(0, findingsShown);
  const left = findings.length - worst.length;
  const blinding = [...problems].sort((a, b) => Number(b.blinding) - Number(a.blinding)).slice(0, problemsShown);
  return html`<div id="plain">
${worst.length === 0 ? html`<p>Nothing was found.</p>` : html`<div class="scroll"><table class="plain"><caption>${left > 0 ? `The worst ${worst.length} of ${count(findings.length, 'finding')}: with JavaScript this page shows all` : count(findings.length, 'finding')}</caption><thead><tr><th scope="col">severity</th><th scope="col">finding</th><th scope="col">where</th><th scope="col">about</th><th scope="col">fix</th></tr></thead><tbody>${worst.map((finding) => rowOf(finding, data))}</tbody></table></div>`}
${blinding.length === 0 ? undefined : html`<h3>Could not be read or decided</h3><ul>${blinding.map(({ code, message, path, layer, blinding: blinds }) => html`<li>${blinds ? html`<strong class="alarm">may hide something</strong> ` : undefined}${path === undefined ? undefined : html`<code>${path}</code> `}${layer === undefined ? undefined : `layer ${layer} `}${message} <code>${code}</code></li>`)}</ul>${problems.length > blinding.length ? html`<p>and ${problems.length - blinding.length} more</p>` : undefined}`}
</div>`;
}

function rowOf(finding: PageFinding, { subjects }: PageData): Markup {
  const { kind, id, severity, title, subject, places, fix, aside, marks = [] } = finding;
  const { name = '', version = '' } = subject === undefined ? {} : (subjects[subject] ?? {});
  const link =
    kind === 'vulnerability' ? html`<a href="${publicationOf(id).url}" rel="noopener noreferrer">${id}</a>` : id;
  const where = subject === undefined ? places[0] : `${name} ${version}`;
  const said = marks.map(([text, role]) => html`<span class="mark ${role}">${text}</span> `);
  const answer = aside === undefined ? undefined : html` <em>Does not count: ${aside}</em>`;
  return html`<tr><td><span class="sev ${severity}">${severity}</span></td><th scope="row">${link}</th><td>${where}</td><td>${said}${title}${answer}</td><td>${fix}</td></tr>
`;
}
