import { type EntryKind, entryKinds, type LayerSurvey } from '../model/survey.ts';
import { baseName } from '../util/path.ts';
import { FileTree, makeNode, type TreeNode } from './tree.ts';

const whiteoutPrefix = '.wh.';
const opaqueName = '.wh..wh..opq';
/** At the root, other names that start so are aufs's own records and no files (so the runtimes have it). */
const recordPrefix = '.wh..wh.';
/** The folder of records that hard links may point to. */
const linkRecords = '.wh..wh.plnk/';

/**
 * Called for every file that an entry puts into the tree; a later layer may hide it again. `moved`: links led it to
 * another path than its entry names.
 */
export type OnFile = (node: TreeNode, moved: boolean) => void;

/** Puts the layers of an image on each other, bottom first, and returns the tree that a container would see. */
export function squash(surveys: readonly LayerSurvey[], onFile: OnFile): FileTree {
  const tree = new FileTree();
  surveys.forEach((survey, layer) => {
    new LayerOnTree(tree, survey, layer, onFile).apply();
  });
  return tree;
}

/** Puts one layer on the tree, entry by entry as runtimes do: a link that one entry replaces leads the next nowhere. */
class LayerOnTree {
  readonly #tree: FileTree;
  readonly #survey: LayerSurvey;
  readonly #layer: number;
  readonly #onFile: OnFile;
  /** Bodies in aufs's folder of link records, by name. */
  readonly #records = new Map<string, number>();

  constructor(tree: FileTree, survey: LayerSurvey, layer: number, onFile: OnFile) {
    this.#tree = tree;
    this.#survey = survey;
    this.#layer = layer;
    this.#onFile = onFile;
  }

  apply(): void {
    const { paths, kinds } = this.#survey.entries;
    for (let entry = 0; entry < paths.length; entry++) {
      const path = paths[entry] ?? '';
      const name = baseName(path);
      const kind = entryKinds[kinds[entry] ?? 0] ?? 'file';
      if (path.startsWith(recordPrefix) && path !== opaqueName) this.#record(path, name, kind, entry);
      else if (name.startsWith(whiteoutPrefix)) this.#whiteout(path, name);
      else this.#put(path, name, kind, entry);
    }
  }

  #record(path: string, name: string, kind: EntryKind, entry: number): void {
    if (kind === 'file' && path.startsWith(linkRecords)) this.#records.set(name, entry);
  }

  /** A whiteout hides what lower layers brought, and nothing of its own layer (OCI image layer specification). */
  #whiteout(path: string, name: string): void {
    const folder = this.#tree.folderOf(path, false);
    this.#tree.forget();
    if (!folder?.children) return;
    if (name === opaqueName) hideLower(folder, this.#layer);
    const hidden = folder.children.get(name.slice(whiteoutPrefix.length));
    if (!hidden || name === opaqueName) return;
    if (hidden.kind === 'dir') hideLower(hidden, this.#layer);
    if (isLower(hidden, this.#layer)) folder.children.delete(hidden.name);
  }

  #put(path: string, name: string, kind: EntryKind, entry: number): void {
    const node = this.#makeNode(kind, this.#survey.entries.links.get(entry) ?? '', entry);
    if (!node) return;
    const folder = this.#tree.folderOf(path, true) ?? this.#tree.forcedFolderOf(path);
    if (node.kind === 'dir') this.#putFolder(folder, name, node);
    else this.#putFile(folder, name, node);
  }

  #putFile(folder: TreeNode, name: string, node: TreeNode): void {
    const moved = this.#tree.linked;
    const old = folder.children?.get(name);
    if (old?.kind === 'file' && node.kind === 'file') node.before = old.layer === this.#layer ? old.before : old;
    this.#tree.put(folder, name, node);
    if (old?.kind === 'dir' || old?.kind === 'symlink') this.#tree.forget();
    if (node.kind === 'file') this.#onFile(node, moved);
  }

  /** A folder over a folder changes its attributes alone; over anything else it replaces it. */
  #putFolder(parent: TreeNode, name: string, node: TreeNode): void {
    const old = parent.children?.get(name);
    if (old?.kind === 'dir') {
      old.layer = node.layer;
      old.entry = node.entry;
      return;
    }
    this.#tree.put(parent, name, node);
    if (old) this.#tree.forget();
  }

  #makeNode(kind: EntryKind, link: string, entry: number): TreeNode | undefined {
    if (kind === 'hardlink') return this.#makeHardLink(link, entry);
    const node = makeNode(kind === 'device' ? 'file' : kind, this.#layer, entry);
    if (kind === 'symlink') node.link = link;
    return node;
  }

  /** A link to nothing, or to a folder, makes no file: the runtimes refuse such a layer. */
  #makeHardLink(link: string, entry: number): TreeNode | undefined {
    const record = link.startsWith(linkRecords) ? this.#records.get(baseName(link)) : undefined;
    const target = record === undefined ? this.#tree.find(link) : makeNode('file', this.#layer, record);
    if (!target || target.kind === 'dir') return undefined;
    const node = makeNode(target.kind, this.#layer, entry);
    node.link = target.link;
    node.bodyLayer = target.bodyLayer;
    node.bodyEntry = target.bodyEntry;
    return node;
  }
}

/** Whether nothing of the node is of this layer. Folders that no entry names are there for what they hold. */
function isLower(node: TreeNode, layer: number): boolean {
  return node.layer !== layer && (node.children?.size ?? 0) === 0;
}

/** Takes all out of a folder that lower layers put there. Once done in a layer it needs no second look in the same. */
function hideLower(top: TreeNode, layer: number): void {
  const folders = top.hidden === layer ? [] : [top];
  for (const folder of folders) {
    folder.hidden = layer;
    for (const child of folder.children?.values() ?? []) {
      if (child.kind !== 'dir') {
        if (child.layer !== layer) folder.children?.delete(child.name);
      } else if (child.hidden !== layer) folders.push(child);
      else if (isLower(child, layer)) folder.children?.delete(child.name);
    }
  }
  // Folders come before what is in them; so backwards each is looked at when it has lost what it had to lose.
  for (const folder of folders.reverse()) {
    if (folder !== top && isLower(folder, layer)) folder.parent?.children?.delete(folder.name);
  }
}
