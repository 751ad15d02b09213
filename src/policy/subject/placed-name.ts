import type { Place, PlacedFinding } from '../../model/placed-finding.ts';
import { compareSeverity } from '../../model/severity.ts';
import type { Roster, SubjectName } from './roster.ts';

/** Where something is, in a few words: `/app/.env:2`, `ENV DB_PASSWORD`, `history step 4`. */
export function placeName({ in: where, path = '', name = '', line, step }: Place): string {
  switch (where) {
    case 'file':
    case 'commit':
    case 'dockerfile':
      return line === undefined ? path : `${path}:${line}`;
    case 'environment':
      return `ENV ${name}`;
    case 'history':
      return step === undefined ? 'history' : `history step ${step}`;
    case 'label':
    case 'annotation':
    case 'configuration':
      return name === '' ? where : `${where} ${name}`;
    case 'package':
      return name;
  }
}

/**
 * All paths of a finding's places, each once. None where it also is where there are no paths, such as in the environment:
 * whoever waives it in a file must not waive it there.
 */
function pathsOf({ place, also = [] }: Pick<PlacedFinding, 'place' | 'also'>): string[] {
  const paths = new Set<string>();
  for (const { path } of [place, ...also]) {
    if (path === undefined) return [];
    paths.add(path);
  }
  return [...paths];
}

/** What stands for a secret, a bad setting or another tool's finding. */
export function placedName(finding: PlacedFinding): SubjectName {
  const { id, title, place, fingerprint, package: purl, fix } = finding;
  const paths = pathsOf(finding);
  const where = placeName(place);
  return {
    id,
    names: namesOf(finding),
    shown: where === '' ? title : `${title} (${where})`,
    at: where,
    fingerprint,
    ...(purl === undefined ? {} : { package: purl }),
    ...(paths.length === 0 ? {} : { paths }),
    ...(fix === '' ? {} : { fix }),
  };
}

/**
 * All names that a finding goes by beside its id: what other tools call it, its fingerprint, and of a secret in one file what
 * gitleaks calls it there: `file:rule:line`, and with the commit before it where there is one.
 */
export function namesOf({ kind, id, aliases, fingerprint, place, also }: PlacedFinding): string[] {
  const names = [...aliases, fingerprint];
  const { path, line, commit } = place;
  if (kind !== 'secret' || path === undefined || line === undefined || also) return names;
  for (const rule of [id, id.slice(id.lastIndexOf('/') + 1), ...aliases]) {
    names.push(`${path}:${rule}:${line}`);
    if (commit !== undefined) names.push(`${commit}:${path}:${rule}:${line}`);
  }
  return names;
}

/** Those of a kind that count, the worst first; the order of the evidence decides between equals. */
export function worstOf(kind: string, placed: readonly PlacedFinding[]): readonly PlacedFinding[] {
  const found = placed.filter((finding) => finding.kind === kind && finding.answered === undefined);
  return found.sort((a, b) => compareSeverity(a.severity, b.severity));
}

/** The names of such findings, for what needs no views of them. */
export function placedRoster(findings: readonly PlacedFinding[]): Roster {
  return { views: findings, nameOf: (index) => placedName(findings[index] as PlacedFinding) };
}
