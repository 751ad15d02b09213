/** A JSON Schema (draft 2020-12) of a file that sluice reads or writes. */
export interface ListedSchema {
  readonly name: string;
  /** Its file's name. */
  readonly file: string;
  /** What it is of, in a few words. */
  readonly doc: string;
  /** Whether it is of a file that people write. */
  readonly edited: boolean;
  readonly schema: object;
}
