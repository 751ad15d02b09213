import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import { compareSeverity, type Severity } from '../../model/severity.ts';
import type { Reason, Verdict } from '../../model/verdict.ts';
import { harmless } from '../../util/harmless.ts';
import { field, type Layout } from '../explain/layout.ts';
import { badnessOf, countTexts } from '../table/counts.ts';
import { reasonStory } from '../table/story.ts';
import { type Paint, painter } from '../table/style.ts';
import { commandText } from '../text-command.ts';
import { count } from '../text-fix.ts';
import { sizeText } from '../text-size.ts';
import { clip, pad } from '../text-width.ts';
import type { Entry } from './entry.ts';

/** Most findings, packages and paths that one story lists. */
const listedMost = 500;

const plain = painter(false);

/** Things by a key, in their order. */
function groupBy<T, K>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const known = groups.get(key);
    if (known) known.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

function worst(findings: readonly { readonly severity: Severity }[]): Severity | undefined {
  return findings.map(({ severity }) => severity).sort(compareSeverity)[0];
}

/** All packages, those with findings as they come. */
export function packageEntries({ packages, findings, target }: Evidence): Entry[] {
  const byPackage = groupBy(
    findings.filter(({ answered }) => !answered),
    (finding) => finding.package,
  );
  return packages.map((found) => packageEntry(found, byPackage.get(found.purl) ?? [], target.base?.layers));
}

function packageEntry(found: Package, findings: readonly Finding[], baseLayers: number | undefined): Entry {
  const { name, version, ecosystem, purl, layer, paths, presence, license = '', origin } = found;
  const severity = worst(findings);
  const whose = baseLayers === undefined ? '' : layer < baseLayers ? ', base image' : ', own';
  return {
    kind: 'package',
    ...(severity === undefined ? {} : { severity }),
    answered: false,
    line: (columns, paint) => {
      const sums = findings.length === 0 ? paint('aside', presence) : countTexts(findings, paint).join(', ');
      const width = Math.max(24, Math.floor(columns / 2));
      const title = pad(clip(`${harmless(name)} ${harmless(version)}`, width), width);
      const room = columns - width - 10;
      const text = findings.length === 0 ? presence : countTexts(findings, plain).join(', ');
      return `${title}${pad(clip(harmless(ecosystem), 8), 10)}${text.length > room ? clip(text, room) : sums}`;
    },
    detail: (layout) => [
      layout.paint('name', `${clip(`${harmless(name)} ${harmless(version)}`, layout.width)}`),
      ...field('Package', [purl], layout),
      ...field('Presence', [presence], layout),
      ...field('Source', origin ? [`${origin.name} ${origin.version}`] : [], layout),
      ...field('Licence', license === '' ? [] : [license], layout),
      ...field('Layer', [`${layer}${whose}`], layout),
      ...field('Path', paths.slice(0, listedMost), layout),
      ...findingFields(findings, layout),
    ],
    searched: () => [name, version, purl, license, presence, ...paths].join(' ').toLowerCase(),
    group: () => ecosystem,
    id: purl,
    name,
    layer,
    weight: findings.length,
    badness: badnessOf(findings),
  };
}

/** Findings one below the other, each with what ends it. */
function findingFields(findings: readonly Finding[], layout: Layout): string[] {
  const sorted = [...findings].sort((a, b) => compareSeverity(a.severity, b.severity));
  const texts = sorted
    .slice(0, listedMost)
    .map(({ severity, id, fixed }) => `${severity} ${id}${fixed.length > 0 ? ` → ${fixed.join(', ')}` : ''}`);
  const more = sorted.length - texts.length;
  return field('Findings', [...texts, ...(more > 0 ? [`and ${more} more`] : [])], layout);
}

/** All layers, the lowest first. */
export function layerEntries(evidence: Evidence): Entry[] {
  const { target, packages, findings, placed = [] } = evidence;
  const inLayer = groupBy(packages, ({ layer }) => layer);
  const flaws = groupBy(
    findings.filter(({ answered }) => !answered),
    ({ layer }) => layer,
  );
  const places = groupBy(
    placed.filter(({ answered }) => !answered),
    ({ place }) => place.layer,
  );
  return target.layers.map(({ createdBy, size, digest, diffId }, layer): Entry => {
    const bad = [...(flaws.get(layer) ?? []), ...(places.get(layer) ?? [])];
    const brought = inLayer.get(layer) ?? [];
    const made = commandText(createdBy);
    const whose = target.base === undefined ? '' : layer < target.base.layers ? 'base' : 'own';
    const severity = worst(bad);
    return {
      kind: 'layer',
      ...(severity === undefined ? {} : { severity }),
      answered: false,
      line: (columns, paint) => {
        const head = `${String(layer).padStart(3)}  ${pad(whose, 4)}  ${sizeText(size).padStart(9)}  ${String(brought.length).padStart(5)} packages  `;
        const sums = countTexts(bad, plain).join(', ');
        const text = [...(sums === '' ? [] : [sums]), ...(made === '' ? [] : [harmless(made)])].join(' · ');
        const shown = clip(text, Math.max(0, columns - head.length));
        return (
          head +
          (severity !== undefined && shown.startsWith(sums) ? paint(severity, sums) + shown.slice(sums.length) : shown)
        );
      },
      detail: (layout) => [
        layout.paint(
          'name',
          `layer ${layer}${whose === '' ? '' : `, ${whose === 'base' ? "the base image's" : "the image's own"}`}`,
        ),
        ...field('Made by', made === '' ? [] : [made], layout),
        ...field('Size', [sizeText(size)], layout),
        ...field('Digest', [digest, ...(diffId === digest ? [] : [`unpacked ${diffId}`])], layout),
        ...field(
          'Findings',
          bad.length === 0
            ? ['none that count']
            : [`${count(bad.length, 'finding')}: ${countTexts(bad, plain).join(', ')}`],
          layout,
        ),
        ...field(
          '',
          (places.get(layer) ?? []).slice(0, listedMost).map((one) => `${one.severity} ${one.title}`),
          layout,
        ),
        ...packageFields(brought, flaws.get(layer) ?? [], layout),
      ],
      searched: () => [made, digest, whose, ...brought.map(({ name }) => name)].join(' ').toLowerCase(),
      group: () => whose,
      id: digest,
      name: made,
      layer,
      weight: size,
      badness: badnessOf(bad),
    };
  });
}

/** Packages of a layer, those with findings first. */
function packageFields(brought: readonly Package[], flaws: readonly Finding[], layout: Layout): string[] {
  const byPackage = groupBy(flaws, (finding) => finding.package);
  const of = ({ purl }: Package): Finding[] => byPackage.get(purl) ?? [];
  const sorted = [...brought].sort((a, b) => of(b).length - of(a).length);
  const texts = sorted.slice(0, listedMost).map((found) => {
    const sums = countTexts(of(found), plain).join(', ');
    return `${found.name} ${found.version}${sums === '' ? '' : `: ${sums}`}`;
  });
  return field('Packages', texts, layout);
}

/** The reasons of the verdict, the gravest first; then waivers that were taken into account. */
export function reasonEntries({ reasons }: Verdict): Entry[] {
  return reasons.map((reason, i): Entry => reasonEntry(reason, i));
}

function reasonEntry(reason: Reason, place: number): Entry {
  const { decision, rule, message, action, subjects = [] } = reason;
  return {
    kind: 'reason',
    answered: false,
    line: (columns, paint: Paint) =>
      `${paint(decision, decision)}${' '.repeat(11 - decision.length)}${clip(harmless(message), Math.max(0, columns - 11))}`,
    detail: (layout) => reasonStory(reason, subjects.slice(0, listedMost), layout, listedMost),
    searched: () => [decision, rule, message, action ?? ''].join(' ').toLowerCase(),
    group: () => decision,
    id: rule,
    ...(action === undefined ? {} : { fix: action }),
    name: rule,
    layer: place,
    weight: reason.total ?? subjects.length,
    badness: 0,
  };
}
