/** One setting of a configuration file. */
export interface Setting {
  /** In lower case where the program does not care. */
  readonly name: string;
  /** All of it as one text, without quotes. */
  readonly value: string;
  /** The words of the value. */
  readonly args: readonly string[];
  /** Of an XML element. */
  readonly attributes: ReadonlyMap<string, string>;
  /** The blocks around it: `http > server`; empty at the top. */
  readonly block: string;
  /** From 1; 0 when not known. */
  readonly line: number;
  /** The file that it stands in. */
  readonly path: string;
}

/** What a configuration file says. */
export interface Settings {
  /** The setting that the program goes by, by name. */
  readonly effective: ReadonlyMap<string, Setting>;
  /** In the order in which the program reads them. */
  readonly all: readonly Setting[];
  /** Why not all of it was read, in words that follow the file's name; absent: it was. */
  readonly lack?: string;
}

/** A configuration file by its absolute path. */
export interface ConfigurationText {
  readonly path: string;
  readonly text: string;
}

/** Finds the files that a line of another one brings in, sorted by path: an absolute path, or a glob. */
export type Include = (pattern: string) => readonly ConfigurationText[];

/** Most settings of one document, with what it includes. */
export const mostSettings = 20_000;
/** Most characters of the names, values and blocks of one document. */
export const mostCharacters = 16 * 1024 * 1024;
/** Longest line that is read (UTF-16 units). */
export const longestLine = 64 * 1024;
/** How deep blocks may be nested. */
export const deepestBlock = 32;
/** How deep files may include each other, and how many in all. */
export const deepestInclude = 8;
export const mostIncludes = 200;

/** What has no attributes. */
export const noAttributes: ReadonlyMap<string, string> = new Map();
