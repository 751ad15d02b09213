/** Size of a tar header and the unit of padding, in bytes. */
const block = 512;

/** What a tar entry says of itself. Names may be bytes that are no text. */
export interface EntryFields {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly link?: string | Buffer;
  /** In place of the body's length. */
  readonly size?: number | Buffer;
  /** Front of the name, put into ustar's prefix field. */
  readonly prefix?: string | Buffer;
  /** `ustar` by default. */
  readonly format?: 'ustar' | 'gnu' | 'v7' | 'star';
  /** In place of the right one. */
  readonly checksum?: Buffer | 'signed';
  /** Bytes put over the header at an offset before its checksum is taken. */
  readonly patch?: readonly { readonly at: number; readonly bytes: Buffer }[];
}

/** One header block with its checksum. */
export function header(type: string, name: string | Buffer, size: number, fields: EntryFields = {}): Buffer {
  const bytes = Buffer.alloc(block);
  put(bytes, 0, 100, name);
  put(bytes, 100, 8, octal(fields.mode ?? 0o644, 7));
  put(bytes, 108, 8, octal(fields.uid ?? 0, 7));
  put(bytes, 116, 8, octal(fields.gid ?? 0, 7));
  put(bytes, 124, 12, typeof fields.size === 'object' ? fields.size : octal(fields.size ?? size, 11));
  put(bytes, 136, 12, octal(0, 11));
  bytes.write(type, 156, 1, 'latin1');
  put(bytes, 157, 100, fields.link ?? '');
  const magic = { ustar: 'ustar\x0000', gnu: 'ustar  \0', v7: '', star: 'ustar\x0000' }[fields.format ?? 'ustar'];
  bytes.write(magic, 257, 8, 'latin1');
  put(bytes, 345, fields.format === 'star' ? 131 : 155, fields.prefix ?? '');
  if (fields.format === 'star') bytes.write('tar\0', 508, 4, 'latin1');
  for (const { at, bytes: over } of fields.patch ?? []) over.copy(bytes, at);
  return withChecksum(bytes, fields.checksum);
}

function withChecksum(bytes: Buffer, given: EntryFields['checksum']): Buffer {
  bytes.fill(0x20, 148, 156);
  let sum = 0;
  for (const byte of bytes) sum += given === 'signed' && byte > 127 ? byte - 256 : byte;
  if (given instanceof Buffer) given.copy(bytes, 148);
  else bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8, 'latin1');
  return bytes;
}

function put(bytes: Buffer, at: number, length: number, value: string | Buffer): void {
  const source = typeof value === 'string' ? Buffer.from(value) : value;
  if (source.length > length) throw new Error(`${source.length} bytes do not fit into ${length}`);
  source.copy(bytes, at);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

/** A number in base 256 with the top bit set, as GNU tar writes what octal digits can't hold; negative as two's complement. */
export function base256(value: bigint, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let rest = BigInt.asUintN(length * 8, value);
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  bytes[0] = (bytes[0] ?? 0) | 0x80;
  return bytes;
}

/** A body filled up to whole blocks. */
function padded(body: Buffer): Buffer {
  return Buffer.concat([body, Buffer.alloc((block - (body.length % block)) % block)]);
}

/** An entry of any type with its body. */
export function entry(
  type: string,
  name: string | Buffer,
  body: Buffer | string = '',
  fields: EntryFields = {},
): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return Buffer.concat([header(type, name, bytes.length, fields), padded(bytes)]);
}

/** A regular file. */
export function file(name: string | Buffer, body: Buffer | string = '', fields: EntryFields = {}): Buffer {
  return entry('0', name, body, fields);
}

/** A folder. */
export function dir(name: string, fields: EntryFields = {}): Buffer {
  return entry('5', `${name}/`, '', { mode: 0o755, ...fields });
}

/** A symbolic link. */
export function symlink(name: string, link: string | Buffer): Buffer {
  return entry('2', name, '', { link, mode: 0o777 });
}

/** A hard link. */
export function hardlink(name: string, link: string, fields: EntryFields = {}): Buffer {
  return entry('1', name, '', { link, ...fields });
}

/** The end of an archive: two blocks of zeros. */
export const end = Buffer.alloc(2 * block);

/** An archive of entries, with its end. */
export function tar(...entries: readonly Buffer[]): Buffer {
  return Buffer.concat([...entries, end]);
}

/** The text of pax records: `LENGTH KEY=VALUE\n`. */
function paxText(records: readonly (readonly [key: string, value: string | Buffer])[]): Buffer {
  return Buffer.concat(
    records.map(([key, value]) => {
      const tail = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')]);
      let length = tail.length + 1;
      while (String(length).length + tail.length !== length) length = String(length).length + tail.length;
      return Buffer.concat([Buffer.from(String(length)), tail]);
    }),
  );
}

/** A pax extended header for the next entry. */
export function pax(...records: readonly (readonly [key: string, value: string | Buffer])[]): Buffer {
  return entry('x', 'PaxHeader', paxText(records));
}

/** A pax global header. */
export function paxGlobal(...records: readonly (readonly [key: string, value: string | Buffer])[]): Buffer {
  return entry('g', 'PaxGlobalHeader', paxText(records));
}

/** A GNU long name for the next entry. */
export function gnuLongName(name: string | Buffer): Buffer {
  return entry('L', '././@LongLink', Buffer.concat([Buffer.from(name), Buffer.alloc(1)]), { format: 'gnu' });
}

/** A GNU long link target for the next entry. */
export function gnuLongLink(name: string | Buffer): Buffer {
  return entry('K', '././@LongLink', Buffer.concat([Buffer.from(name), Buffer.alloc(1)]), { format: 'gnu' });
}

/** A stretch of a sparse file that is stored. */
export interface Stretch {
  readonly offset: number;
  readonly bytes: Buffer;
}

/** What a sparse file unpacks to. */
export function unpackedSparse(stretches: readonly Stretch[], realSize: number): Buffer {
  const whole = Buffer.alloc(realSize);
  for (const { offset, bytes } of stretches) bytes.copy(whole, offset);
  return whole;
}

/** A sparse file in GNU's old format: the map is in the header and in the blocks behind it. */
export function sparseGnu(
  name: string,
  stretches: readonly Stretch[],
  realSize: number,
  fields: EntryFields = {},
): Buffer {
  const body = Buffer.concat(stretches.map(({ bytes }) => bytes));
  const maps = [stretchTable(stretches.slice(0, 4), 96)];
  for (let at = 4; at < stretches.length; at += 21) maps.push(stretchTable(stretches.slice(at, at + 21), block));
  maps.slice(1, -1).forEach((map) => {
    map[504] = 1;
  });
  const [first = Buffer.alloc(96), ...more] = maps;
  const patch = [
    { at: 386, bytes: first },
    { at: 482, bytes: Buffer.from([more.length > 0 ? 1 : 0]) },
    { at: 483, bytes: Buffer.from(octal(realSize, 11)) },
    ...(fields.patch ?? []),
  ];
  return Buffer.concat([header('S', name, body.length, { format: 'gnu', ...fields, patch }), ...more, padded(body)]);
}

function stretchTable(stretches: readonly Stretch[], size: number): Buffer {
  const table = Buffer.alloc(size);
  stretches.forEach(({ offset, bytes }, i) => {
    put(table, i * 24, 12, octal(offset, 11));
    put(table, i * 24 + 12, 12, octal(bytes.length, 11));
  });
  return table;
}

/** A sparse file in one of the formats that GNU tar puts into pax headers. */
export function sparsePax(
  version: '0.0' | '0.1' | '1.0',
  name: string,
  stretches: readonly Stretch[],
  realSize: number,
): Buffer {
  const body = Buffer.concat(stretches.map(({ bytes }) => bytes));
  const count = String(stretches.length);
  const size = String(realSize);
  if (version === '0.0') {
    const map = stretches.flatMap(({ offset, bytes }): [string, string][] => [
      ['GNU.sparse.offset', String(offset)],
      ['GNU.sparse.numbytes', String(bytes.length)],
    ]);
    return Buffer.concat([pax(['GNU.sparse.size', size], ['GNU.sparse.numblocks', count], ...map), file(name, body)]);
  }
  const placeholder = `GNUSparseFile.1/${name.slice(0, 60)}`;
  if (version === '0.1') {
    const map = stretches.map(({ offset, bytes }) => `${offset},${bytes.length}`).join(',');
    const records = pax(
      ['GNU.sparse.name', name],
      ['GNU.sparse.size', size],
      ['GNU.sparse.numblocks', count],
      ['GNU.sparse.map', map],
    );
    return Buffer.concat([records, file(placeholder, body)]);
  }
  const lines = [count, ...stretches.flatMap(({ offset, bytes }) => [offset, bytes.length])].map((n) => `${n}\n`);
  const map = padded(Buffer.from(lines.join('')));
  const records = pax(
    ['GNU.sparse.major', '1'],
    ['GNU.sparse.minor', '0'],
    ['GNU.sparse.name', name],
    ['GNU.sparse.realsize', size],
  );
  return Buffer.concat([records, file(placeholder, Buffer.concat([map, body]))]);
}
