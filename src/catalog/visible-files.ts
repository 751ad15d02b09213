import type { LayerSurvey } from '../model/survey.ts';
import type { FileTree, TreeNode } from './tree.ts';

/** A file or link that a container of the image would see. */
export interface VisibleFile {
  /** Clean path without leading slash. */
  readonly path: string;
  readonly kind: 'file' | 'symlink';
  /** The layer that put it there. */
  readonly layer: number;
  /** Where its body is: of a hard link, another layer's or entry's. */
  readonly bodyLayer: number;
  readonly bodyEntry: number;
  /** Bytes; 0 for a link. */
  readonly size: number;
  /** Permission bits, with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a symbolic link, its target as written. */
  readonly link: string;
}

/** All files and links of the final image, sorted by path. The tree must have a node for each of them. */
export function visibleFiles(tree: FileTree, surveys: readonly LayerSurvey[]): VisibleFile[] {
  const found: VisibleFile[] = [];
  const folders: { node: TreeNode; path: string }[] = [{ node: tree.root, path: '' }];
  for (let at = folders.pop(); at; at = folders.pop()) {
    for (const [name, node] of at.node.children ?? []) {
      const path = at.path === '' ? name : `${at.path}/${name}`;
      if (node.kind === 'dir') folders.push({ node, path });
      else found.push(fileOf(node, path, surveys));
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function fileOf(node: TreeNode, path: string, surveys: readonly LayerSurvey[]): VisibleFile {
  const { layer, entry, bodyLayer, bodyEntry, link } = node;
  const own = surveys[layer]?.entries;
  const body = surveys[bodyLayer]?.entries;
  return {
    path,
    kind: node.kind === 'symlink' ? 'symlink' : 'file',
    layer,
    bodyLayer,
    bodyEntry,
    size: node.kind === 'symlink' ? 0 : (body?.sizes[bodyEntry] ?? 0),
    mode: own?.modes[entry] ?? 0,
    uid: own?.uids[entry] ?? 0,
    gid: own?.gids[entry] ?? 0,
    link,
  };
}
