import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of a zip that {@link buildZip} writes. Fields beyond name and body make it unusual or wrong. */
export interface ZipInput {
  readonly name: string | Buffer;
  readonly body?: Buffer | string;
  /** Stored instead of deflated. */
  readonly stored?: boolean;
  /** The local header holds no sizes; a data descriptor behind the body does. */
  readonly descriptor?: boolean;
  /** Sizes and offset are written in zip64 extra fields. */
  readonly zip64?: boolean;
  /** Declared size, when it is to differ from the true one. */
  readonly size?: number;
  readonly crc32?: number;
  readonly method?: number;
  readonly flags?: number;
}

/** How the whole archive is written. */
export interface ZipOptions {
  readonly comment?: Buffer;
  /** Bytes before the archive, which its offsets don't count. */
  readonly prefix?: Buffer;
  /** Bytes behind the end record, which its comment doesn't count. */
  readonly suffix?: Buffer;
  /** End record with zip64 locator. */
  readonly zip64?: boolean;
  /** Count of entries that the end record claims. */
  readonly count?: number;
}

/** Builds a zip archive by PKWARE APPNOTE 6.3, independent of sluice's reader. */
export function buildZip(inputs: readonly ZipInput[], options: ZipOptions = {}): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const input of inputs) {
    const { local, central } = buildEntry(input, offset);
    locals.push(local);
    centrals.push(central);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = buildEnd(options, options.count ?? inputs.length, directory.length, offset);
  const { prefix = Buffer.alloc(0), suffix = Buffer.alloc(0) } = options;
  return Buffer.concat([prefix, ...locals, directory, end, suffix]);
}

function buildEntry(input: ZipInput, offset: number): { local: Buffer; central: Buffer } {
  const name = Buffer.from(input.name as string);
  const body = Buffer.from((input.body ?? '') as string);
  const packed = input.stored ? body : deflateRawSync(body);
  const size = input.size ?? body.length;
  const crc = input.crc32 ?? crc32(body);
  const method = input.method ?? (input.stored ? 0 : 8);
  const flags = (input.flags ?? 0) | (input.descriptor ? 8 : 0);
  const known = input.descriptor ? [0, 0, 0] : [crc, packed.length, size];
  const common = (sizes: readonly number[], extra: number): Buffer =>
    Buffer.concat([u16(20, flags, method, 0, 0x21), u32(...sizes), u16(name.length, extra)]);
  const local = [u32(0x04034b50), common(known, 0), name, packed];
  if (input.descriptor) local.push(u32(0x08074b50, crc, packed.length, size));
  const extra = input.zip64
    ? Buffer.concat([u16(0x5455, 1), Buffer.from([0]), u16(1, 24), u64(size, packed.length, offset)])
    : Buffer.alloc(0);
  const sizes = input.zip64 ? [crc, 0xffffffff, 0xffffffff] : [crc, packed.length, size];
  const central = [
    u32(0x02014b50),
    u16(20),
    common(sizes, extra.length),
    u16(0, 0, 0),
    u32(0, input.zip64 ? 0xffffffff : offset),
    name,
    extra,
  ];
  return { local: Buffer.concat(local), central: Buffer.concat(central) };
}

function buildEnd(options: ZipOptions, count: number, size: number, offset: number): Buffer {
  const comment = options.comment ?? Buffer.alloc(0);
  const end = (parts: Buffer[]): Buffer => Buffer.concat([...parts, u16(comment.length), comment]);
  const short = u32(0x06054b50);
  if (!options.zip64) return end([short, u16(0, 0, count & 0xffff, count & 0xffff), u32(size, offset)]);
  return end([
    u32(0x06064b50),
    u64(44),
    u16(45, 45),
    u32(0, 0),
    u64(count, count, size, offset),
    u32(0x07064b50, 0),
    u64(offset + size),
    u32(1),
    short,
    u16(0, 0, 0xffff, 0xffff),
    u32(0xffffffff, 0xffffffff),
  ]);
}

function u16(...values: number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.from([value & 0xff, value >>> 8])));
}

function u32(...values: number[]): Buffer {
  return Buffer.from(Uint32Array.from(values).buffer);
}

function u64(...values: number[]): Buffer {
  return Buffer.from(BigUint64Array.from(values.map(BigInt)).buffer);
}
