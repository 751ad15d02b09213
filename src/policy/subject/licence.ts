import { readStatedLicence } from '../../detect/licences/stated.ts';
import type { LicenceFact } from '../../model/placed-finding.ts';
import { type Roster, rosterOf } from './roster.ts';
import type { Scene } from './scene.ts';

/** A licence that a package states or a file holds the text of, as rules read it. */
class LicenceView {
  readonly expression: string;
  readonly known: boolean;
  readonly stated: string;
  readonly class: string;
  readonly package: string;
  readonly name: string;
  readonly version: string;
  readonly distribution: boolean;
  readonly path: string;
  readonly layer: number;
  readonly from: string;
  #ids: readonly string[] | undefined;

  constructor(fact: LicenceFact, scene: Scene) {
    const owner = fact.package === undefined ? undefined : scene.packageCalled(fact.package);
    this.expression = fact.expression;
    this.known = fact.expression !== 'NOASSERTION' && fact.expression !== 'NONE';
    this.stated = fact.stated ?? '';
    this.class = fact.class;
    this.package = fact.package ?? '';
    this.name = owner?.name ?? '';
    this.version = owner?.version ?? '';
    this.distribution = owner !== undefined && scene.isOfDistribution(owner.ecosystem);
    this.path = fact.path ?? '';
    this.layer = fact.layer;
    this.from = fact.from;
  }

  get ids(): readonly string[] {
    this.#ids ??= readStatedLicence(this.expression, true).names;
    return this.#ids;
  }
}

/** All licences of the evidence. A waiver names one by its expression or by an id in it. */
export function licenceRoster(scene: Scene): Roster {
  const facts = scene.evidence.licences ?? [];
  return rosterOf(
    facts.map((fact) => new LicenceView(fact, scene)),
    ({ expression, ids, package: purl, name, version, path }) => ({
      id: expression,
      names: ids,
      shown: `${shownAs(expression)} (${name === '' ? path : `${name} ${version}`.trim()})`,
      ...(purl === '' ? {} : { package: purl }),
      ...(path === '' ? {} : { paths: [path], at: path }),
    }),
  );
}

/** Most characters of an expression in a message. */
const longestShown = 80;

function shownAs(expression: string): string {
  if (expression === 'NONE') return 'no licence';
  if (expression === 'NOASSERTION') return 'unknown licence';
  return expression.length > longestShown ? `${expression.slice(0, longestShown - 1)}…` : expression;
}
