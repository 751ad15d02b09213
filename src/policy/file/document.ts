import type { Blame, Grace, Rule } from '../rule.ts';
import type { Place } from './fault.ts';

/** One policy file or pack, read and checked by itself: plain JSON, so that what was read once need not be read again. */
export interface PolicyDocument {
  /** As it says itself; empty when it does not. */
  readonly name: string;
  readonly layer: Layer;
  /** Named policies, on top of the layer of the file. */
  readonly policies: readonly NamedLayer[];
  /** The first that fits chooses. */
  readonly mappings: readonly Mapping[];
  /** Waiver files, as written; absent: the file does not say. */
  readonly waivers?: readonly { readonly file: string; readonly place: Place }[];
  readonly soonDays?: number;
  /** What only the policy file itself may have, where it has it. */
  readonly ownOnly: readonly { readonly key: string; readonly place: Place }[];
  /** Where the document begins. */
  readonly place: Place;
}

/** What a policy is made of. */
export interface Layer {
  readonly use: readonly Use[];
  readonly failOn?: string;
  /** Source, or `default`, and its ages as written: `48h:120h`. */
  readonly dataAges: readonly (readonly [source: string, ages: string])[];
  readonly lists: readonly NamedList[];
  readonly rules: readonly Rule[];
  readonly override: readonly Override[];
  readonly blame?: Partial<Blame>;
  /** The rules that the section `licences` stands for; they take the place of those of a rule set that is used. */
  readonly licences?: readonly Rule[];
}

/** A policy that mappings choose. */
export interface NamedLayer {
  readonly name: string;
  readonly layer: Layer;
  readonly place: Place;
}

/** A rule set that is used: a pack that ships with sluice, or a file. */
export type Use =
  | { readonly pack: string; readonly place: Place }
  | { readonly file: string; readonly digest?: string; readonly place: Place };

/** A list of texts: written out, or in a file with one a line. */
export interface NamedList {
  readonly name: string;
  readonly texts?: readonly string[];
  readonly file?: string;
  readonly digest?: string;
  readonly place: Place;
}

/** What is changed of a rule from elsewhere. */
export interface Override {
  readonly id: string;
  readonly place: Place;
  readonly outcome?: Rule['outcome'];
  readonly from?: string;
  readonly until?: string;
  readonly grace?: Grace;
  readonly fix?: string;
}

/** For which images a named policy is. All that is given must fit; of several patterns any. */
export interface Mapping {
  readonly name: string;
  readonly policy: string;
  readonly registry?: readonly string[];
  readonly repository?: readonly string[];
  readonly tag?: readonly string[];
  readonly labels?: readonly (readonly [name: string, patterns: readonly string[]])[];
  readonly environment?: readonly string[];
  readonly place: Place;
}

/** A pack that ships with sluice. */
export interface Pack {
  readonly name: string;
  /** `sha256:` of its file. */
  readonly digest: string;
  readonly document: PolicyDocument;
}

/** The packs that there are; each is loaded only when it is used. */
export type Packs = Readonly<Record<string, () => Promise<Pack>>>;
