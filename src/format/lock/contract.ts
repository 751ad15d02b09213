/** One package that is to stand in a file in another version. */
export interface VersionChange {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** What an editor knows beside the file's own text. */
export interface EditContext {
  /** Whether a version meets what a dependent asks for, in the words of the file's ecosystem. */
  admits(range: string, version: string): boolean;
  /** The text of another file of the same folder; undefined when there is none, or it can't be read. */
  sibling(name: string): string | undefined;
}

/**
 * What became of a file: new texts by path from its folder, with what to know of them; or why no text can be right without
 * asking a registry, with the commands that do it where they are not those of every such file.
 */
export type Edited =
  | { readonly kind: 'edited'; readonly texts: ReadonlyMap<string, string>; readonly note?: string }
  | { readonly kind: 'refused'; readonly because: string; readonly commands?: readonly string[] };

/** Edits one kind of lock file. Never throws on hostile text; time and memory are linear in it. */
export type LockEditor = (file: string, text: string, change: VersionChange, context: EditContext) => Edited;

/** A {@link Edited} of one file. */
export function edited(file: string, text: string, note?: string): Edited {
  return { kind: 'edited', texts: new Map([[file, text]]), ...(note === undefined ? {} : { note }) };
}

/** A {@link Edited} that says why there is none. */
export function refused(because: string, commands?: readonly string[]): Edited {
  return { kind: 'refused', because, ...(commands ? { commands } : {}) };
}
