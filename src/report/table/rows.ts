import type { EvidenceTarget } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Severity } from '../../model/severity.ts';
import { harmless } from '../../util/harmless.ts';
import { publicationOf } from '../text-advisory.ts';
import { commandText } from '../text-command.ts';
import { listed, noFixText } from '../text-fix.ts';
import { clip, clipStart, displayWidth, pad, wrap } from '../text-width.ts';
import { countTexts } from './counts.ts';
import type { PackageGroup } from './groups.ts';
import { idLines, idText } from './ids.ts';
import { type Mark, marksOf } from './marks.ts';
import { type Paint, painter, type Role } from './style.ts';

/** Above so many rows the lesser findings of a package become a count. */
const rowsShownInFull = 40;

/** Above so many rows a package's findings of one severity share a line, without their titles. */
const rowsWithTitles = 200;

/** So many findings of a package keep a row each even then. */
const rowsNeverJoined = 5;

/** Most columns that one fix takes; the rest is cut. */
const longestFix = 40;

/** Fewest columns in which a title still says something. */
const titleColumns = 16;

const plain = painter(false);

const lesser: ReadonlySet<Severity> = new Set(['low', 'negligible', 'unknown']);
/** Columns of what is said where there is no fix. */
const noFixColumns = noFixText(undefined).length;

/** How the rows of one table are laid out. */
interface Layout {
  readonly width: number;
  readonly paint: Paint;
  readonly collapse: boolean;
  readonly join: boolean;
  readonly severityColumns: number;
  readonly idColumns: number;
  readonly fixColumns: number;
  /** Whether the change that is looked at brought a finding. */
  introduced(finding: Finding): boolean;
}

/** The packages with their findings, as lines; an empty line after each package. */
export function groupLines(
  groups: readonly PackageGroup[],
  target: EvidenceTarget,
  introduced: (finding: Finding) => boolean,
  width: number,
  paint: Paint,
): string[] {
  const all = groups.reduce((sum, group) => sum + group.findings.length, 0);
  const collapse = all > rowsShownInFull;
  const shown = groups.flatMap((group) => split(group.findings, collapse).shown);
  const layout: Layout = {
    introduced,
    width,
    paint,
    collapse,
    join: shown.length > rowsWithTitles,
    severityColumns: most(shown.map(({ severity }) => severity.length)),
    idColumns: Math.min(20, most(shown.map(({ id }) => displayWidth(idText(id))))),
    // One long version must not push every title away: it reaches over its column instead.
    fixColumns: Math.min(
      Math.max(noFixColumns, Math.floor(width / 5)),
      most(shown.map((finding) => displayWidth(fixText(finding)))),
    ),
  };
  const lines = groups.flatMap((group) => [...heading(group, target, layout), ...findingLines(group, layout), '']);
  if (shown.length < all) {
    const text = `${all - shown.length} lesser findings are only counted here: -o json shows all`;
    lines.push(...wrap(text, width).map((line) => paint('aside', line)), '');
  }
  return lines;
}

/** Not `Math.max(...)`: an argument for each of a hundred thousand rows exhausts the stack. */
function most(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), 0);
}

/** `axios 0.18.0 · layer 2 COPY node_modules · /app/node_modules/axios/package.json`, and the update that clears most. */
function heading(group: PackageGroup, target: EvidenceTarget, { width, paint }: Layout): string[] {
  const names = group.names.map(harmless);
  const version = harmless(group.version);
  const together = names.join(', ');
  const whole = displayWidth(together) + displayWidth(version) < (width * 2) / 3;
  const mark = group.judged ? '' : `  [${unjudged[group.presence]}, not judged]`;
  // A name or version that somebody made endless is told in several lines.
  const titles = wrap(`${whole ? together : names[0]} ${version}`, width - mark.length);
  const title = titles.pop() ?? '';
  const place = placeText(group, target, width, displayWidth(title) + mark.length);
  const lines = titles.map((line) => paint('name', line));
  lines.push(paint('name', title) + paint('warn', mark) + paint('aside', place.line));
  if (place.below !== undefined) lines.push(paint('aside', `  ${place.below}`));
  if (!whole && names.length > 1) {
    lines.push(...wrap(`also ${listed(names.slice(1), 'and')}`, width - 2).map((text) => `  ${text}`));
  }
  return [...lines, ...updateLine(group, width, paint)];
}

/** Layer and path behind a heading that has used so many columns; the path goes below when there is no room for it. */
function placeText(
  group: PackageGroup,
  target: EvidenceTarget,
  width: number,
  used: number,
): { line: string; below?: string } {
  const [path, ...others] = group.paths.map(harmless);
  const room = width - used - 3;
  const layerIn = (columns: number): string => {
    const layer = layerText(target, group.layer, columns);
    return layer === '' || displayWidth(layer) > room ? '' : ` · ${layer}`;
  };
  if (path === undefined) return { line: layerIn(room) };
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  for (const columns of [room, 40]) {
    const line = `${layerIn(Math.min(columns, room))} · ${path}${more}`;
    if (used + displayWidth(line) <= width) return { line };
  }
  return { line: layerIn(room), below: clipStart(path, width - 2 - more.length) + more };
}

const unjudged: Record<PackageGroup['presence'], string> = {
  installed: 'installed',
  declared: 'only declared',
  application: 'the application itself',
};

/** Which update clears most; a lone finding says so itself. */
function updateLine({ fix, findings }: PackageGroup, width: number, paint: Paint): string[] {
  if (findings.length < 2) return [];
  if (!fix) return [paint('aside', `  no fix is known for any of the ${findings.length}`)];
  const all = findings.length === 2 ? 'both' : `all ${findings.length}`;
  const clears = fix.clears === findings.length ? all : `${fix.clears} of ${findings.length}`;
  const version = clip(harmless(fix.version), width - '  update to  fixes '.length - clears.length);
  return [`  ${paint('fix', `update to ${version}`)} fixes ${clears}`];
}

/** The layer and what made it, where there are several. */
function layerText({ layers, base }: EvidenceTarget, number: number, columns: number): string {
  if (layers.length < 2) return '';
  const made = commandText(layers[number]?.createdBy ?? '');
  const text = `${base && number < base.layers ? 'base ' : ''}layer ${number}`;
  const room = columns - text.length - 1;
  return made === '' || room < 12 ? text : `${text} ${clip(harmless(made), room)}`;
}

function findingLines(group: PackageGroup, layout: Layout): string[] {
  const { shown, hidden } = split(group.findings, layout.collapse);
  const join = layout.join && shown.length > rowsNeverJoined;
  const lines = join ? joinedLines(shown, layout) : shown.map((finding) => findingLine(finding, layout));
  if (hidden.length > 0) {
    const lead = shown.length > 0 ? 'and ' : '';
    lines.push(layout.paint('aside', `  ${lead}${listed(countTexts(hidden, plain), 'and')}`));
  }
  return lines;
}

/** What stands in rows, and what is only counted: never a single finding, which would save no line, nor what is exploited. */
function split(
  findings: readonly Finding[],
  collapse: boolean,
): { shown: readonly Finding[]; hidden: readonly Finding[] } {
  if (!collapse) return { shown: findings, hidden: [] };
  const isLesser = ({ severity, exploited }: Finding): boolean => lesser.has(severity) && !exploited;
  const hidden = findings.filter(isLesser);
  if (hidden.length < 2) return { shown: findings, hidden: [] };
  return { shown: findings.filter((finding) => !isLesser(finding)), hidden };
}

function findingLine(finding: Finding, layout: Layout): string {
  const { width, paint, severityColumns, idColumns, fixColumns } = layout;
  const before = 2 + severityColumns + 2;
  const id = idText(finding.id, Math.max(idColumns, width - before - 2 - noFixColumns));
  const filled = pad(id, idColumns);
  const left = width - before - displayWidth(filled) - 2;
  const fix = clip(fixText(finding), Math.max(noFixColumns, left));
  const title = titleText(finding, left - Math.max(fixColumns, displayWidth(fix)) - 2, layout);
  const linked = paint.link(id, publicationOf(finding.id).url) + filled.slice(id.length);
  const lead = `  ${paintPadded(paint, finding.severity, finding.severity, severityColumns)}  ${linked}  `;
  if (title === '') return lead + paint(fixRole(finding), fix);
  return `${lead}${paintPadded(paint, fixRole(finding), fix, fixColumns)}  ${title}`;
}

/** What sets a finding apart, and its title, as far as there is room for them: for what is exploited first. */
function titleText(finding: Finding, room: number, { paint, introduced }: Layout): string {
  const marks: Mark[] = [];
  let left = room;
  for (const mark of marksOf(finding, introduced(finding))) {
    if (mark.text.length > left) break;
    marks.push(mark);
    left -= mark.text.length + ' · '.length;
  }
  const title = left < titleColumns ? '' : clip(harmless(finding.title), left);
  const texts = marks.map(({ text, role }) => paint(role, text));
  return [...texts, ...(title === '' ? [] : [title])].join(' · ');
}

/** One line for all findings of one severity: how many, and their ids, continued below each other. */
function joinedLines(findings: readonly Finding[], layout: Layout): string[] {
  const { width, paint, severityColumns } = layout;
  const alike = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = [finding.severity, leadText(finding, layout)].join(' ');
    const found = alike.get(key);
    if (found) found.push(finding);
    else alike.set(key, [finding]);
  }
  return [...alike.values()].flatMap((group) => {
    const first = group[0] as Finding;
    const number = String(group.length).padStart(4);
    const indent = 2 + severityColumns + number.length + 2;
    const ids = group.map(({ id }) => id);
    const [head, ...rest] = idLines(leadText(first, layout), ids, Math.max(20, width - indent), paint);
    const lead = `  ${paintPadded(paint, first.severity, first.severity, severityColumns)}${number}  `;
    return [lead + head, ...rest.map((line) => ' '.repeat(indent) + line)];
  });
}

/** What findings that share a line have in common beside their severity. */
function leadText(finding: Finding, { introduced }: Layout): string {
  const { exploited, fixed, fixState } = finding;
  const words = [
    ...(exploited ? ['exploited'] : []),
    ...(introduced(finding) ? ['introduced'] : []),
    ...(fixed.length === 0 ? [noFixText(fixState)] : []),
  ];
  return words.length === 0 ? '' : `${words.join(', ')}: `;
}

/** Filled with spaces outside of the colour. */
function paintPadded(paint: Paint, role: Role, text: string, columns: number): string {
  return paint(role, text) + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

function fixRole({ fixed }: Finding): Role {
  return fixed.length === 0 ? 'aside' : 'fix';
}

function fixText({ fixed, fixState }: Finding): string {
  return fixed.length === 0 ? noFixText(fixState) : clip(harmless(fixed.join(', ')), longestFix);
}
