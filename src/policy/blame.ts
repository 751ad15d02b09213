import type { Evidence } from '../model/evidence.ts';
import type { Answer, Finding } from '../model/finding.ts';
import type { PlacedFinding } from '../model/placed-finding.ts';
import type { BlameQuadrant } from '../model/verdict.ts';
import type { Baseline } from './judging.ts';
import { kindOf } from './subject/scene.ts';

/** All quadrants, in the order of reports. */
export const quadrants: readonly BlameQuadrant[] = [
  'introduced-known',
  'introduced-since',
  'inherited-known',
  'inherited-since',
];

/** Tells of findings who brought them, and when they became known, by a baseline that was matched with the same data. */
export class BlameGate {
  readonly #since: number;
  readonly #known: ReadonlySet<string> | undefined;
  /** All names of the flaws of the baseline, by kind and name of their package. */
  readonly #flaws = new Map<string, Set<string>>();

  /** What was found in places: kind and fingerprint. */
  readonly #places = new Set<string>();
  readonly #told = new Map<Finding, BlameQuadrant>();

  constructor({ evidence, since, known }: Baseline) {
    this.#since = Date.parse(since);
    this.#known = known;
    for (const { kind, fingerprint, answered } of evidence.placed ?? []) {
      if (answered === undefined || isMilder(answered)) this.#places.add(`${kind}\0${fingerprint}`);
    }
    for (const finding of evidence.findings) {
      if (!countedThen(finding, evidence)) continue;
      const key = packageKey(finding);
      const names = this.#flaws.get(key) ?? new Set();
      this.#flaws.set(key, names);
      names.add(finding.id);
      for (const alias of finding.aliases) names.add(alias);
    }
  }

  /** The quadrant of a finding in a package. It is asked for again and again: by rules, for its subject, for the count. */
  quadrantOf(finding: Finding): BlameQuadrant {
    let quadrant = this.#told.get(finding);
    if (quadrant === undefined) {
      quadrant = this.#findQuadrant(finding);
      this.#told.set(finding, quadrant);
    }
    return quadrant;
  }

  /** The quadrant of a finding in a place: nothing of the kind is disclosed, so all of it counts as known. */
  quadrantOfPlaced({ kind, fingerprint }: PlacedFinding): BlameQuadrant {
    return this.#places.has(`${kind}\0${fingerprint}`) ? 'inherited-known' : 'introduced-known';
  }

  #findQuadrant(finding: Finding): BlameQuadrant {
    const flaws = this.#flaws.get(packageKey(finding));
    const inherited = flaws !== undefined && (flaws.has(finding.id) || finding.aliases.some((name) => flaws.has(name)));
    if (inherited) return this.#isSince(finding) ? 'inherited-since' : 'inherited-known';
    return this.#isSince(finding) ? 'introduced-since' : 'introduced-known';
  }

  /** When nobody says when it was published, it counts as known: a deadline would have nothing to begin at. */
  #isSince({ id, aliases, name, published }: Finding): boolean {
    // A time of the baseline that can't be read puts nothing on the mild side of the line.
    if (published === undefined || !(Date.parse(published) > this.#since)) return false;
    const known = this.#known;
    if (known === undefined) return true;
    return !known.has(`${id}\0${name}`) && !aliases.some((alias) => known.has(`${alias}\0${name}`));
  }
}

/**
 * Whether a finding of the baseline makes one of the image an inherited one. What was not judged then, and what the
 * distribution or the owner of the files said of another build, excuses nothing now; waivers and VEX change only what
 * counted.
 */
function countedThen({ presence, answered }: Finding, { judged }: Evidence): boolean {
  return judged.includes(presence) && (answered === undefined || isMilder(answered));
}

/** Whether an answer only made a finding milder that was there. */
function isMilder({ by }: Answer): boolean {
  return by === 'vex' || by === 'waiver';
}

/** The same package in whatever version. */
function packageKey({ package: purl, name }: Finding): string {
  return `${kindOf(purl)}\0${name}`;
}
