import type { FileTree, TreeNode } from '../../catalog/tree.ts';
import type { DocumentText } from '../../configuration/inputs.ts';
import { claims } from '../../detect/documents/paths.ts';
import { compareText } from '../../util/compare-text.ts';
import type { LookedInto } from './contract.ts';
import { shownPath } from './places.ts';

/**
 * The configuration files of the final image as they were kept, each at every path where a program would look for it:
 * links lead to many (`sites-enabled`).
 */
export function documentsOf({ surveys, places, owners }: LookedInto): DocumentText[] {
  const { standing, baseLayers, folder } = places;
  const texts = surveys.map(({ documents = [] }) => new Map(documents.map(({ entry, text }) => [entry, text])));
  if (texts.every(({ size }) => size === 0)) return [];
  const found: DocumentText[] = [];
  for (const { path, node } of filesIn(standing.tree)) {
    const body = node.kind === 'symlink' ? (claims(path) ? standing.tree.resolve(path) : undefined) : node;
    const text = body?.kind === 'file' ? texts[body.bodyLayer]?.get(body.bodyEntry) : undefined;
    if (!body || text === undefined) continue;
    const { layer } = body;
    const from = folder ? {} : { layer, from: layer < baseLayers ? ('base' as const) : ('own' as const) };
    const owner = owners.of({ path, kind: node.kind === 'symlink' ? 'symlink' : 'file' });
    found.push({ path: shownPath(path, folder), text, ...from, ...(owner === undefined ? {} : { owner }) });
  }
  return found.sort((a, b) => compareText(a.path, b.path));
}

function* filesIn(tree: FileTree): Iterable<{ readonly path: string; readonly node: TreeNode }> {
  const folders: { readonly node: TreeNode; readonly path: string }[] = [{ node: tree.root, path: '' }];
  for (let at = folders.pop(); at; at = folders.pop()) {
    for (const [name, node] of at.node.children ?? []) {
      const path = at.path === '' ? name : `${at.path}/${name}`;
      if (node.kind === 'dir') folders.push({ node, path });
      else yield { path, node };
    }
  }
}
