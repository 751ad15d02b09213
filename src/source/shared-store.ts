/**
 * A place that several machines read and write: small things under names. Whoever may write to it may have written
 * anything, so that what is found is the caller's to check.
 */
export interface SharedStore {
  /** What the user calls it. */
  readonly name: string;
  /** What stands under the name, of at most `limit` bytes; undefined where nothing that could be meant does. @throws SluiceError */
  find(name: string, limit: number): Promise<Buffer | undefined>;
  /** Puts something under the name, whole or not at all, in place of what is there. @throws SluiceError */
  put(name: string, bytes: Buffer): Promise<void>;
  /** Gives up what is under way. */
  close(): void;
}

/** Whether a text is a name for a {@link SharedStore}: a file's, and an image's tag. */
export function isStoreName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,127}$/.test(name);
}
