import type { Finding } from '../../model/finding.ts';
import { parsePurl } from '../../model/parse-purl.ts';
import type { PurlParts } from '../../model/purl.ts';
import { cvesIn, folded, namesOf, type Unit, unitsOf } from '../../report/vex/names.ts';
import { SluiceError } from '../../util/error.ts';
import { nearest } from '../../util/nearest.ts';
import { someOf } from '../../util/some-of.ts';
import type { Triage } from './triage.ts';

/** Most names that a hint lists. */
const shownNames = 5;

/** What one decision is about. */
export interface Chosen {
  readonly triage: Triage;
  /** Empty: nothing in the target has the flaw. */
  readonly units: readonly Unit[];
}

/** Findings by each of their names, folded. */
export type NamedFindings = ReadonlyMap<string, readonly Finding[]>;

/** What is chosen from. */
export interface Choice {
  readonly findings: NamedFindings;
  /** Why findings may be missing. */
  readonly lacking: string | undefined;
}

/** Findings by each of their names. */
export function byName(findings: readonly Finding[]): NamedFindings {
  const named = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const name of new Set(namesOf(finding).map(folded))) {
      const same = named.get(name);
      if (same) same.push(finding);
      else named.set(name, [finding]);
    }
  }
  return named;
}

/**
 * What a decision is about: the findings that go by its name, in the packages that it names; of an erratum for several
 * CVEs that one. @throws SluiceError `vex/no-such-finding` unless `force`, `vex/several-flaws`, `vex/package`
 */
export function choose(triage: Triage, { findings, lacking }: Choice, force: boolean): Chosen {
  const wanted = folded(triage.id);
  const named = findings.get(wanted) ?? [];
  const inPackages = narrowed(named, triage);
  const units = inPackages.flatMap(unitsOf).filter(({ names }) => names.some((name) => folded(name) === wanted));
  if (units.length > 0) return { triage, units };
  if (inPackages[0]) throw severalFlaws(triage, inPackages[0]);
  if (!force) throw named.length > 0 ? notInPackages(triage, named) : notFound(triage, findings, lacking);
  return { triage, units };
}

function narrowed(findings: readonly Finding[], { packages }: Triage): Finding[] {
  if (packages.length === 0) return [...findings];
  const wanted = packages.map(wantedPurl);
  return findings.filter(({ package: purl }) => {
    const parts = parsePurl(purl);
    return wanted.some((want) => parts !== undefined && fitsPurl(want, parts));
  });
}

function wantedPurl(text: string): PurlParts {
  const parts = parsePurl(text);
  if (parts) return parts;
  throw new SluiceError(
    'vex/package',
    `${text} is no package URL`,
    'such as pkg:npm/lodash or pkg:deb/debian/openssl@3.0.11-1~deb12u2, as sluice scan -o json shows them',
  );
}

/** Whether a package is what a purl asks for: what the purl leaves open may be anything. */
function fitsPurl(want: PurlParts, parts: PurlParts): boolean {
  if (want.type !== parts.type || want.name !== parts.name) return false;
  if ((want.namespace ?? '') !== (parts.namespace ?? '')) return false;
  if (want.version !== undefined && want.version !== parts.version) return false;
  if (want.subpath !== undefined && want.subpath !== parts.subpath) return false;
  return Object.entries(want.qualifiers ?? {}).every(([key, value]) => parts.qualifiers?.[key] === value);
}

/** A name of one flaw of an erratum, and nobody says of which. */
function severalFlaws({ id }: Triage, finding: Finding): SluiceError {
  const cves = cvesIn(namesOf(finding));
  return new SluiceError(
    'vex/several-flaws',
    `${finding.id} in ${finding.name} is one finding for ${cves.length} flaws, of which ${id} tells none`,
    `decide on ${someOf(cves, shownNames)}, or on all of it with ${finding.id}`,
  );
}

function notInPackages({ id, packages }: Triage, named: readonly Finding[]): SluiceError {
  const purls = [...new Set(named.map((finding) => finding.package))];
  return new SluiceError(
    'vex/no-such-finding',
    `${id} was not found in ${someOf(packages, shownNames)}`,
    `it was found in ${someOf(purls, shownNames)}`,
  );
}

function notFound({ id }: Triage, findings: NamedFindings, lacking: string | undefined): SluiceError {
  const message = `the scan found no ${id}`;
  const names = [...new Set([...findings.values()].flat().flatMap(namesOf))];
  const close = closest(id, names);
  const there =
    close.length === 0 ? 'see sluice scan for what was found' : `did you mean ${someOf(close, shownNames)}?`;
  const hint = lacking ?? (names.length === 0 ? 'it found no known vulnerability at all' : there);
  return new SluiceError(
    'vex/no-such-finding',
    message,
    `${hint} (--force states it all the same, of the whole target)`,
  );
}

/** The names that are most like the text, the nearest first. */
function closest(text: string, names: readonly string[]): string[] {
  const left = names.filter((name) => folded(name) !== folded(text));
  const found: string[] = [];
  while (found.length < 3) {
    const name = nearest(text, left);
    if (name === undefined) break;
    found.push(name);
    left.splice(left.indexOf(name), 1);
  }
  return found;
}
