import type { PackageRecord } from '../model/package.ts';
import type { LayerSurvey, SurveyedFile } from '../model/survey.ts';
import type { TreeNode } from './tree.ts';

/** Finds what was read of the file at a node: by the layer and entry that put it there. */
export class SurveyedFiles {
  readonly #surveys: readonly LayerSurvey[];
  readonly #byLayer: Map<number, SurveyedFile[]>[];
  readonly #keys = new Map<SurveyedFile, ReadonlySet<string>>();

  constructor(surveys: readonly LayerSurvey[]) {
    this.#surveys = surveys;
    this.#byLayer = surveys.map((survey) => {
      const byEntry = new Map<number, SurveyedFile[]>();
      for (const file of survey.files) insert(byEntry, file);
      return byEntry;
    });
  }

  /** Adds what a later look found. */
  add(layer: number, file: SurveyedFile): void {
    const byEntry = this.#byLayer[layer];
    if (byEntry) insert(byEntry, file);
  }

  /** Forgets what was read for the node's entry: it was another file's body. */
  drop(node: TreeNode): void {
    this.#byLayer[node.layer]?.delete(node.entry);
  }

  /** What was read of the file that the node's own entry names. */
  of(node: TreeNode): readonly SurveyedFile[] {
    return this.#byLayer[node.layer]?.get(node.entry) ?? [];
  }

  /**
   * The layer that brought a package: the lowest one from which on every version of the file named it. A package
   * database is written anew by each layer that installs something, but only one of them brought the package.
   */
  layerOf(node: TreeNode, record: PackageRecord): number {
    let layer = node.layer;
    const key = keyOf(record);
    for (let at = node.before; at; at = at.before) {
      if (!this.of(at).some((file) => this.#keysOf(file).has(key))) break;
      layer = at.layer;
    }
    return layer;
  }

  /**
   * Whether a later layer than this one put the file there, or replaced it. A file of the same size that names the same
   * packages was only given other permissions, for which a layer holds it anew.
   */
  changedSince(node: TreeNode, layer: number): boolean {
    let before: TreeNode | undefined = node;
    while (before && before.layer > layer) before = before.before;
    if (before === node) return false;
    if (!before || this.#sizeOf(before) !== this.#sizeOf(node)) return true;
    const [old, now] = [this.#namedIn(before), this.#namedIn(node)];
    return old.length !== now.length || old.some((key, i) => key !== now[i]);
  }

  #sizeOf({ bodyLayer, bodyEntry }: TreeNode): number | undefined {
    return this.#surveys[bodyLayer]?.entries.sizes[bodyEntry];
  }

  #namedIn(node: TreeNode): string[] {
    return this.of(node).flatMap((file) => [...this.#keysOf(file)]);
  }

  #keysOf(file: SurveyedFile): ReadonlySet<string> {
    let keys = this.#keys.get(file);
    if (!keys) {
      keys = new Set(file.packages.map(keyOf));
      this.#keys.set(file, keys);
    }
    return keys;
  }
}

function insert(byEntry: Map<number, SurveyedFile[]>, file: SurveyedFile): void {
  const files = byEntry.get(file.entry);
  if (files) files.push(file);
  else byEntry.set(file.entry, [file]);
}

function keyOf(record: PackageRecord): string {
  return `${record.name}\0${record.version}\0${record.arch ?? ''}\0${record.inside ?? ''}`;
}
