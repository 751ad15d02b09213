/** An entry as the model takes it: a clean path, what it is, and where its link leads. */
export interface ModelEntry {
  readonly path: string;
  readonly kind: 'file' | 'dir' | 'symlink' | 'hardlink';
  readonly link: string;
}

/** What stands in the model's file system. */
export type ModelNode =
  | { readonly kind: 'dir'; layer: number; readonly children: Map<string, ModelNode> }
  | { readonly kind: 'file'; readonly layer: number; readonly entry: number; readonly body: string }
  | { readonly kind: 'symlink'; readonly layer: number; readonly entry: number; readonly link: string };

type Folder = Extract<ModelNode, { kind: 'dir' }>;

/**
 * A plain file system of nested dictionaries on which layers are unpacked entry by entry, as the OCI image layer
 * specification says and containerd does. Slow and simple: it is what the squash is measured by.
 */
export class ModelFileSystem {
  readonly root: Folder = { kind: 'dir', layer: -1, children: new Map() };

  apply(layer: number, entries: readonly ModelEntry[]): void {
    entries.forEach((entry, number) => {
      const segments = entry.path.split('/');
      const name = segments.pop() ?? '';
      if (name.startsWith('.wh.')) this.#whiteout(segments, name, layer);
      else this.#put(segments, name, entry, layer, number);
    });
  }

  /** `path kind detail` of all but folders, sorted. */
  listing(): string[] {
    const out: string[] = [];
    const visit = (node: ModelNode, path: string): void => {
      if (node.kind === 'file') out.push(`${path} file ${node.layer}:${node.entry} body ${node.body}`);
      else if (node.kind === 'symlink') out.push(`${path} symlink ${node.layer}:${node.entry} to ${node.link}`);
      else for (const [name, child] of node.children) visit(child, path === '' ? name : `${path}/${name}`);
    };
    visit(this.root, '');
    return out.sort();
  }

  #whiteout(segments: readonly string[], name: string, layer: number): void {
    const real = this.#real(segments, true);
    const folder = real && this.#at(real);
    if (folder?.kind !== 'dir') return;
    if (name === '.wh..wh..opq') {
      for (const child of [...folder.children.keys()]) this.#hide(folder, child, layer);
    } else this.#hide(folder, name.slice(4), layer);
  }

  /** Takes away what is of lower layers: all of it, or all that is in a folder of which something is this layer's. */
  #hide(folder: Folder, name: string, layer: number): void {
    const node = folder.children.get(name);
    if (!node) return;
    if (node.kind === 'dir') for (const child of [...node.children.keys()]) this.#hide(node, child, layer);
    if (node.layer !== layer && !(node.kind === 'dir' && node.children.size > 0)) folder.children.delete(name);
  }

  #put(segments: readonly string[], name: string, entry: ModelEntry, layer: number, number: number): void {
    const target = entry.kind === 'hardlink' ? this.#linkTarget(entry.link) : undefined;
    if (entry.kind === 'hardlink' && (!target || target.kind === 'dir')) return;
    const real = this.#real(segments, false);
    const folder = (real && this.#makeFolder(real, false)) ?? this.#makeFolder(segments, true);
    if (!folder) return;
    const old = folder.children.get(name);
    if (entry.kind === 'dir') {
      if (old?.kind === 'dir') old.layer = layer;
      else folder.children.set(name, { kind: 'dir', layer, children: new Map() });
    } else if (entry.kind === 'symlink') {
      folder.children.set(name, { kind: 'symlink', layer, entry: number, link: entry.link });
    } else if (entry.kind === 'file') {
      folder.children.set(name, { kind: 'file', layer, entry: number, body: `${layer}:${number}` });
    } else if (target && target.kind !== 'dir') folder.children.set(name, { ...target, layer, entry: number });
  }

  #linkTarget(link: string): ModelNode | undefined {
    const segments = link.split('/');
    const name = segments.pop() ?? '';
    const real = this.#real(segments, true);
    const folder = real && this.#at(real);
    return folder?.kind === 'dir' ? folder.children.get(name) : undefined;
  }

  #at(real: readonly string[]): ModelNode | undefined {
    let node: ModelNode | undefined = this.root;
    for (const segment of real) node = node?.kind === 'dir' ? node.children.get(segment) : undefined;
    return node;
  }

  #makeFolder(real: readonly string[], force: boolean): Folder | undefined {
    let folder = this.root;
    for (const segment of real) {
      let next = folder.children.get(segment);
      if (next && next.kind !== 'dir' && !force) return undefined;
      if (next?.kind !== 'dir') {
        next = { kind: 'dir', layer: -1, children: new Map() };
        folder.children.set(segment, next);
      }
      folder = next;
    }
    return folder;
  }

  /** The path without links, as containerd's `fs.RootPath` finds it: the way down from the root is taken anew whenever a link is met. `all`: none of it may be missing. */
  #real(segments: readonly string[], all: boolean): string[] | undefined {
    let rest = [...segments];
    let real: string[] = [];
    for (let links = 0; rest.length > 0; ) {
      const segment = rest.shift() ?? '';
      if (segment === '' || segment === '.') continue;
      if (segment === '..') {
        real.pop();
        continue;
      }
      const node = this.#at([...real, segment]);
      if (node?.kind !== 'symlink') {
        real.push(segment);
        // What is below a file is nowhere.
        if (node?.kind === 'file' || (all && !node)) return undefined;
        continue;
      }
      if (++links > 255) return undefined;
      if (node.link.startsWith('/')) real = [];
      rest = [...joined(node.link), ...rest];
    }
    return real;
  }
}

/** A link's target as Go's `filepath.Join` makes it shorter, which does not look at what stands there: `a/../b` is `b`. */
function joined(link: string): string[] {
  let text = `./${link}/`.replace(/\/(\.?\/)+/g, '/');
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/\/(?!\.\.\/)[^/]+\/\.\.\//, '/');
  }
  return text.split('/');
}
