import type { AdvisoryDb } from '../advisory/contract.ts';
import { baseOf } from '../advisory/names.ts';
import type { AdvisoryKey } from '../ecosystem/contract.ts';
import type { Answer } from '../model/finding.ts';
import type { Package } from '../model/package.ts';
import type { Flawed } from './findings.ts';
import type { Flaw } from './flaw.ts';
import type { AdvisoryKeys } from './keys.ts';
import { advisoriesOf } from './lookup.ts';
import { flawsOf, isCve } from './merge.ts';
import { isSameSoftware } from './same-software.ts';

/** The distribution's package that owns files of others, and the flaws that its advisories speak of. */
interface Answering {
  readonly owner: Package;
  readonly names: ReadonlySet<string>;
  /** Whether there is data for the distribution's release: then its silence on its own package says something. */
  readonly covered: boolean;
  readonly answer: Answer;
}

/** What owners are looked up in. */
export type OwnerData = Pick<AdvisoryDb, 'has' | 'find'> & Partial<Pick<AdvisoryDb, 'covers'>>;

/**
 * Why flaws in a package that a distribution's package owns do not count by themselves: the distribution mends what it
 * ships under versions of its own, and its advisories say which of its versions is affected. Where the two are the same
 * software by their names (`python3-jinja2` and `jinja2`), they say so also by their silence. Of all other owners it
 * holds flaw by flaw, for those alone that the advisories for this very package speak of: a vendor's own package, a forged
 * list of files, or a program with foreign code in it has none that do, and the language's advisories are then all that
 * is known.
 */
export class OwnerAnswers {
  readonly #packages: readonly Package[];
  readonly #keys: AdvisoryKeys;
  readonly #db: OwnerData;
  readonly #answering = new Map<string, Answering | undefined>();
  #byPurl: ReadonlyMap<string, number> | undefined;

  constructor(packages: readonly Package[], keys: AdvisoryKeys, db: OwnerData) {
    this.#packages = packages;
    this.#keys = keys;
    this.#db = db;
  }

  /** A package with its flaws: those that the owner's advisories speak of stand apart, with the answer. */
  withAnswers(found: Package, flaws: readonly Flaw[]): Flawed[] {
    const answering = found.ownedBy === undefined ? undefined : this.#answeringOf(found.ownedBy);
    if (!answering) return [{ found, flaws }];
    const twin = answering.covered && isSameSoftware(found, answering.owner);
    const isAnswered = (flaw: Flaw): boolean => twin || speaksOf(answering.names, flaw);
    const open = flaws.filter((flaw) => !isAnswered(flaw));
    const answered = flaws.filter(isAnswered);
    return [
      ...(open.length > 0 ? [{ found, flaws: open }] : []),
      ...(answered.length > 0 ? [{ found, flaws: answered, answered: answering.answer }] : []),
    ];
  }

  #answeringOf(purl: string): Answering | undefined {
    if (this.#answering.has(purl)) return this.#answering.get(purl);
    this.#byPurl ??= new Map(this.#packages.map((found, at) => [found.purl, at]));
    const at = this.#byPurl.get(purl);
    const owner = at === undefined ? undefined : this.#packages[at];
    const key = at === undefined ? undefined : this.#keys[at];
    const answering = owner && key && this.#read(owner, key);
    this.#answering.set(purl, answering);
    return answering;
  }

  #read(owner: Package, key: AdvisoryKey): Answering | undefined {
    const { ecosystem, also = [] } = key;
    if (!this.#db.has(baseOf(ecosystem))) return undefined;
    const { name, version } = owner;
    const all = advisoriesOf(this.#db, key)?.all() ?? [];
    const advisories = all.filter(({ withdrawn }) => withdrawn === undefined);
    const covered = [ecosystem, ...also].some((one) => this.#db.covers?.(one) === true);
    if (advisories.length === 0 && !covered) return undefined;
    const names = new Set(
      advisories.flatMap((advisory) => [advisory.id, ...advisory.aliases, ...flawsOf(advisory, true)]),
    );
    const because = `its files are those of the package ${name} ${version}, and the advisories of ${ecosystem} say which versions of that have the flaw`;
    return { owner, names, covered, answer: { by: 'owner', because } };
  }
}

/** Of a flaw that goes by several CVEs, all must be spoken of. */
function speaksOf(names: ReadonlySet<string>, { id, aliases }: Flaw): boolean {
  const all = [id, ...aliases];
  const cves = all.filter(isCve);
  return cves.length > 0 ? cves.every((name) => names.has(name)) : all.some((name) => names.has(name));
}
