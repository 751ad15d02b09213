import type { FileKind } from '../../model/collected.ts';
import { entryKinds, type LayerSurvey } from '../../model/survey.ts';
import { compareText } from '../../util/compare-text.ts';
import type { FileTree, TreeNode } from '../tree.ts';
import type { VisibleFile } from '../visible-files.ts';

/** Anything that a container of the image would see: a file, folder, symbolic link or device. */
export interface SeenEntry extends Omit<VisibleFile, 'kind'> {
  readonly kind: FileKind;
  /** Of a program that has any: `cap_net_admin cap_net_raw`; else empty. */
  readonly capabilities: string;
  /** Whether everybody may write its folder, which has no sticky bit. */
  readonly inOpenFolder: boolean;
}

const device = entryKinds.indexOf('device');

/** Permission bits of a folder that no entry names, as the runtimes make it. */
const usualFolder = 0o755;

/** A folder while the tree is walked. */
interface OpenFolder {
  readonly node: TreeNode;
  readonly path: string;
  readonly parent: OpenFolder | undefined;
  /** Whether everybody may exchange what is in it. */
  readonly open: boolean;
  /** The lowest layer of what is in it. */
  lowest: number;
}

/** All entries of the final image but its root, sorted by path. The tree must have a node for each of them. */
export function seenEntries(tree: FileTree, surveys: readonly LayerSurvey[]): SeenEntry[] {
  const found: SeenEntry[] = [];
  const root = { node: tree.root, path: '', parent: undefined, open: isOpen(tree.root, surveys) };
  const folders: OpenFolder[] = [{ ...root, lowest: Number.MAX_SAFE_INTEGER }];
  // Grows while it is walked: folders stand before what is in them.
  for (const folder of folders) {
    for (const [name, node] of folder.node.children ?? []) {
      const path = folder.path === '' ? name : `${folder.path}/${name}`;
      if (node.kind === 'dir') {
        const open = isOpen(node, surveys);
        folders.push({ node, path, parent: folder, open, lowest: Number.MAX_SAFE_INTEGER });
      } else {
        found.push(entryOf(node, path, folder, surveys));
        folder.lowest = Math.min(folder.lowest, node.layer);
      }
    }
  }
  // Backwards, each is looked at when all that is in it has been.
  for (const { node, path, parent, lowest } of folders.reverse()) {
    if (!parent) continue;
    const layer = node.layer >= 0 ? node.layer : lowest === Number.MAX_SAFE_INTEGER ? 0 : lowest;
    parent.lowest = Math.min(parent.lowest, layer);
    found.push({ ...folderOf(node, path, layer, surveys), inOpenFolder: parent.open });
  }
  return found.sort((a, b) => compareText(a.path, b.path));
}

/** Whether everybody may write a folder and take away what others have put there. */
function isOpen(node: TreeNode, surveys: readonly LayerSurvey[]): boolean {
  const mode = node.layer >= 0 ? (surveys[node.layer]?.entries.modes[node.entry] ?? 0) : 0;
  return (mode & 0o1002) === 0o002;
}

function folderOf(
  node: TreeNode,
  path: string,
  layer: number,
  surveys: readonly LayerSurvey[],
): Omit<SeenEntry, 'inOpenFolder'> {
  const own = node.layer >= 0 ? surveys[node.layer]?.entries : undefined;
  return {
    path,
    kind: 'folder',
    layer,
    bodyLayer: layer,
    bodyEntry: node.entry,
    size: 0,
    mode: own?.modes[node.entry] ?? usualFolder,
    uid: own?.uids[node.entry] ?? 0,
    gid: own?.gids[node.entry] ?? 0,
    link: '',
    capabilities: '',
  };
}

function entryOf(node: TreeNode, path: string, folder: OpenFolder, surveys: readonly LayerSurvey[]): SeenEntry {
  const { layer, entry, bodyLayer, bodyEntry, link } = node;
  const own = surveys[layer]?.entries;
  const body = surveys[bodyLayer]?.entries;
  const isLink = node.kind === 'symlink';
  const isDevice = !isLink && body?.kinds[bodyEntry] === device;
  return {
    path,
    kind: isLink ? 'symlink' : isDevice ? 'device' : 'file',
    layer,
    bodyLayer,
    bodyEntry,
    size: isLink || isDevice ? 0 : (body?.sizes[bodyEntry] ?? 0),
    // A hard link and its target are one file: the runtimes differ in whose header's permissions it gets.
    mode: (own?.modes[entry] ?? 0) | (bodyEntry === entry && bodyLayer === layer ? 0 : (body?.modes[bodyEntry] ?? 0)),
    uid: own?.uids[entry] ?? 0,
    gid: own?.gids[entry] ?? 0,
    link,
    capabilities: isLink || isDevice ? '' : (body?.capabilities?.get(bodyEntry) ?? own?.capabilities?.get(entry) ?? ''),
    inOpenFolder: folder.open,
  };
}
