import type { Severity } from '../../model/severity.ts';
import { harmless } from '../../util/harmless.ts';
import { type Paint, painter, type Role } from '../table/style.ts';
import { count } from '../text-fix.ts';
import { clipStart, pad, wrap } from '../text-width.ts';
import { fleetReasons } from './reasons.ts';
import { compareRows, type FleetRow } from './row.ts';
import { fleetWaiverLines, waivedIn } from './waivers.ts';

/** What became of the layers of all images. */
export interface FleetLayerTotals {
  /** Different ones. */
  readonly layers: number;
  readonly surveyed: number;
  readonly known: number;
  /** Those that more than one image has. */
  readonly shared: number;
}

/** How a fleet's table is laid out. */
export interface FleetLayout {
  readonly colour: boolean;
  /** Columns that reasons are wrapped to. */
  readonly width: number;
  /** Whether names are cut so that a row is one line of the terminal; where there is none, the whole name is worth more. */
  readonly cut: boolean;
}

/** Fewest columns of a name that are worth showing. */
const narrowName = 24;

/** The severities that have a column, and their headings; the others are counted together. */
const columns: readonly (readonly [Severity, string])[] = [
  ['critical', 'CRITICAL'],
  ['high', 'HIGH'],
  ['medium', 'MEDIUM'],
  ['low', 'LOW'],
];

/** One row an image, worst first; then why images stop, could not be read or are undecided; then one line for all. */
export function fleetTable(rows: readonly FleetRow[], totals: FleetLayerTotals, layout: FleetLayout): string {
  const paint = painter(layout.colour);
  const sorted = [...rows].sort(compareRows);
  // A column that is empty says less than the name that it would push away.
  const hasSecrets = rows.some(({ secrets }) => secrets > 0);
  const head = [
    'DECISION',
    ...columns.map(([, heading]) => heading),
    'OTHER',
    ...(hasSecrets ? ['SECRETS'] : []),
    'PACKAGES',
  ];
  const widths = head.map((heading) => heading.length);
  widths[0] = 'undecided'.length;
  const room = layout.cut ? layout.width - widths.reduce((sum, n) => sum + n + 2, 0) : Number.POSITIVE_INFINITY;
  const lines = [
    `${head.map((heading, i) => (i === 0 ? pad(heading, widths[0] ?? 0) : heading)).join('  ')}  IMAGE`,
    ...sorted.map((row) => rowText(row, { widths, hasSecrets }, room, paint)),
    '',
    ...fleetWaiverLines(
      rows.map(({ waivers }) => waivers),
      layout.width,
      paint,
    ),
    ...fleetReasons(sorted, layout.width, paint),
    ...summary(rows, totals, layout.width, paint),
  ];
  return `${lines.join('\n')}\n`;
}

interface RowLayout {
  readonly widths: readonly number[];
  readonly hasSecrets: boolean;
}

function rowText(row: FleetRow, { widths, hasSecrets }: RowLayout, room: number, paint: Paint): string {
  const decision = paint(roleOf(row), row.decision) + ' '.repeat((widths[0] ?? 0) - row.decision.length);
  const name = clipStart(harmless(row.name), Math.max(narrowName, room));
  const cells = columns.map(([severity], i) => numberCell(row, row.counts[severity], severity, widths[i + 1], paint));
  const others = row.counts.negligible + row.counts.unknown;
  cells.push(numberCell(row, others, 'negligible', widths[columns.length + 1], paint));
  if (hasSecrets) cells.push(numberCell(row, row.secrets, 'critical', widths.at(-2), paint));
  const packages = row.failure ? '' : String(row.packages);
  return [decision, ...cells, packages.padStart(widths.at(-1) ?? 0), paint('name', name)].join('  ');
}

/** None shows as a dash, so that the numbers stand out; an image that could not be read shows nothing. */
function numberCell(row: FleetRow, n: number, role: Role, width = 0, paint: Paint): string {
  if (row.failure) return ' '.repeat(width);
  const text = n === 0 ? '-' : String(n);
  return ' '.repeat(Math.max(0, width - text.length)) + paint(n === 0 ? 'aside' : role, text);
}

/** What a decision looks like. */
function roleOf({ decision }: FleetRow): Role {
  return decision === 'error' ? 'alarm' : decision;
}

/** The last line stands for all: the worst decision, how many images have each, and what became of their layers. */
function summary(rows: readonly FleetRow[], totals: FleetLayerTotals, width: number, paint: Paint): string[] {
  const counted = outcomes.map(([decision, word]) => {
    const n = rows.filter((row) => row.decision === decision).length;
    return n === 0 ? [] : [`${n} ${word}`];
  });
  const worst = [...rows].sort(compareRows)[0]?.decision ?? 'pass';
  const mark = paint(worst === 'error' ? 'alarm' : worst, worst.toUpperCase());
  const waived = waivedIn(rows.map(({ waivers }) => waivers));
  const waivedText = waived === 0 ? '' : ` · ${waived} waived`;
  const text = `${count(rows.length, 'image')}: ${counted.flat().join(', ')}${waivedText}${layerText(totals)}`;
  const [first = '', ...rest] = wrap(text, Math.max(20, width - worst.length - 2));
  return [`${mark}  ${first}`, ...rest.map((line) => ' '.repeat(worst.length + 2) + line)];
}

/** What can become of an image, the worst first, in words. */
const outcomes: readonly (readonly [FleetRow['decision'], string])[] = [
  ['stop', 'stop'],
  ['error', 'could not be read'],
  ['undecided', 'undecided'],
  ['warn', 'warn'],
  ['pass', 'pass'],
];

function layerText({ layers, surveyed, known, shared }: FleetLayerTotals): string {
  if (layers === 0) return '';
  const how = [
    [surveyed, 'surveyed'],
    [known, 'known before'],
    [shared, 'in more than one image'],
  ] as const;
  const told = how.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  return ` · ${count(layers, 'layer')}${told.length > 0 ? `: ${told.join(', ')}` : ''}`;
}
