import { SluiceError } from '../util/error.ts';
import { baseName, dirName } from '../util/path.ts';
import type { NameFilter } from './name-filter.ts';

/** Symbolic links that are followed in one path; Linux gives up at the same number. */
const maxLinks = 40;

/** Symbolic links that the runtimes follow on the way to where an entry is put (containerd's `fs.RootPath`). */
const maxUnpackLinks = 255;

/** Most files and folders of an image: several times what the largest images hold. */
const maxNodes = 1_500_000;

/** Most segments of a path while links are put in. */
const maxWaiting = 10_000;

const slashCode = 0x2f;

/**
 * What a path is followed for: to unpack an entry, with folders `make`d that are missing, or with all of them there; or
 * to `look` what a program in a container finds, as the kernel does.
 */
type Walk = 'make' | 'unpack' | 'look';

/** What stands at one path of the final image. */
export interface TreeNode {
  kind: 'dir' | 'file' | 'symlink';
  /** Number of the layer, and of the entry in it, that brought it. Folders that no entry names have none. */
  layer: number;
  entry: number;
  /** Where a file's body is: another layer or entry for a hard link. */
  bodyLayer: number;
  bodyEntry: number;
  children: Map<string, TreeNode> | undefined;
  /** The folder it stands in, and its name there: whether the tree still holds the node shows whether it is visible. */
  parent: TreeNode | undefined;
  name: string;
  /** Target of a symbolic link, as written. */
  link: string;
  /** What stood at the same path in the layers below until this one replaced it. */
  before: TreeNode | undefined;
  /** Of a folder: the last layer that hid all that lower layers had put in it. */
  hidden: number;
  /** Of a folder: the last layer that put a file into it for which no node was made; -1 when there is none. */
  omitted: number;
}

/** Thrown where the answer depends on a file for which no node was made. */
export class OmittedFile extends Error {}

/** Makes a node; a folder when `kind` says so. */
export function makeNode(kind: TreeNode['kind'], layer: number, entry: number): TreeNode {
  return {
    kind,
    layer,
    entry,
    bodyLayer: layer,
    bodyEntry: entry,
    children: kind === 'dir' ? new Map() : undefined,
    parent: undefined,
    name: '',
    link: '',
    before: undefined,
    hidden: -1,
    omitted: -1,
  };
}

/** The path of a node from the root without leading slash; undefined when the tree does not hold it any more. */
export function visiblePath(node: TreeNode): string | undefined {
  const segments: string[] = [];
  let at = node;
  while (at.parent) {
    if (at.parent.children?.get(at.name) !== at) return undefined;
    segments.push(at.name);
    at = at.parent;
  }
  return segments.reverse().join('/');
}

/** The file tree of an image while layers are put on each other. No path ever reaches a file system. */
export class FileTree {
  readonly root = makeNode('dir', -1, -1);
  /** The folder looked up last: entries come folder by folder. Any change to links or folders forgets it. */
  #lastPath = '';
  #lastFolder: TreeNode | undefined = this.root;
  #lastLinked = false;
  #nodes = 0;
  #epoch = 1;
  /** Names of which every file has a node; absent: all files have one. */
  readonly #kept: NameFilter | undefined;

  constructor(kept?: NameFilter) {
    this.#kept = kept;
  }

  /** Changes whenever a folder that was looked up before may be another one now. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Whether links stood in the path of the folder looked up last: what is in it has another path than its entry. */
  get linked(): boolean {
    return this.#lastLinked;
  }

  /** Puts a node into a folder, in place of whatever had its name. @throws SluiceError `image/too-many-files` */
  put(folder: TreeNode, name: string, node: TreeNode): void {
    this.#count();
    node.parent = folder;
    node.name = name;
    folder.children?.set(name, node);
  }

  /** Notes a file of a layer for which no node is made. @throws SluiceError `image/too-many-files` */
  omit(folder: TreeNode, layer: number): void {
    this.#count();
    folder.omitted = layer;
  }

  #count(): void {
    if (++this.#nodes > maxNodes) {
      throw new SluiceError('image/too-many-files', `the image holds more than ${maxNodes} files and folders`);
    }
  }

  /** Forgets the folder looked up last: to be called when a link or folder was replaced or removed. */
  forget(): void {
    this.#lastPath = '';
    this.#lastFolder = this.root;
    this.#lastLinked = false;
    this.#epoch++;
  }

  /**
   * The folder at a path, links followed as the runtimes do below the root when they unpack. With `make`, folders that
   * no entry named are made. Undefined when there is none, or links lead in a circle.
   */
  folderAt(path: string, make: boolean): TreeNode | undefined {
    if (path === this.#lastPath && this.#lastFolder) return this.#lastFolder;
    const near = this.#near(path);
    this.#lastLinked = false;
    const found = near ?? this.#walk(path, make ? 'make' : 'unpack');
    this.#lastPath = path;
    this.#lastFolder = found?.kind === 'dir' ? found : undefined;
    return this.#lastFolder;
  }

  /** By way of the folder looked up last and its parents, where no link stands: entries come folder by folder. */
  #near(folder: string): TreeNode | undefined {
    let path = this.#lastPath;
    let node = this.#lastLinked ? undefined : this.#lastFolder;
    while (node && path !== '' && !isWithin(folder, path)) {
      path = dirName(path);
      node = node.parent;
    }
    for (let at = path === '' ? 0 : path.length + 1; node && at < folder.length; ) {
      const slash = folder.indexOf('/', at);
      const end = slash < 0 ? folder.length : slash;
      node = node.children?.get(folder.slice(at, end));
      at = end + 1;
    }
    return node?.kind === 'dir' ? node : undefined;
  }

  /**
   * The folder at a path, made in place of any file or link on the way: so an overlay file system shows it, where other
   * runtimes refuse the layer.
   */
  forcedFolderAt(path: string): TreeNode {
    this.forget();
    let folder = this.root;
    for (const segment of path.split('/')) {
      const child = folder.children?.get(segment);
      folder = child?.kind === 'dir' ? child : this.#made(folder, segment);
    }
    return folder;
  }

  /** The node at a path whose last segment is not followed. */
  find(path: string): TreeNode | undefined {
    return this.folderAt(dirName(path), false)?.children?.get(baseName(path));
  }

  /** The node that a path leads to in a container, all links followed. */
  resolve(path: string): TreeNode | undefined {
    return this.#walk(path, 'look');
  }

  /** Follows a path from the root: a stack of folders, for `..` in a link's target leads back up. */
  #walk(path: string, why: Walk): TreeNode | undefined {
    const stack: TreeNode[] = [this.root];
    const waiting = path.split('/').reverse();
    const most = why === 'look' ? maxLinks : maxUnpackLinks;
    let links = 0;
    for (let segment = waiting.pop(); segment !== undefined; segment = waiting.pop()) {
      if (segment === '' || segment === '.') continue;
      if (segment === '..') {
        if (stack.length > 1) stack.pop();
        continue;
      }
      const folder = stack[stack.length - 1];
      let node = folder?.children?.get(segment);
      if (!node && folder && why === 'make') node = this.#missing(folder, segment, links);
      if (!node) return undefined;
      if (node.kind === 'dir') stack.push(node);
      else if (node.kind === 'file') return waiting.every((rest) => rest === '' || rest === '.') ? node : undefined;
      else if (++links > most || !follow(node.link, stack, waiting, why)) return undefined;
    }
    this.#lastLinked = links > 0;
    return stack[stack.length - 1];
  }

  /**
   * Makes a folder that no entry named. Behind a link it would matter whether a file stands there: the link and not
   * the file gives way to the folder then.
   */
  #missing(folder: TreeNode, name: string, links: number): TreeNode {
    if (links > 0 && folder.omitted >= 0 && this.#kept?.mayHoldName(name) === false) throw new OmittedFile();
    return this.#made(folder, name);
  }

  #made(folder: TreeNode, name: string): TreeNode {
    const made = makeNode('dir', -1, -1);
    this.put(folder, name, made);
    return made;
  }
}

/** Puts a link's target before what is still waiting; false when a chain of long targets would grow without end. */
function follow(link: string, stack: TreeNode[], waiting: string[], why: Walk): boolean {
  const segments = why === 'look' ? link.split('/') : shortened(link);
  if (waiting.length + segments.length > maxWaiting) return false;
  if (link.startsWith('/')) stack.length = 1;
  for (let i = segments.length - 1; i >= 0; i--) waiting.push(segments[i] ?? '');
  return true;
}

/**
 * A link's target without the `..` that follow a name, and without that name: containerd joins a target with the
 * link's folder as text when it unpacks (`fs.RootPath`), whatever stands at the name.
 */
function shortened(link: string): string[] {
  const segments: string[] = [];
  for (const segment of link.split('/')) {
    if (segment === '' || segment === '.') continue;
    const last = segments[segments.length - 1];
    if (segment === '..' && last !== undefined && last !== '..') segments.pop();
    else segments.push(segment);
  }
  return segments;
}

/** Whether a clean path is another one, or stands below it. */
function isWithin(path: string, folder: string): boolean {
  return path.startsWith(folder) && (path.length === folder.length || path.charCodeAt(folder.length) === slashCode);
}
