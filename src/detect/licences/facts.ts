import type { Package } from '../../model/package.ts';
import type { LicenceClass, LicenceFact } from '../../model/placed-finding.ts';
import { expressionOf, idsIn, noAssertion } from './expression.ts';
import { PackageFolders } from './package-folders.ts';
import { readStatedLicence } from './stated.ts';

/** Characters of a statement that are kept: whole texts are told by their beginning. */
const longestStated = 200;

/** A file with the text of licences, as the image has it. */
export interface PlacedLicenceFile {
  /** Absolute. */
  readonly path: string;
  /** purl of the package whose file a package manager says it is. */
  readonly owner?: string | undefined;
  readonly expression: string;
  readonly likeness: number;
  readonly layer: number;
  readonly from: 'base' | 'own';
}

/**
 * The licences of packages and of files, sorted by package, then path. What a package states counts before what its own
 * file says: a file that says the same is left out. Every package has one fact at least, `NONE` where nothing says anything.
 * `baseLayers`: how many layers, from the bottom, are the base image's.
 */
export function licenceFacts(
  packages: readonly Package[],
  files: readonly PlacedLicenceFile[],
  baseLayers: number,
): LicenceFact[] {
  const stated = new Map<string, LicenceFact>();
  const silent = new Map<string, Package>();
  for (const found of packages) {
    const fact = statedFact(found, baseLayers);
    if (!fact) {
      if (!silent.has(found.purl)) silent.set(found.purl, found);
      continue;
    }
    const key = `${found.purl}\n${fact.expression}`;
    const known = stated.get(key);
    if (!known || fact.layer < known.layer) stated.set(key, fact);
  }
  const facts = [...stated.values()];
  const byPackage = new Map<string, LicenceFact[]>();
  for (const fact of facts) byPackage.set(fact.package ?? '', [...(byPackage.get(fact.package ?? '') ?? []), fact]);
  const folders = new PackageFolders(packages);
  for (const file of files) {
    const owner = file.owner ?? folders.ownerOf(file.path);
    if (owner !== undefined && byPackage.get(owner)?.some((fact) => says(fact, file.expression))) continue;
    if (owner !== undefined) silent.delete(owner);
    facts.push(fileFact(file, owner));
  }
  for (const [purl, { layer }] of silent) {
    if (byPackage.has(purl)) continue;
    facts.push({ expression: 'NONE', class: 'unknown', package: purl, layer, from: sideOf(layer, baseLayers) });
  }
  return facts.sort(compare);
}

/** The class of what an expression asks for; where it tells nothing, of the words that were written. */
function classOfExpression(expression: string, stated = ''): LicenceClass {
  const isTold = expression !== noAssertion && expression !== 'NONE';
  return readStatedLicence(isTold ? expression : stated, isTold).class;
}

function statedFact({ license = '', purl, layer }: Package, baseLayers: number): LicenceFact | undefined {
  const words = license.trim();
  if (words === '' || words === 'NONE' || words === noAssertion || words === 'UNKNOWN') return undefined;
  const expression = expressionOf(words);
  return {
    expression,
    ...(expression === words ? {} : { stated: cut(words) }),
    class: classOfExpression(expression, words),
    package: purl,
    layer,
    from: sideOf(layer, baseLayers),
  };
}

function fileFact(file: PlacedLicenceFile, owner: string | undefined): LicenceFact {
  const { path, expression, likeness, layer, from } = file;
  return {
    expression,
    class: classOfExpression(expression),
    ...(owner === undefined ? {} : { package: owner }),
    path,
    ...(likeness > 0 ? { likeness } : {}),
    layer,
    from,
  };
}

/** Whether a statement says all that a file says: a text does not tell whether later versions will do as well. */
function says(fact: LicenceFact, expression: string): boolean {
  if (expression === noAssertion) return true;
  const stated = new Set(idsIn(fact.expression).map(versionOf));
  return stated.size > 0 && idsIn(expression).every((id) => stated.has(versionOf(id)));
}

function versionOf(id: string): string {
  return id.replace(/-(?:only|or-later)$/, '');
}

function sideOf(layer: number, baseLayers: number): 'base' | 'own' {
  return layer < baseLayers ? 'base' : 'own';
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > longestStated ? `${line.slice(0, longestStated - 1)}…` : line;
}

function compare(a: LicenceFact, b: LicenceFact): number {
  return (
    order(a.package ?? '~', b.package ?? '~') || order(a.path ?? '', b.path ?? '') || order(a.expression, b.expression)
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
