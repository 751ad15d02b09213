/** What one entry of another tool's file comes to. */
export interface ForeignWaiver {
  /** File and line, as in `.trivyignore:4`. */
  readonly place: string;
  readonly ids: readonly string[];
  /** Patterns over package URLs. */
  readonly packages: readonly string[];
  /** Globs over absolute paths. */
  readonly paths: readonly string[];
  /** Absent: the entry gives none. */
  readonly reason?: string;
  /** The last day on which the entry surely holds: `YYYY-MM-DD`; absent: it has no end. */
  readonly expires?: string;
}

/** What of an entry is carried over; lists that are left out are empty. */
export type Carried = Partial<Omit<ForeignWaiver, 'place'>>;

/** Something that is said of an entry: mostly that it can't be carried over, and why. */
export interface ForeignRemark {
  readonly place: string;
  readonly message: string;
}

/** What a file of another tool comes to. A waiver never answers more than its entry did. */
export interface Foreign {
  readonly waivers: readonly ForeignWaiver[];
  readonly remarks: readonly ForeignRemark[];
  /** Whether the other tool goes by the file only for what is in its own folder. */
  readonly ofFolder?: true;
}

/** Collects what a file comes to, entry by entry. */
export class ForeignEntries {
  readonly waivers: ForeignWaiver[] = [];
  readonly remarks: ForeignRemark[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** The place of a line of the file. */
  at(line: number): string {
    return `${this.#file}:${line}`;
  }

  /** An entry that is carried over, or why it is not. */
  put(line: number, entry: Carried | string): void {
    if (typeof entry === 'string') this.leave(line, entry);
    else this.waivers.push({ ids: [], packages: [], paths: [], ...entry, place: this.at(line) });
  }

  /** An entry that is not carried over, and why. */
  leave(line: number, message: string): void {
    this.remarks.push({ place: this.at(line), message });
  }
}
