import { shortDigest } from '../../model/digest.ts';
import type { EvidenceTarget } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import type { Reason, ReasonSubject } from '../../model/verdict.ts';
import { harmless } from '../../util/harmless.ts';
import { field, type Layout } from '../explain/layout.ts';
import { publicationOf } from '../text-advisory.ts';
import { commandText } from '../text-command.ts';
import { fixSentence, listed } from '../text-fix.ts';
import { placeText } from '../text-place.ts';
import { placedSummary } from '../text-placed.ts';
import { subjectText } from '../text-reason.ts';
import { noteText } from '../text-statement.ts';
import { wrap } from '../text-width.ts';

/** Most other things that one reason names. */
const subjectsShown = 20;
/** Most places of one finding that are told. */
const placesShown = 5;
/** A probability of exploitation from which it is told. */
const notableScore = 0.1;

function heading(
  finding: { severity: Finding['severity']; title: string },
  name: string,
  url: string | undefined,
  { width, paint }: Layout,
): string[] {
  const { severity, title } = finding;
  const indent = severity.length + 2;
  const [first = '', ...rest] = wrap(harmless(name), width - indent);
  const said = title === '' ? [] : wrap(harmless(title), width - 2).map((line) => `  ${line}`);
  return [
    `${paint(severity, severity)}  ${paint('name', paint.link(first, url))}`,
    ...rest.map((line) => ' '.repeat(indent) + line),
    ...said,
  ];
}

/** Where a finding was found. */
export interface Found {
  /** The packages that have it, which one source brought. */
  readonly names: readonly string[];
  readonly origin: Package['origin'] | undefined;
  readonly target: EvidenceTarget;
}

/** All that is told of one finding in a package. `why`: what the gate makes of it. */
export function findingStory(
  finding: Finding,
  { names, origin, target }: Found,
  why: readonly string[],
  layout: Layout,
): string[] {
  const { id, version, package: purl, paths, layer, aliases, advisories } = finding;
  const from = origin ? `, of the source package ${origin.name} ${origin.version}` : '';
  const more = paths.length - placesShown;
  const others = [...new Set([...advisories, ...aliases])].filter((name) => name !== id);
  const { url } = publicationOf(id);
  return [
    ...heading(finding, `${id} in ${listed(names, 'and')} ${version}`, url, layout),
    ...field('Why', why, layout),
    ...field('Severity', [ratingText(finding)], layout),
    ...field('Exploited', exploitedTexts(finding), layout, 'alarm'),
    ...field(
      'Advisory',
      [others.length === 0 ? url : `${url} (also ${others.slice(0, placesShown).join(', ')})`],
      layout,
    ),
    ...field('Package', [`${purl}${from}`], layout),
    ...field('Path', [...paths.slice(0, placesShown), ...(more > 0 ? [`and ${more} more`] : [])], layout),
    ...field('Layer', target.layers.length > 0 ? [layerOf(layer, target)] : [], layout),
    ...field(
      'Fix',
      [fixSentence({ ...finding, name: listed(names, 'and') })],
      layout,
      finding.fixed.length > 0 ? 'fix' : 'aside',
    ),
    ...field('VEX', (finding.statements ?? []).slice(0, placesShown).map(noteText), layout),
    ...field('Answered', finding.answered ? [finding.answered.because] : [], layout),
  ];
}

function ratingText({ severity, severitySource, score, vector }: Finding): string {
  if (severitySource === 'none') return 'nobody has said how bad it is';
  const cvss = /^cvss-v(\d)$/.exec(severitySource)?.[1];
  const whose = cvss === undefined ? `by the word of its ${severitySource}` : `by its CVSS ${cvss} score`;
  return [
    `${severity}${score === undefined ? '' : ` ${score.toFixed(1)}`}, ${whose}`,
    ...(vector === undefined ? [] : [vector]),
  ].join(', ');
}

function exploitedTexts({ exploited, epss }: Finding): string[] {
  const known = exploited
    ? [
        `known to be${exploited.ransomware ? ', by ransomware too' : ''}: in CISA's catalogue (KEV) since ${exploited.added}`,
      ]
    : [];
  return epss && epss.score >= notableScore
    ? [...known, `${Math.min(99, Math.floor(epss.score * 100))} % likely within 30 days (EPSS)`]
    : known;
}

/** `2 (sha256:0123456789ab), the image's own: npm ci`. */
function layerOf(number: number, { layers, base }: EvidenceTarget): string {
  const layer = layers[number];
  const made = commandText(layer?.createdBy ?? '');
  const whose = base === undefined ? '' : number < base.layers ? ", the base image's" : ", the image's own";
  const digest = layer ? ` (${shortDigest(layer.digest)})` : '';
  return `${number}${digest}${whose}${made === '' ? '' : `: ${made}`}`;
}

/** All that is told of one finding in a place. */
export function placedStory(
  finding: PlacedFinding,
  target: EvidenceTarget,
  why: readonly string[],
  layout: Layout,
): string[] {
  const { title, id, tool, place, also = [], fix, links, controls, fingerprint } = finding;
  const places = [place, ...also].map((one) => placeText(one, target));
  const more = places.length - placesShown;
  const summary = placedSummary(finding);
  return [
    ...heading(
      { severity: finding.severity, title: '' },
      `${title} [${tool === undefined ? id : `${id}, ${tool}`}]`,
      links[0],
      layout,
    ),
    ...field('Found', summary === title ? [] : [summary], layout),
    ...field('Where', [...places.slice(0, placesShown), ...(more > 0 ? [`and ${more} more`] : [])], layout),
    ...field('Why', [...(finding.why === '' ? [] : [finding.why]), ...why], layout),
    ...field('Fix', fix === '' ? [] : [fix], layout, 'fix'),
    ...field('Advisory', links.slice(0, 1), layout),
    ...field('Serves', controls.length === 0 ? [] : [controls.join(', ')], layout),
    ...field('Known as', [fingerprint], layout),
    ...field('Answered', finding.answered ? [finding.answered.because] : [], layout),
  ];
}

/** A reason by itself: why its rule exists, what it fired on that is no finding, what ends it. */
export function reasonStory(
  reason: Reason,
  subjects: readonly ReasonSubject[],
  layout: Layout,
  shown = subjectsShown,
): string[] {
  const { rule, decision, message, why, action, look } = reason;
  const { paint, width } = layout;
  const more = subjects.length - shown;
  const texts = subjects.slice(0, shown).map((subject) => {
    const { at, fix } = subject;
    return [subjectText(subject), ...(at === undefined ? [] : [at]), ...(fix === undefined ? [] : [fix])].join(' · ');
  });
  const indent = decision.length + 2;
  const [first = '', ...rest] = wrap(harmless(`${message} [${rule}]`), width - indent);
  return [
    `${paint(decision, decision)}  ${first}`,
    ...rest.map((line) => ' '.repeat(indent) + line),
    ...field('Why', why === undefined || why === '' ? [] : [why], layout),
    ...field('About', [...texts, ...(more > 0 ? [`and ${more} more`] : [])], layout),
    ...field('Fix', action === undefined ? [] : [action], layout, 'fix'),
    ...field('Look', look === undefined ? [] : [look], layout),
  ];
}
