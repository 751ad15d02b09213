import type { Evidence, EvidenceTarget } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import { compareText } from '../../util/compare-text.ts';
import { harmless } from '../../util/harmless.ts';
import { commandText } from '../text-command.ts';
import { count, listed, noFixText } from '../text-fix.ts';
import { placeText } from '../text-place.ts';
import { clip, clipStart, displayWidth, wrap } from '../text-width.ts';
import { type Change, type Changes, changesOf } from './by-fix.ts';
import { compareCounts, countTexts } from './counts.ts';
import { hanging } from './hanging.ts';
import { fewIdLines } from './ids.ts';
import type { Paint } from './style.ts';

/** Most changes that are told; the table by package has all findings. */
const changesShown = 200;
/** Most lines of ids of one change. */
const idLinesShown = 2;
/** Most places of one change, packages of one, and packages without a fix that are named. */
const placesShown = 4;
const packagesShown = 8;
const unfixedShown = 30;

/** Findings by the one change that ends them, what does most first; then what nothing ends. */
export function fixLines(evidence: Evidence, width: number, paint: Paint): string[] {
  const all = changesOf(evidence);
  const changes = [...all.changes].sort((a, b) => compareCounts(a.ends, b.ends) || compareText(a.title, b.title));
  const more = changes.length - changesShown;
  return [
    ...overviewLines(all, width, paint),
    ...changes.slice(0, changesShown).flatMap((change) => changeLines(change, evidence.target, width, paint)),
    ...(more > 0 ? [paint('aside', `and ${count(more, 'more change')}: -o json shows all findings`), ''] : []),
    ...baseLines(all, evidence.target, width, paint),
    ...unfixedLines(all.left, width, paint),
  ];
}

function overviewLines({ changes, left }: Changes, width: number, paint: Paint): string[] {
  const ended = changes.reduce((sum, { ends }) => sum + ends.length, 0);
  if (ended + left.length === 0) return [];
  const all =
    left.length === 0 ? `all ${count(ended, 'finding')}` : `${ended} of ${count(ended + left.length, 'finding')}`;
  const text =
    changes.length === 0
      ? `no fix is known for ${all}`
      : `${count(changes.length, 'change')} ${changes.length === 1 ? 'ends' : 'end'} ${all}`;
  return [...wrap(text, width).map((line) => paint('name', line)), ''];
}

/** `update openssl 3.0.1 to 3.0.15 → 12 findings: 2 critical, 10 high`, with where and which. */
function changeLines(
  { kind, title, packages, layers, paths, ends }: Change,
  target: EvidenceTarget,
  width: number,
  paint: Paint,
): string[] {
  const said = harmless(title).replace(/\.$/, '');
  const sums = `→ ${count(ends.length, 'finding')}: ${countTexts(ends, paint).join(', ')}`;
  const [first = '', ...rest] = wrap(clip(said, width * 3), width);
  const heads = [first, ...rest].map((line) => paint('fix', line));
  const last = rest.at(-1) ?? first;
  const [sumFirst = '', ...sumRest] = wrap(sums, width - 2);
  // Beside the change where there is room, else below it.
  const beside = sumRest.length === 0 && wrap(`${last} ${sums}`, width).length === 1;
  if (beside) heads[heads.length - 1] += ` ${sumFirst}`;
  else heads.push(...[sumFirst, ...sumRest].map((line) => `  ${line}`));
  const found =
    kind === 'update'
      ? updateWhere(packages, layers, paths, target, width)
      : placesWhere(ends as PlacedFinding[], target, width);
  const ids =
    kind === 'update'
      ? fewIdLines(
          ends.map(({ id }) => id),
          width - 2,
          idLinesShown,
          paint,
        )
      : [];
  return [...heads, ...found.map((line) => paint('aside', line)), ...ids.map((line) => `  ${line}`), ''];
}

function updateWhere(
  packages: readonly string[],
  layers: readonly number[],
  paths: readonly string[],
  { layers: all, base }: EvidenceTarget,
  width: number,
): string[] {
  const more = packages.length - packagesShown;
  const names = packages.slice(0, packagesShown).map(harmless);
  const [only] = layers;
  const made = layers.length === 1 ? commandText(all[only as number]?.createdBy ?? '') : '';
  const whose = base && layers.every((layer) => layer < base.layers) ? 'base ' : '';
  const where =
    all.length < 2
      ? ''
      : `${whose}layer ${listed(layers.map(String), 'and')}${made === '' ? '' : ` ${harmless(made)}`}`;
  const [path, ...others] = paths.map(harmless);
  const at =
    path === undefined ? '' : clipStart(path, width - 20) + (others.length > 0 ? ` and ${others.length} more` : '');
  const together = [where, at].filter((text) => text !== '').join(' · ');
  return [
    ...(packages.length === 0
      ? []
      : hanging('  ', 2, `in ${more > 0 ? `${names.join(', ')} and ${more} more` : listed(names, 'and')}`, width)),
    ...(displayWidth(together) <= width - 2 ? [together] : [clip(where, width - 2), at])
      .filter((text) => text !== '')
      .map((text) => `  ${text}`),
  ];
}

function placesWhere(ends: readonly PlacedFinding[], target: EvidenceTarget, width: number): string[] {
  const texts = ends.map(({ title, place }) => `${title}: ${placeText(place, target)}`);
  const more = texts.length - placesShown;
  return [
    ...texts.slice(0, placesShown).flatMap((text) => hanging('  ', 4, harmless(text), width)),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

/** What a newer base image may end at once, with whatever it brings instead. */
function baseLines({ inBase }: Changes, { base }: EvidenceTarget, width: number, paint: Paint): string[] {
  if (!base || inBase.length === 0) return [];
  const fixed = inBase.filter(({ fixed }) => fixed.length > 0).length;
  const name = base.name === undefined ? 'the base image' : `the base image ${harmless(base.name)}`;
  const [head = '', ...more] = wrap(`or take ${name} anew`, width);
  const sums = countTexts(inBase, paint).join(', ');
  const text = `→ up to ${count(inBase.length, 'finding')}: ${sums}; ${fixed === inBase.length ? 'all' : fixed} of them have a fix. sluice fix --base-candidate shows what a candidate ends.`;
  return [...[head, ...more].map((line) => paint('fix', line)), ...hanging('  ', 2, text, width), ''];
}

/** What nothing is known to end, by package. */
function unfixedLines(left: readonly Finding[], width: number, paint: Paint): string[] {
  if (left.length === 0) return [];
  const groups = new Map<string, Finding[]>();
  for (const finding of left) {
    const key = `${finding.name} ${finding.version}`;
    const known = groups.get(key);
    if (known) known.push(finding);
    else groups.set(key, [finding]);
  }
  const sorted = [...groups].sort(([a, ofA], [b, ofB]) => compareCounts(ofA, ofB) || compareText(a, b));
  const more = sorted.length - unfixedShown;
  const head = hanging(
    '',
    0,
    `${paint('name', 'no fix known')} → ${count(left.length, 'finding')}: ${countTexts(left, paint).join(', ')}`,
    width,
  );
  const lines = sorted.slice(0, unfixedShown).flatMap(([name, findings]) => {
    const states = [...new Set(findings.map(({ fixState }) => noFixText(fixState)))].filter(
      (text) => text !== noFixText(undefined),
    );
    const said = states.length === 0 ? '' : ` (${states.join(', ')})`;
    return [
      ...hanging('  ', 4, `${harmless(clip(name, width))}${said}: ${countTexts(findings, paint).join(', ')}`, width),
      ...fewIdLines(
        findings.map(({ id }) => id),
        width - 4,
        1,
        paint,
      ).map((line) => `    ${line}`),
    ];
  });
  return [
    ...head,
    ...lines,
    ...(more > 0 ? [paint('aside', `  and ${count(more, 'more package')}: -o json shows all`)] : []),
    '',
  ];
}
