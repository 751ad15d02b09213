import type { Entry } from './entries.ts';

/** What stands in a list: a row, or the head of the rows that follow. */
export type Item =
  | { readonly entry: Entry }
  | { readonly head: string; readonly label: string; readonly rows: readonly Entry[]; readonly isOpen: boolean };

/** What rows can be put together by. */
export const groupings: Readonly<Record<string, string>> = {
  package: 'package',
  fix: 'fix',
  layer: 'layer',
  severity: 'severity',
  kind: 'kind',
};

const kindNames: Readonly<Record<string, string>> = {
  vulnerability: 'flaws in packages',
  secret: 'secrets',
  misconfiguration: 'settings',
  external: 'other tools',
};

/** The rows with heads before those that belong together; the order of the groups is that of their first rows. */
export function grouped(
  rows: readonly Entry[],
  by: string,
  folded: ReadonlySet<string>,
  layers: readonly string[],
): readonly Item[] {
  if (!Object.hasOwn(groupings, by)) return rows.map((entry) => ({ entry }));
  const groups = new Map<string, Entry[]>();
  for (const entry of rows) {
    const label = labelOf(entry, by, layers);
    const group = groups.get(label);
    if (group) group.push(entry);
    else groups.set(label, [entry]);
  }
  return [...groups].flatMap(([label, those]): Item[] => {
    const head = `${by} ${label}`;
    const isOpen = !folded.has(head);
    return [{ head, label, rows: those, isOpen }, ...(isOpen ? those.map((entry) => ({ entry })) : [])];
  });
}

function labelOf(entry: Entry, by: string, layers: readonly string[]): string {
  if (by === 'severity') return entry.severities[0] ?? 'without severity';
  if (by === 'layer') return layerLabel(entry.layer, layers);
  if (entry.tab === 'packages') return by === 'kind' ? entry.row.kind : entry.name;
  if (entry.tab !== 'findings') return entry.name || 'others';
  const { row, subject } = entry;
  if (by === 'kind') return kindNames[row.kind] ?? row.kind;
  if (!subject) return by === 'fix' ? row.fix || 'without a fix' : (row.places[0] ?? row.title);
  if (by === 'package') return `${subject.name} ${subject.version}`;
  const { update } = subject;
  if (!row.fixed) return 'no fix is known';
  return update ? `update ${subject.name} ${subject.version} to ${update.to}` : row.fix;
}

function layerLabel(layer: number | undefined, layers: readonly string[]): string {
  if (layer === undefined) return 'in no layer: the image’s configuration';
  return `layer ${layer} ${layers[layer] ?? ''}`.trimEnd();
}
