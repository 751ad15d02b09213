import type { AdvisoryDb, NamedAdvisories } from '../advisory/contract.ts';
import { baseOf } from '../advisory/names.ts';
import type { AdvisoryKey } from '../ecosystem/contract.ts';
import type { Advisory } from '../model/advisory.ts';
import { compareText } from '../util/compare-text.ts';

/** The advisories for one name, and what they say of each of its versions. */
export interface Named<Answer> {
  readonly advisories: NamedAdvisories;
  readonly answers: Map<string, Answer>;
}

/** Looks names up; remembers those that have advisories, which nearly none has. */
export class Lookup<Answer> {
  /** Ecosystems (without release) that the database has no data for. */
  readonly unanswered = new Set<string>();
  readonly #db: Pick<AdvisoryDb, 'has' | 'find'>;
  readonly #places = new Map<string, Map<string, Named<Answer>>>();
  /** Packages of one ecosystem come together: its names are only sought when it is another one. */
  #ecosystem: string | undefined;
  #also: readonly string[] | undefined;
  #names: Map<string, Named<Answer>> | undefined;

  constructor(db: Pick<AdvisoryDb, 'has' | 'find'>) {
    this.#db = db;
  }

  /** Undefined when there are no advisories for the name. */
  find({ ecosystem, name, also }: AdvisoryKey): Named<Answer> | undefined {
    if (ecosystem !== this.#ecosystem || also !== this.#also) {
      this.#ecosystem = ecosystem;
      this.#also = also;
      this.#names = this.#namesOf(ecosystem, also);
    }
    if (this.#names === undefined) return undefined;
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const advisories = advisoriesOf(this.#db, { ecosystem, name, also });
    if (advisories === undefined) return undefined;
    const named = { advisories, answers: new Map<string, Answer>() };
    this.#names.set(name, named);
    return named;
  }

  #namesOf(ecosystem: string, also: readonly string[] | undefined): Map<string, Named<Answer>> | undefined {
    const base = baseOf(ecosystem);
    if (!this.#db.has(base)) {
      this.unanswered.add(base);
      return undefined;
    }
    const place = also === undefined ? ecosystem : [ecosystem, ...also].join('\n');
    let names = this.#places.get(place);
    if (names === undefined) {
      names = new Map();
      this.#places.set(place, names);
    }
    return names;
  }
}

/** The advisories of a name in all ecosystems of its key; undefined when there are none. */
export function advisoriesOf(
  db: Pick<AdvisoryDb, 'find'>,
  {
    ecosystem,
    name,
    also,
  }: { readonly [field in 'ecosystem' | 'name']: string } & { readonly also?: AdvisoryKey['also'] | undefined },
): NamedAdvisories | undefined {
  const first = db.find(ecosystem, name);
  if (also === undefined || also.length === 0) return first;
  const found = [first, ...also.map((other) => db.find(other, name))].filter((one) => one !== undefined);
  if (found.length < 2) return found[0];
  return {
    all: () => together(found.map((one) => one.all())),
    candidates: (version, order) => together(found.map((one) => one.candidates(version, order))),
  };
}

/** Sorted by id; a record that concerns several products stands here once for each. */
function together(lists: readonly (readonly Advisory[])[]): readonly Advisory[] {
  return lists.flat().sort((a, b) => compareText(a.id, b.id));
}
