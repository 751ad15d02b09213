import type { PageFinding } from '../data.ts';
import { type Child, make, severitySign } from './dom.ts';
import type { Entry } from './entries.ts';
import type { Tab } from './view.ts';

/** A column of a list. */
export interface Column {
  readonly title: string;
  /** What it sorts by; absent: it does not. */
  readonly sort?: string;
  cell(entry: Entry): Child;
}

/** The columns of each list; the one that leads to the whole of a row is called `id`. */
export const columns: Readonly<Record<Tab, readonly Column[]>> = {
  findings: [
    column('findings', 'severity', 'severity', ({ row }) => severitySign(row.severity)),
    column('findings', 'finding', 'id', ({ row, key }) => openLink(key, row.id)),
    column('findings', 'in', 'package', ({ row, subject }) =>
      subject ? [make('b', {}, subject.name), ` ${subject.version}`] : (row.places[0] ?? ''),
    ),
    column('findings', 'about', 'risk', ({ row }) => [...markSigns(row), row.title || (row.message ?? '')]),
    column('findings', 'fixed in', 'fixed', ({ row }) => fixCell(row)),
    column('findings', 'layer', 'layer', ({ row }) => layerCell(row)),
  ],
  packages: [
    column('packages', 'package', 'package', ({ row, key }) => openLink(key, row.name)),
    column('packages', 'version', undefined, ({ row }) => row.version),
    column('packages', 'kind', undefined, ({ row }) => row.kind),
    column('packages', 'licence', undefined, ({ row }) => row.license ?? ''),
    column('packages', 'findings', 'findings', ({ findings }) => findingsCell(findings)),
    column('packages', 'layer', 'layer', ({ row }) => layerCell(row)),
  ],
  licences: [
    column('licences', 'licence', 'id', ({ row, key }) => openLink(key, row.expression)),
    column('licences', 'class', undefined, ({ row }) => row.class),
    column('licences', 'of', undefined, ({ row }) => row.of),
    column('licences', 'text in', undefined, ({ row }) => row.path ?? ''),
    column('licences', 'layer', 'layer', ({ row }) => layerCell(row)),
  ],
  problems: [
    column('problems', 'how', undefined, ({ row }) =>
      make('span', { class: `chip ${row.blinding ? 'undecided' : 'track'}` }, row.blinding ? 'blinding' : 'partly'),
    ),
    column('problems', 'problem', 'id', ({ row, key }) => openLink(key, row.code)),
    column('problems', 'where', undefined, ({ row }) => row.path ?? ''),
    column('problems', 'what', undefined, ({ row }) => row.message),
    column('problems', 'layer', 'layer', ({ row }) => layerCell(row)),
  ],
};

function column<T extends Tab>(
  tab: T,
  title: string,
  sort: string | undefined,
  cell: (entry: Entry & { tab: T }) => Child,
): Column {
  return {
    title,
    ...(sort === undefined ? {} : { sort }),
    cell: (entry) => (entry.tab === tab ? cell(entry as Entry & { tab: T }) : ''),
  };
}

/** Leads to the whole of a row; as a link it can be copied and sent to others. */
function openLink(key: string, text: string): HTMLElement {
  return make('a', { href: `#open=${key}`, class: 'open', tabindex: '-1' }, text);
}

/** What sets a finding apart, and why it does not count where it does not. */
export function markSigns({ marks = [], aside, answeredBy, decision }: PageFinding): Child[] {
  const signs = marks.map(([text, role]) => make('span', { class: `mark ${role}` }, text));
  if (aside !== undefined) signs.push(make('span', { class: 'mark answer', title: aside }, answerWord(answeredBy)));
  else if (decision === 'stop') signs.push(make('span', { class: 'mark stops' }, 'stops'));
  return signs.flatMap((sign): Child[] => [sign, ' ']);
}

/** Why a finding does not count, in a word or two. */
export function answerWord(by: PageFinding['answeredBy']): string {
  if (by === 'waiver') return 'waived';
  if (by === 'vex') return 'answered by VEX';
  if (by === 'distribution') return 'not affected';
  return by === 'owner' ? 'same software' : 'not judged';
}

function fixCell({ kind, fixed, noFix = '', fix }: PageFinding): Child {
  if (kind !== 'vulnerability') return make('span', { class: 'dim' }, fix);
  return fixed ? make('span', { class: 'fixed' }, fixed.join(', ')) : make('span', { class: 'dim' }, noFix);
}

function layerCell({ layer, from }: { readonly layer?: number; readonly from?: string }): Child {
  const number = layer === undefined ? '' : String(layer);
  return from === 'base' ? [number, ' ', make('span', { class: 'dim' }, 'base')] : number;
}

function findingsCell(findings: readonly PageFinding[]): Child {
  const bySeverity = new Map<string, number>();
  for (const { severity } of findings) bySeverity.set(severity, (bySeverity.get(severity) ?? 0) + 1);
  return [...bySeverity].flatMap(([severity, n]): Child[] => [
    make('span', { class: `sev ${severity}`, title: `${n} ${severity}` }, `${n}`),
    make('span', { class: 'offscreen' }, ` ${severity}`),
    ' ',
  ]);
}
