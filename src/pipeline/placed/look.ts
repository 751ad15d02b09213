import { KnownOwners } from '../../catalog/collect/known-owners.ts';
import type { LayerLook } from '../../catalog/looking/contract.ts';
import { type BodyOf, followBodies, type StandingBodies } from '../../catalog/standing.ts';
import type { SecretScanner } from '../../detect/secrets/contract.ts';
import type { Package } from '../../model/package.ts';
import { compareProblems, distinctProblems, type Problem, warning } from '../../model/problem.ts';
import type { LayerSurvey } from '../../model/survey.ts';
import type { Look, ScanOptions } from '../options.ts';
import type { FoundBeside, LookedInto } from './contract.ts';
import { layerSecrets } from './layer-secrets.ts';
import { shownPath } from './places.ts';
import { searchBy } from './search-by.ts';
import { comparePlaced, type FoundSecret, secretFindings } from './secret-findings.ts';

/** Secrets that are not in files, found with the scanner that is given. */
export type SearchBeside = (scanner: SecretScanner) => {
  readonly found: readonly FoundSecret[];
  readonly problems: readonly Problem[];
};

/**
 * Layers that lie on each other, so that it is known where all that was found in them is: put so when that is first
 * asked, as nothing is hidden in most images.
 */
export class LaidLayers {
  readonly #surveys: readonly LayerSurvey[];
  readonly #packages: readonly Package[];
  #standing: StandingBodies | undefined;
  #owners: KnownOwners | undefined;

  constructor(surveys: readonly LayerSurvey[], packages: readonly Package[]) {
    this.#surveys = surveys;
    this.#packages = packages;
  }

  get standing(): StandingBodies {
    this.#standing ??= standingOf(this.#surveys);
    return this.#standing;
  }

  get owners(): KnownOwners {
    this.#owners ??= new KnownOwners(this.standing.tree, this.#packages, this.#surveys);
    return this.#owners;
  }
}

function standingOf(surveys: readonly LayerSurvey[]): StandingBodies {
  const bodies: BodyOf[] = surveys.flatMap(({ secrets = [], documents = [], licences = [] }, layer) =>
    [...secrets, ...documents, ...licences].map(({ entry }) => ({ layer, entry })),
  );
  return followBodies(surveys, bodies);
}

/** Looks for all that is wanted beside packages. `beside`: secrets that are in no file. */
export async function lookBeside(
  looked: LookedInto,
  options: ScanOptions,
  look: Look,
  layerLook: LayerLook | undefined,
  beside?: SearchBeside,
): Promise<FoundBeside> {
  const placed = [...(look.imported?.findings ?? [])];
  const problems = [...unlooked(looked, layerLook), ...(look.imported?.problems ?? [])];
  if (layerLook?.looked.secrets !== undefined) {
    const { found: other, rules } = await searchBy(layerLook, (scanner) => beside?.(scanner));
    placed.push(...secretFindings([...layerSecrets(looked), ...(other?.found ?? [])], rules));
    problems.push(...(other?.problems ?? []));
  }
  if (look.kinds.includes('configuration')) {
    const found = await (await import('./configuration.ts')).configurationOf(looked, options);
    placed.push(...found.placed);
    problems.push(...found.problems);
  }
  const licences = look.kinds.includes('licences') ? (await import('./licences.ts')).licencesOf(looked) : undefined;
  return {
    placed: placed.sort(comparePlaced),
    ...(licences ? { licences } : {}),
    problems: distinctProblems(problems).sort(compareProblems),
  };
}

/** What the layers were not looked into for, with paths as people know them. */
function unlooked({ surveys, places }: LookedInto, layerLook: LayerLook | undefined): Problem[] {
  return surveys.flatMap((survey, layer) => {
    const own = (survey.unlooked ?? []).map((problem) => {
      const path = problem.path === undefined ? {} : { path: shownPath(problem.path, places.folder) };
      return { ...problem, ...path, ...(places.folder ? {} : { layer }) };
    });
    if (layerLook?.looked.secrets === undefined || survey.secrets !== undefined) return own;
    const message = 'the layer was read by its index alone: no secrets are looked for in it';
    return [...own, { ...warning('secrets/not-searched', message), layer }];
  });
}
