import type { Evidence, EvidenceTarget } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import { reaches } from '../../model/severity.ts';
import { harmless } from '../../util/harmless.ts';
import { commandText } from '../text-command.ts';
import { sizeText } from '../text-size.ts';
import { clip, displayWidth, pad, wrap } from '../text-width.ts';
import { compareCounts, countTexts } from './counts.ts';
import { groupFindings, type PackageGroup } from './groups.ts';
import { hanging } from './hanging.ts';
import { fewIdLines } from './ids.ts';
import { placedLines } from './placed.ts';
import type { Paint } from './style.ts';

/** Most lines that an instruction takes. */
const instructionLines = 3;

/** Most of the width that names take. */
const nameShare = 0.4;

/** Most lines of ids of one package. */
const idLinesShown = 2;

/** What one layer brought; `layer` is absent for what is in none: the image's configuration. */
interface LayerGroup {
  readonly layer: number | undefined;
  readonly packages: PackageGroup[];
  readonly placed: PlacedFinding[];
}

/** Findings by the instruction that brought them, the worst layer first: whose they are, and so who has to act. */
export function layerLines(evidence: Evidence, width: number, paint: Paint): string[] {
  const groups = groupsOf(evidence).sort(
    (a, b) => compareCounts(countedOf(a), countedOf(b)) || (a.layer ?? Infinity) - (b.layer ?? Infinity),
  );
  return groups.flatMap((group) => groupLines(group, evidence, width, paint));
}

function groupsOf(evidence: Evidence): LayerGroup[] {
  const groups = new Map<number | undefined, LayerGroup>();
  const of = (layer: number | undefined): LayerGroup => {
    const known = groups.get(layer) ?? { layer, packages: [], placed: [] };
    groups.set(layer, known);
    return known;
  };
  for (const group of groupFindings(evidence)) of(group.layer).packages.push(group);
  for (const finding of evidence.placed ?? []) of(finding.place.layer).placed.push(finding);
  return [...groups.values()];
}

/** What counts of a layer: the gate judges it, and nothing speaks against it. A flaw of several packages counts for each. */
function countedOf({ packages, placed }: LayerGroup): (Finding | PlacedFinding)[] {
  const inPackages = packages.filter(({ judged }) => judged);
  return [
    ...inPackages.flatMap(({ names, findings }) => names.flatMap(() => findings)),
    ...placed.filter(({ answered }) => answered === undefined),
  ];
}

function groupLines(group: LayerGroup, evidence: Evidence, width: number, paint: Paint): string[] {
  const { packages, placed } = group;
  // No argument for each: there may be a hundred thousand.
  const longest = packages.reduce((most, found) => Math.max(most, displayWidth(titleOf(found))), 0);
  const nameColumns = Math.min(longest, Math.floor(width * nameShare));
  return [
    ...headingLines(group, evidence.target, width, paint),
    ...packages.flatMap((found) => packageLines(found, nameColumns, width, paint)),
    ...(packages.length > 0 ? [''] : []),
    ...placedLines({ ...evidence, placed }, width, paint),
  ];
}

/** `layer 2 · own · 4.2 MB`, what it brought, and the instruction as far as it says something. */
function headingLines(group: LayerGroup, target: EvidenceTarget, width: number, paint: Paint): string[] {
  const { layer } = group;
  const sums = countTexts(countedOf(group), paint).join(', ');
  const title = layer === undefined ? 'image configuration' : layerTitle(layer, target);
  const [head = '', ...more] = wrap([paint('name', title), ...(sums === '' ? [] : [sums])].join(' · '), width);
  const made = layer === undefined ? '' : commandText(target.layers[layer]?.createdBy ?? '');
  const instruction = made === '' ? [] : wrap(harmless(made), width - 2);
  const shown = instruction.slice(0, instructionLines);
  if (instruction.length > shown.length) shown.push(`${clip(shown.pop() ?? '', width - 4)} …`);
  return [head, ...more, ...shown.map((line) => paint('aside', `  ${line}`))];
}

function layerTitle(number: number, { layers, base }: EvidenceTarget): string {
  const size = layers[number]?.size;
  const whose = base === undefined ? [] : [number < base.layers ? 'base image' : 'own'];
  return [`layer ${number}`, ...whose, ...(size === undefined ? [] : [sizeText(size)])].join(' · ');
}

/** `musl 1.2.3-r3 (and 1 more)`. */
function titleOf({ names, version }: PackageGroup): string {
  const [first = '', ...others] = names;
  return `${harmless(`${first} ${version}`)}${others.length > 0 ? ` (and ${others.length} more)` : ''}`;
}

/** `handlebars 4.0.11  4 critical, 10 high  update to 4.7.9 fixes all 18`, and the ids of what is bad. */
function packageLines(group: PackageGroup, nameColumns: number, width: number, paint: Paint): string[] {
  const { findings, fix, judged } = group;
  const name = clip(titleOf(group), nameColumns);
  const does = fix
    ? `update to ${clip(harmless(fix.version), 24)} fixes ${cleared(fix.clears, findings.length)}`
    : 'no fix known';
  const sums = [...countTexts(findings, paint), ...(judged ? [] : [paint('warn', 'not judged')])].join(', ');
  const lead = `  ${paint('name', name)}${pad('', nameColumns - displayWidth(name))}  `;
  const columns = width - 4 - nameColumns;
  const role = fix ? 'fix' : 'aside';
  const together = displayWidth(sums) + 2 + displayWidth(does) <= columns;
  const lines = together
    ? [`${lead}${sums}  ${paint(role, does)}`]
    : [
        ...hanging(lead, 4 + nameColumns, sums, width),
        ...hanging('    ', 4, does, width).map((line) => paint(role, line)),
      ];
  return [...lines, ...idsOf(findings, width, paint)];
}

function cleared(clears: number, all: number): string {
  if (clears < all) return `${clears} of ${all}`;
  return all === 1 ? 'it' : `all ${all}`;
}

/** The ids of what is exploited, critical or high; of the others where there is nothing worse. */
function idsOf(findings: readonly Finding[], width: number, paint: Paint): string[] {
  const bad = findings.filter(({ severity, exploited }) => exploited || reaches(severity, 'high'));
  const ids = (bad.length > 0 ? bad : findings).map(({ id }) => id);
  return fewIdLines(ids, width - 4, idLinesShown, paint).map((line) => `    ${line}`);
}
