/** Files outside of it that are to be read as if they stood at other paths: see `Surveyor.reread`. */
export type ReadAs = ReadonlyMap<string, readonly ReadAsPath[]>;

/** One path under which a body is read, and the number of the entry that stands there. */
export interface ReadAsPath {
  readonly path: string;
  readonly entry: number;
  /** Permission bits of the link itself, which count with the body's: only one of the two may say that it is a program. */
  readonly mode: number;
  /** The number of the body's own entry, where several entries of the layer have the body's path; else absent. */
  readonly body?: number;
}

/** Asks for the body at `source` to be read as if it stood at another path. */
export function addReadAs(readAs: Map<string, ReadAsPath[]>, source: string, place: ReadAsPath): void {
  const places = readAs.get(source);
  if (places) places.push(place);
  else readAs.set(source, [place]);
}
