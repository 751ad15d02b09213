import type { PlacedKind } from '../../model/placed-finding.ts';
import type { Severity } from '../../model/severity.ts';
import type { GroupBy } from '../contract.ts';
import type { Layout } from '../explain/layout.ts';
import type { Paint } from '../table/style.ts';

/** What a thing in a list is about. */
export type EntryKind = 'vulnerability' | PlacedKind | 'package' | 'layer' | 'reason';

/** One thing in a list: what its line says, what is told of it, and what can be taken from it. */
export interface Entry {
  readonly kind: EntryKind;
  /** How bad it is, or the worst in it; absent: there is nothing bad. */
  readonly severity?: Severity;
  /** Whether it counts for nothing: something speaks against it, or its package is not judged. */
  readonly answered: boolean;
  /** Its line in so many columns at most. */
  line(columns: number, paint: Paint): string;
  /** All that is told of it, in lines. */
  detail(layout: Layout): string[];
  /** What is searched, in lower case. */
  searched(): string;
  /** What it belongs to where things are put together. */
  group(by: GroupBy): string;
  /** What stands for it in commands: an id, a purl. */
  readonly id: string;
  /** What ends it, where something does. */
  readonly fix?: string;
  /** Where it can be read. */
  readonly url?: string;
  /** What it is sorted by beside how bad it is. */
  readonly name: string;
  readonly layer: number;
  /** Larger is more urgent: how likely it is to be exploited; of layers, larger. */
  readonly weight: number;
  /** What is found in it: the worse, the larger. */
  readonly badness: number;
}

/** A list of things of one sort. */
export interface Tab {
  readonly title: string;
  readonly entries: readonly Entry[];
  /** What the entries can be sorted by; the first is how they come. */
  readonly sorts: readonly Sort[];
  readonly grouped: boolean;
}

/** An order of a list. */
export interface Sort {
  readonly name: string;
  /** Absent: the list is in this order already. */
  readonly compare?: (a: Entry, b: Entry) => number;
}
