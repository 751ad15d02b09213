import type { Setting } from '../../format/settings/contract.ts';

/** What is known of a document beside its text. */
export interface DocumentFacts {
  /** Absolute. */
  readonly path: string;
  readonly layer?: number;
  readonly from?: 'base' | 'own';
  readonly owner?: string;
}

/** A configuration file of a program, as rules read it. */
export class DocumentView {
  readonly path: string;
  readonly name: string;
  readonly format: string;
  readonly settings: ReadonlyMap<string, string>;
  /** The settings with their places, which rules do not read. */
  readonly effective: ReadonlyMap<string, Setting>;
  readonly all: readonly Setting[];
  readonly layer: number;
  readonly from: string;
  readonly owner: string;
  readonly owned: boolean;

  constructor(
    { path, layer = -1, from = 'own', owner = '' }: DocumentFacts,
    format: string,
    effective: ReadonlyMap<string, Setting>,
    all: readonly Setting[],
  ) {
    this.path = path;
    this.name = path.slice(path.lastIndexOf('/') + 1);
    this.format = format;
    this.effective = effective;
    this.settings = new Map([...effective].map(([name, { value }]) => [name, value]));
    this.all = all;
    this.layer = layer;
    this.from = from;
    this.owner = owner;
    this.owned = owner !== '';
  }
}
