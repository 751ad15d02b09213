import type { PackageRecord } from '../model/package.ts';
import type { LayerSurvey, SurveyedFile } from '../model/survey.ts';
import type { TreeNode } from './tree.ts';

/** Finds what was read of the file at a node: by the layer and entry that put it there. */
export class SurveyedFiles {
  readonly #byLayer: Map<number, SurveyedFile[]>[];
  readonly #keys = new Map<SurveyedFile, ReadonlySet<string>>();

  constructor(surveys: readonly LayerSurvey[]) {
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
