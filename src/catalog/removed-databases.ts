import type { Ecosystem } from '../ecosystem/contract.ts';
import { blinding, type Problem } from '../model/problem.ts';
import { entryKinds, type LayerSurvey } from '../model/survey.ts';
import type { SurveyedFiles } from './attribution.ts';
import { squash } from './squash.ts';
import { type TreeNode, visiblePath } from './tree.ts';

const file = entryKinds.indexOf('file');

/**
 * Package databases that a layer brought and a later one took away while what they list stays: removing the list must
 * not make the packages disappear. Where most of the layer went with it, nothing is hidden.
 */
export function removedDatabases(
  databases: ReadonlyMap<TreeNode, Ecosystem>,
  files: SurveyedFiles,
  surveys: readonly LayerSurvey[],
): Problem[] {
  const problems = new Map<string, Problem>();
  let visible: readonly number[] | undefined;
  for (const [node, { id }] of databases) {
    const packages = files.of(node).reduce((sum, { packages: found }) => sum + found.length, 0);
    if (packages === 0 || visiblePath(node) !== undefined) continue;
    visible ??= visibleFiles(surveys);
    const brought = surveys[node.layer]?.entries.kinds.reduce((sum, kind) => sum + Number(kind === file), 0) ?? 0;
    const left = visible[node.layer] ?? 0;
    if (left === 0 || left * 2 < brought - 1) continue;
    const message = `the ${id} package database of layer ${node.layer} was removed, and what it lists was not`;
    problems.set(`${id} ${node.layer}`, { ...blinding(`${id}/database-removed`, message), layer: node.layer });
  }
  return [...problems.values()];
}

/** How many files of each layer are in the final image. It takes a tree of all of them, which is seldom needed. */
function visibleFiles(surveys: readonly LayerSurvey[]): readonly number[] {
  const counts = new Array<number>(surveys.length).fill(0);
  const folders: TreeNode[] = [squash(surveys, () => undefined).root];
  for (const folder of folders) {
    for (const child of folder.children?.values() ?? []) {
      if (child.kind === 'dir') folders.push(child);
      else if (child.kind === 'file') counts[child.layer] = (counts[child.layer] ?? 0) + 1;
    }
  }
  return counts;
}
