import { compareMoments } from '../../format/vex/moment.ts';
import type { Finding } from '../../model/finding.ts';
import type { GivenVex, VexComponent, VexProduct, VexStatement, VexStatus } from '../../model/vex.ts';
import { compareText } from '../../util/compare-text.ts';
import { applies, isWide, knownPackage } from './fits.ts';
import { originOf } from './fits-package.ts';
import { cvesOf, namesOf, otherFlaw } from './same-flaw.ts';
import type { Scene } from './scene.ts';
import { comparableName, purlsOf } from './terms.ts';

/** A statement, and the document that makes it. */
export interface Said {
  readonly given: GivenVex;
  readonly statement: VexStatement;
  /** Which statement of its document it is, from 1. */
  readonly number: number;
  /** The CVEs that it names, as names are compared. */
  readonly cves: readonly string[];
}

/** Of statements of one time the most careful goes first: nothing passes because of the order of two files. */
const care: Readonly<Record<VexStatus, number>> = { affected: 0, under_investigation: 1, fixed: 2, not_affected: 3 };

/** The document's own id, else its file's name. */
export function documentName({ document, name }: GivenVex): string {
  return document.id || name;
}

/** Each document once; where it was given and found as well, as it is believed. Sorted by document and digest. */
export function eachOnce(given: readonly GivenVex[]): GivenVex[] {
  const byDigest = new Map<string, GivenVex>();
  for (const one of given) {
    const before = byDigest.get(one.digest);
    if (before === undefined || (one.believed && !before.believed)) byDigest.set(one.digest, one);
  }
  return [...byDigest.values()].sort(
    (a, b) => compareText(documentName(a), documentName(b)) || compareText(a.digest, b.digest),
  );
}

/** All statements by the flaws that they name. */
export class Statements {
  readonly #byName = new Map<string, Said[]>();
  readonly #shortlists = new Map<string, Shortlist>();

  constructor(given: readonly GivenVex[]) {
    for (const one of given) {
      one.document.statements.forEach((statement, index) => {
        const said: Said = { given: one, statement, number: index + 1, cves: cvesOf(statement.vulnerabilities) };
        for (const name of new Set(statement.vulnerabilities.map(comparableName))) {
          const list = this.#byName.get(name);
          if (list) list.push(said);
          else this.#byName.set(name, [said]);
        }
      });
    }
  }

  /** Statements that name a flaw by any of these names: newest first, of one time the most careful first. */
  about(names: Iterable<string>): Said[] {
    // One statement may stand under several of the names.
    const all = new Set<Said>();
    for (const name of names) for (const said of this.#byName.get(comparableName(name)) ?? []) all.add(said);
    return [...all].sort(compareSaid);
  }

  /** Statements that apply to a finding: newest first, of one time the most careful first. */
  on(finding: Finding, scene: Scene): Said[] {
    const applying = new Set<Said>();
    const names = namesOf(finding);
    const own = cvesOf(names);
    for (const name of new Set(names.map(comparableName))) {
      for (const { said, product } of this.#shortlist(name, scene)?.candidates(finding, scene) ?? []) {
        if (applying.has(said) || otherFlaw(said.cves, own) !== undefined) continue;
        if (applies(said.statement, product, finding, scene).fits) applying.add(said);
      }
    }
    return [...applying].sort(compareSaid);
  }

  #shortlist(name: string, scene: Scene): Shortlist | undefined {
    const before = this.#shortlists.get(name);
    const all = this.#byName.get(name);
    if (before !== undefined || all === undefined) return before;
    const shortlist = new Shortlist(all, scene);
    this.#shortlists.set(name, shortlist);
    return shortlist;
  }
}

function compareSaid(a: Said, b: Said): number {
  return (
    compareMoments(a.statement.timestamp, b.statement.timestamp) ||
    care[a.statement.status] - care[b.statement.status] ||
    compareText(documentName(a.given), documentName(b.given)) ||
    compareText(a.given.digest, b.given.digest) ||
    a.number - b.number
  );
}

/** The purl keys and the digests of the package, of its source package, and of what it is within. */
function keysOf(finding: Finding, scene: Scene): ReadonlySet<string> {
  const before = scene.keys.get(finding);
  if (before) return before;
  const known = knownPackage(finding, scene);
  const found = new Set<string>();
  for (const one of [known, ...scene.containersOf(known.found)]) {
    for (const terms of [one.terms, originOf(one)]) if (terms) found.add(terms.key);
    for (const hash of one.found.hashes ?? []) found.add(hash);
  }
  scene.keys.set(finding, found);
  return found;
}

interface Candidate {
  readonly said: Said;
  readonly product: VexProduct;
}

/** The products of the statements on one flaw, by what they are about: all that others name need not be looked at. */
class Shortlist {
  readonly #byKey = new Map<string, Candidate[]>();
  /** Products that are the image, or its base. */
  readonly #wide: Candidate[] = [];

  constructor(all: readonly Said[], scene: Scene) {
    for (const said of all) {
      for (const product of said.statement.products) this.#add({ said, product }, scene);
    }
  }

  #add(candidate: Candidate, scene: Scene): void {
    const { product } = candidate;
    const isWhole = product.subcomponents.length === 0;
    const keys = new Set(isWhole ? keysOfComponent(product) : product.subcomponents.flatMap(keysOfComponent));
    for (const key of keys) {
      const list = this.#byKey.get(key);
      if (list) list.push(candidate);
      else this.#byKey.set(key, [candidate]);
    }
    if (isWhole && isWide(product, scene)) this.#wide.push(candidate);
  }

  *candidates(finding: Finding, scene: Scene): Generator<Candidate> {
    for (const key of keysOf(finding, scene)) yield* this.#byKey.get(key) ?? [];
    yield* this.#wide;
  }
}

/** What a component names packages by: the keys of its purls, or digests where it has none. */
function keysOfComponent(component: VexComponent): readonly string[] {
  const purls = purlsOf(component);
  return purls.length > 0 ? purls.map(({ key }) => key) : component.hashes;
}
