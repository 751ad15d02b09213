import { lstatSync } from 'node:fs';
import type { SecretRuleSet } from '../../detect/secrets/contract.ts';
import { openScanner } from '../../detect/secrets/scanner.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import { compareProblems, distinctProblems } from '../../model/problem.ts';
import { builtInSecrets } from '../placed/layer-look.ts';
import { rulesById, secretFindings } from '../placed/secret-findings.ts';
import { type Repository, readGit } from './git.ts';
import type { Known } from './known.ts';
import { searchHistory, searchStaged } from './search-changes.ts';
import { searchTree } from './search-tree.ts';

/** What of a source tree is searched. */
export type SearchedPart =
  | { readonly of: 'tree' }
  | { readonly of: 'staged' }
  | { readonly of: 'history'; readonly since: string };

/** How a source tree is searched. */
export interface SourceSearch {
  readonly repository: Repository;
  readonly part: SearchedPart;
  /** Beside the built-in rules. */
  readonly rules: readonly SecretRuleSet[];
  readonly values: boolean;
  /** Which findings are known, and so do not count. */
  readonly known: readonly Known[];
}

/** Longest answer of git to a question (bytes). */
const longestAnswer = 4096;

/** Searches a source tree, its history or what is staged for secrets. @throws SluiceError `git/...`, `usage/since`, `directory/...` */
export async function searchSource(search: SourceSearch): Promise<Evidence> {
  const sets = [await builtInSecrets(), ...search.rules];
  const scanner = await openScanner(sets, { values: search.values || search.part.of !== 'tree' });
  const { repository, part, values } = search;
  const { found, problems } =
    part.of === 'tree'
      ? await searchTree(scanner, repository, await isRepository(repository))
      : part.of === 'staged'
        ? await searchStaged(scanner, repository, values)
        : await searchHistory(scanner, repository, part.since, values);
  const placed = secretFindings(found, rulesById(sets)).map((finding) => answered(finding, search.known));
  return {
    target: { kind: 'source', layers: [] },
    judged: ['declared', 'installed'],
    packages: [],
    findings: [],
    problems: distinctProblems(problems).sort(compareProblems),
    sources: [],
    looked: ['secrets'],
    ...(placed.length > 0 && { placed }),
  };
}

function answered(finding: PlacedFinding, known: readonly Known[]): PlacedFinding {
  for (const one of known) {
    const answer = one(finding);
    if (answer !== undefined) return { ...finding, answered: answer };
  }
  return finding;
}

/** Whether git knows which files of the folder are the project's; without git all of them are. */
async function isRepository(repository: Repository): Promise<boolean> {
  if (lstatSync(repository.folder, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  try {
    const said = await readGit(repository, ['rev-parse', '--is-inside-work-tree'], longestAnswer);
    return said.toString('latin1').trim() === 'true';
  } catch {
    return false;
  }
}
