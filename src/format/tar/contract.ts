/** What a tar entry is. `other` is a type that no runtime unpacks (tar(5)). */
export type EntryType = 'file' | 'dir' | 'symlink' | 'hardlink' | 'char' | 'block' | 'fifo' | 'other';

/** One entry of a tar archive, with pax and GNU extensions applied. */
export interface TarEntry {
  /** As the archive writes it: it may be absolute, hold `..`, or end in a slash. Bytes that are not UTF-8 are escaped. */
  readonly path: string;
  readonly type: EntryType;
  /** Size in bytes of the file as it is unpacked (a sparse file's holes count). */
  readonly size: number;
  /** Permission bits, with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Target of a symbolic or hard link, as written. */
  readonly link: string;
  /** Capabilities that a program gets by its extended attribute: `cap_net_admin cap_net_raw`; absent where it has none. */
  readonly capabilities?: string;
}

/** Takes the body of one entry, in pieces that are only valid during the call. */
export interface BodySink {
  /** Returns false when it wants no more: the rest is skipped, and `end` is not called. */
  write(bytes: Buffer): boolean | undefined;
  /** All of the body has come. */
  end(): void;
  /** Where the next bytes, at most `length`, are best put before they are written: what stands there need not be copied. */
  room?(length: number): Buffer | undefined;
}

/** What the walker tells of an archive. */
export interface TarHandler {
  /** Called at each header. The body goes to the sink that is returned; without one it is skipped. */
  entry(entry: TarEntry): BodySink | undefined;
}

/** A stretch of a sparse file that is stored; the rest are zeros. */
export interface SparsePart {
  readonly offset: number;
  readonly length: number;
}
