import { shortDigest } from '../../model/digest.ts';
import type { Evidence } from '../../model/evidence.ts';
import { count } from '../text-fix.ts';
import { sizeText } from '../text-size.ts';
import type { PageFinding } from './data.ts';
import { layerName } from './layer-name.ts';
import { html, type Markup } from './markup.ts';
import { severityBar } from './summary.ts';

/** Most layers that are drawn; images mostly have fewer than thirty. */
const layersShown = 250;

/** Width of the largest layer's bar, in the units of the drawing. */
const barWidth = 160;

/** What is drawn of a layer. */
interface Drawn {
  readonly number: number;
  readonly name: string;
  readonly size: number;
  readonly packages: number;
  readonly findings: readonly PageFinding[];
}

/** The layers as a picture, in the order in which they were made: size, what each brought, and where the findings sit. */
export function layersSection(evidence: Evidence, findings: readonly PageFinding[]): Markup | undefined {
  const { target, packages } = evidence;
  if (target.layers.length === 0) return undefined;
  const counting = findings.filter(({ aside }) => aside === undefined);
  const drawn = target.layers.slice(0, layersShown).map(
    ({ size }, number): Drawn => ({
      ...{ number, size },
      name: layerName(evidence, number),
      packages: packages.filter(({ layer }) => layer === number).length,
      findings: counting.filter(({ layer }) => layer === number),
    }),
  );
  const largest = Math.max(1, ...drawn.map(({ size }) => size));
  const most = Math.max(1, ...drawn.map((layer) => layer.findings.length));
  const rows = (layers: readonly Drawn[]): Markup[] => layers.map((layer) => layerRow(layer, largest, most, evidence));
  const ofBase = Math.min(target.base?.layers ?? 0, drawn.length);
  const own = drawn.slice(ofBase);
  const left = target.layers.length - drawn.length;
  return html`<section class="card layers" aria-labelledby="layers"><h2 id="layers">Layers</h2>
<p class="aside">${count(target.layers.length, 'layer')}, ${sizeText(sum(target.layers))} as they are stored, the first one at the top.</p>
<div class="scroll"><table><thead><tr><th scope="col">layer</th><th scope="col">made by</th><th scope="col">size</th><th scope="col">packages</th><th scope="col">findings</th></tr></thead>
${ofBase === 0 ? undefined : html`<tbody class="base"><tr class="part"><th colspan="5" scope="rowgroup">${baseText(evidence, drawn.slice(0, ofBase))}</th></tr>${rows(drawn.slice(0, ofBase))}</tbody>`}
${own.length === 0 ? undefined : html`<tbody class="own">${ofBase === 0 ? undefined : html`<tr class="part"><th colspan="5" scope="rowgroup">Own layers: ${partText(own)}</th></tr>`}${rows(own)}</tbody>`}
</table></div>
${left > 0 ? html`<p class="aside">and ${left} more layers</p>` : undefined}</section>`;
}

function baseText({ target: { base } }: Evidence, layers: readonly Drawn[]): Markup {
  const known = { flag: 'as --base names it', provenance: 'as the provenance says', history: 'as the history tells' };
  const name = base?.name === undefined ? undefined : html` <code>${base.name}</code>`;
  const digest = base?.digest === undefined ? undefined : html` <code>${shortDigest(base.digest)}</code>`;
  return html`Base image${name}${digest}: ${partText(layers)}, ${known[base?.by ?? 'history']}`;
}

function partText(layers: readonly Drawn[]): string {
  const packages = layers.reduce((all, layer) => all + layer.packages, 0);
  const findings = layers.reduce((all, layer) => all + layer.findings.length, 0);
  return `${sizeText(sum(layers))}, ${count(packages, 'package')}, ${count(findings, 'finding')}`;
}

function layerRow(layer: Drawn, largest: number, most: number, { target, image }: Evidence): Markup {
  const { number, name, size, packages, findings } = layer;
  const { read, digest } = target.layers[number] ?? {};
  const line = image?.history.find((step) => step.layer === number)?.line;
  const width = size === 0 ? 0 : Math.max(1, (size / largest) * barWidth);
  const bar = severityBar(findings, Math.max(0.05, findings.length / most), 'bar');
  return html`<tr><th scope="row"><a href="#layer=${number}" title="${digest}">${number}</a></th>
<td class="made"><code title="${name}">${name === '' ? 'not told' : name}</code>${line === undefined ? undefined : html` <span class="aside">Dockerfile:${line}</span>`}${read === undefined ? undefined : html` <span class="aside">not wholly read</span>`}</td>
<td class="size"><svg class="volume" viewBox="0 0 ${barWidth} 10" preserveAspectRatio="none" aria-hidden="true"><rect x="0" y="0" width="${width.toFixed(1)}" height="10"/></svg> ${sizeText(size)}</td>
<td class="number">${packages === 0 ? undefined : html`<a href="#tab=packages&amp;layer=${number}">${packages}</a>`}</td>
<td class="sits">${findings.length === 0 ? undefined : html`${bar} <a href="#layer=${number}">${findings.length}</a>`}</td></tr>
`;
}

function sum(layers: readonly { readonly size: number }[]): number {
  return layers.reduce((all, { size }) => all + size, 0);
}
