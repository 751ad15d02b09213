import { type EntryKind, entryKinds, type LayerSurvey } from '../model/survey.ts';
import { baseName, dirName } from '../util/path.ts';
import { NameFilter } from './name-filter.ts';
import { FileTree, makeNode, type TreeNode } from './tree.ts';

const file = entryKinds.indexOf('file');
const whiteoutPrefix = '.wh.';
const opaqueName = '.wh..wh..opq';
/** At the root, other names that start so are aufs's own records and no files (so the runtimes have it). */
const recordPrefix = '.wh..wh.';
/** The folder of records that hard links may point to. */
const linkRecords = '.wh..wh.plnk/';

/**
 * Called for every file that an entry puts into the tree, and for folders that somebody read; a later layer may hide it again. `moved`: links led it to
 * another path than its entry names.
 */
export type OnFile = (node: TreeNode, moved: boolean) => void;

/** Called when a layer lies on those below it. */
export type OnLayer = (layer: number) => void;

/**
 * Puts the layers of an image on each other, bottom first, and returns the tree that a container would see. With
 * `kept`, files that nobody read and whose names are not among these get no node: see {@link keptNames}.
 * @throws OmittedFile when such a file would have mattered all the same
 */
export function squash(
  surveys: readonly LayerSurvey[],
  onFile: OnFile,
  kept?: NameFilter,
  onLayer?: OnLayer,
): FileTree {
  const tree = new FileTree(kept);
  const omission = kept && { kept, moved: new NameFilter() };
  surveys.forEach((survey, layer) => {
    new LayerOnTree(tree, survey, layer, onFile, omission).apply();
    onLayer?.(layer);
  });
  return tree;
}

/**
 * Names of all that may matter to where a file of interest is: folders, links and what they lead to, files that
 * somebody read, and the segments of `paths`. Most files of an image have none of these names, so that nothing is
 * replaced by them and no link leads to them.
 */
export function keptNames(surveys: readonly LayerSurvey[], paths: Iterable<string>): NameFilter {
  const kept = new NameFilter();
  for (const path of paths) kept.addPath(path);
  for (const { entries, files } of surveys) {
    const table = entries.paths;
    const add = (entry: number): void => kept.add(table.nameBytes, table.nameStart(entry), table.nameEnds[entry] ?? 0);
    for (let entry = 0; entry < table.length; entry++) if (entries.kinds[entry] !== file) add(entry);
    for (const { entry } of files) add(entry);
    for (const link of entries.links.values()) kept.addPath(link);
    kept.addFolders(table);
  }
  return kept;
}

/** Which files get no node. */
interface Omission {
  readonly kept: NameFilter;
  /** Names of other files that have a node, for links led them to another path: a later file may replace them. */
  readonly moved: NameFilter;
}

/** Puts one layer on the tree, entry by entry as runtimes do: a link that one entry replaces leads the next nowhere. */
class LayerOnTree {
  readonly #tree: FileTree;
  readonly #survey: LayerSurvey;
  readonly #layer: number;
  readonly #onFile: OnFile;
  readonly #omission: Omission | undefined;
  /** Entries that somebody read, by number. */
  readonly #read: Uint8Array;
  /** Bodies in aufs's folder of link records, by name. */
  readonly #records = new Map<string, number>();
  /** Folders by their number in the survey, valid while the tree's epoch is the one at the same place. */
  readonly #folders: TreeNode[] = [];
  readonly #epochs: Uint32Array;
  /** Whether links led to the folder found last. */
  #moved = false;

  constructor(tree: FileTree, survey: LayerSurvey, layer: number, onFile: OnFile, omission: Omission | undefined) {
    this.#tree = tree;
    this.#survey = survey;
    this.#layer = layer;
    this.#onFile = onFile;
    this.#omission = omission;
    this.#read = new Uint8Array(survey.entries.paths.length);
    for (const { entry } of survey.files) this.#read[entry] = 1;
    this.#epochs = new Uint32Array(survey.entries.paths.folderPaths.length);
  }

  apply(): void {
    const { paths, kinds } = this.#survey.entries;
    for (let entry = 0; entry < paths.length; entry++) {
      if (kinds[entry] === file && this.#omits(entry)) continue;
      const path = paths.at(entry) ?? '';
      const name = paths.nameOf(entry);
      const kind = entryKinds[kinds[entry] ?? 0] ?? 'file';
      if (path.startsWith(recordPrefix) && path !== opaqueName) this.#record(path, name, kind, entry);
      else if (name.startsWith(whiteoutPrefix)) this.#whiteout(path, name);
      else this.#put(name, kind, entry);
    }
  }

  /** Notes a file without making a node for it, if it can't matter: that is most of them, and takes no text of its path. */
  #omits(entry: number): boolean {
    if (!this.#omission || this.#read[entry] === 1) return false;
    const { paths } = this.#survey.entries;
    const start = paths.nameStart(entry);
    const end = paths.nameEnds[entry] ?? 0;
    const { kept, moved } = this.#omission;
    if (startsAsWhiteout(paths.nameBytes, start, end) || kept.mayHold(paths.nameBytes, start, end)) return false;
    if (moved.mayHold(paths.nameBytes, start, end)) return false;
    const number = paths.folders[entry] ?? 0;
    if (paths.folderPaths[number]?.startsWith(recordPrefix)) return false;
    const folder = this.#folder(number);
    if (this.#moved) moved.add(paths.nameBytes, start, end);
    else this.#tree.omit(folder, this.#layer);
    return !this.#moved;
  }

  /** The folder of a number, made where no entry named it. */
  #folder(number: number): TreeNode {
    const known = this.#epochs[number] === this.#tree.epoch ? this.#folders[number] : undefined;
    this.#moved = false;
    if (known) return known;
    const path = this.#survey.entries.paths.folderPaths[number] ?? '';
    const folder = this.#tree.folderAt(path, true) ?? this.#tree.forcedFolderAt(path);
    this.#moved = this.#tree.linked;
    if (!this.#moved) {
      this.#folders[number] = folder;
      this.#epochs[number] = this.#tree.epoch;
    }
    return folder;
  }

  #record(path: string, name: string, kind: EntryKind, entry: number): void {
    if (kind === 'file' && path.startsWith(linkRecords)) this.#records.set(name, entry);
  }

  /** A whiteout hides what lower layers brought, and nothing of its own layer (OCI image layer specification). */
  #whiteout(path: string, name: string): void {
    const folder = this.#tree.folderAt(dirName(path), false);
    this.#tree.forget();
    if (!folder?.children) return;
    if (name === opaqueName) hideLower(folder, this.#layer);
    const hidden = folder.children.get(name.slice(whiteoutPrefix.length));
    if (!hidden || name === opaqueName) return;
    if (hidden.kind === 'dir') hideLower(hidden, this.#layer);
    if (isLower(hidden, this.#layer)) folder.children.delete(hidden.name);
  }

  #put(name: string, kind: EntryKind, entry: number): void {
    const { links, paths } = this.#survey.entries;
    const node = this.#makeNode(kind, links.get(entry) ?? '', entry);
    if (!node) return;
    const folder = this.#folder(paths.folders[entry] ?? 0);
    if (node.kind === 'dir') this.#putFolder(folder, name, node);
    else this.#putFile(folder, name, node);
  }

  #putFile(folder: TreeNode, name: string, node: TreeNode): void {
    const moved = this.#moved;
    const old = folder.children?.get(name);
    if (old?.kind === 'file' && node.kind === 'file') node.before = old.layer === this.#layer ? old.before : old;
    this.#tree.put(folder, name, node);
    if (old?.kind === 'dir' || old?.kind === 'symlink') this.#tree.forget();
    if (node.kind === 'file') this.#onFile(node, moved);
  }

  /** A folder over a folder changes its attributes alone; over anything else it replaces it. */
  #putFolder(parent: TreeNode, name: string, node: TreeNode): void {
    const old = parent.children?.get(name);
    const folder = old?.kind === 'dir' ? old : node;
    if (folder === old) {
      old.layer = old.bodyLayer = node.layer;
      old.entry = old.bodyEntry = node.entry;
    } else {
      this.#tree.put(parent, name, node);
      if (old) this.#tree.forget();
    }
    // A folder whose name alone says something; it may have been made before, for what stands in it.
    if (this.#read[node.entry] === 1) this.#onFile(folder, false);
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

function startsAsWhiteout(bytes: Buffer, start: number, end: number): boolean {
  // Nearly all names end the comparison at its first byte.
  return bytes[start] === 0x2e && bytes.toString('latin1', start, Math.min(end, start + 4)) === whiteoutPrefix;
}

/** Whether nothing of the node is of this layer. Folders that no entry names are there for what they hold. */
function isLower(node: TreeNode, layer: number): boolean {
  return node.layer !== layer && node.omitted !== layer && (node.children?.size ?? 0) === 0;
}

/** Takes all out of a folder that lower layers put there. Once done in a layer it needs no second look in the same. */
function hideLower(top: TreeNode, layer: number): void {
  const folders = top.hidden === layer ? [] : [top];
  for (const folder of folders) {
    folder.hidden = layer;
    if (folder.omitted !== layer) folder.omitted = -1;
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
