import type { SecretRule, SecretRuleSet } from '../../detect/secrets/contract.ts';
import type { Answer } from '../../model/finding.ts';
import type { Place, PlacedFinding } from '../../model/placed-finding.ts';
import type { SecretMatch } from '../../model/survey.ts';
import { compareText } from '../../util/compare-text.ts';

/** One match of a rule, and where it is. */
export interface FoundSecret {
  readonly match: SecretMatch;
  readonly place: Place;
  /** purl of the package whose file it is. */
  readonly package?: string;
  /** Why it does not count. */
  readonly answered?: Answer;
}

/** Most places of one secret that are told. */
const mostPlaces = 1_000;

/** Which place stands for a secret that is in several: what everybody sees before what takes a look. */
const kindsOfPlace: readonly Place['in'][] = [
  ...(['file', 'environment', 'label', 'annotation', 'configuration', 'history', 'dockerfile', 'commit'] as const),
];

/** Finds the rule of a match by its id: of two sets the later one's. */
export function rulesById(sets: readonly SecretRuleSet[]): ReadonlyMap<string, SecretRule> {
  return new Map(sets.flatMap(({ rules }) => rules.map((rule) => [rule.id, rule] as const)));
}

/** What was found of secrets as findings: the same secret is one, in however many places it is. Sorted. */
export function secretFindings(found: readonly FoundSecret[], rules: ReadonlyMap<string, SecretRule>): PlacedFinding[] {
  const groups = new Map<string, FoundSecret[]>();
  for (const one of found) {
    const key = `${one.match.rule}\0${one.match.fingerprint}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()]
    .map((group) => findingOf(inOnePath(group).sort(comparePlaces), rules))
    .sort(comparePlaced);
}

/** Orders findings by kind, id, place and fingerprint. */
export function comparePlaced(a: PlacedFinding, b: PlacedFinding): number {
  return (
    compareText(a.kind, b.kind) ||
    compareText(a.id, b.id) ||
    compareText(placeKey(a.place), placeKey(b.place)) ||
    (a.place.line ?? 0) - (b.place.line ?? 0) ||
    (a.place.column ?? 0) - (b.place.column ?? 0) ||
    compareText(a.fingerprint, b.fingerprint)
  );
}

function placeKey({ in: where, path = '', name = '', step = 0, layer = 0 }: Place): string {
  return [where, path, name, String(step).padStart(6, '0'), String(layer).padStart(6, '0')].join('\0');
}

/** Versions of one file that hold the same secret are one place: the layer that brought it, and the one that took it away. */
function inOnePath(group: readonly FoundSecret[]): FoundSecret[] {
  const byPlace = new Map<string, FoundSecret>();
  for (const one of group) {
    const { in: where, path, name, step } = one.place;
    const key =
      where === 'file' ? `file\0${path}` : [where, path, name, step, one.match.line, one.match.column].join('\0');
    const other = byPlace.get(key);
    byPlace.set(key, other ? combined(other, one) : one);
  }
  return [...byPlace.values()];
}

function combined(a: FoundSecret, b: FoundSecret): FoundSecret {
  const [lower, upper] = (a.place.layer ?? 0) <= (b.place.layer ?? 0) ? [a, b] : [b, a];
  // Twice in one file it is told where it comes first.
  if (lower.place.layer === upper.place.layer) return (a.place.line ?? 0) <= (b.place.line ?? 0) ? a : b;
  const { layer, from } = lower.place;
  const place = { ...upper.place, ...(layer === undefined ? {} : { layer }), ...(from === undefined ? {} : { from }) };
  // Both have to be what the package ships: the image holds both.
  const { answered, ...rest } = upper;
  return { ...rest, ...(lower.answered && answered ? { answered } : {}), place };
}

function comparePlaces(a: FoundSecret, b: FoundSecret): number {
  return (
    Number(a.answered !== undefined) - Number(b.answered !== undefined) ||
    Number(a.place.removedIn !== undefined) - Number(b.place.removedIn !== undefined) ||
    kindsOfPlace.indexOf(a.place.in) - kindsOfPlace.indexOf(b.place.in) ||
    compareText(placeKey(a.place), placeKey(b.place)) ||
    (a.place.line ?? 0) - (b.place.line ?? 0) ||
    (a.place.column ?? 0) - (b.place.column ?? 0)
  );
}

/** `group`: the first stands for all. What does not count in one place may well in another. */
function findingOf(group: readonly FoundSecret[], rules: ReadonlyMap<string, SecretRule>): PlacedFinding {
  const [first, ...others] = group as [FoundSecret, ...FoundSecret[]];
  const { match, place, package: owner, answered } = first;
  const rule = rules.get(match.rule);
  const { rule: id, shown, score, notes, expires, value } = match;
  return {
    kind: 'secret',
    id,
    aliases: [],
    severity: rule?.severity ?? 'high',
    title: rule?.title ?? id,
    message: [`${rule?.title ?? id}: ${shown}`, ...notes].join(', '),
    why: rule?.why ?? '',
    fix: rule?.fix ?? '',
    links: rule?.links ?? [],
    controls: [],
    place,
    ...(others.length > 0 ? { also: others.slice(0, mostPlaces).map((one) => one.place) } : {}),
    fingerprint: match.fingerprint,
    secret: {
      shown,
      score,
      notes,
      ...(expires === undefined ? {} : { expires }),
      ...(value === undefined ? {} : { value }),
    },
    ...(owner === undefined ? {} : { package: owner }),
    ...(answered === undefined ? {} : { answered }),
  };
}

/** Where in a text a match stands. */
export function spanOf({
  line,
  column,
  endLine,
  endColumn,
}: SecretMatch): Pick<Place, 'line' | 'column' | 'endLine' | 'endColumn'> {
  return { line, column, endLine, endColumn };
}
