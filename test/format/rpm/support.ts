import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bufferAccess, type RandomAccess } from '../../../src/format/random-access.ts';
import { type RpmHeader, readHeader } from '../../../src/format/rpm/header.ts';
import type { Damage } from '../../../src/format/rpm/pages.ts';

/** One of the package databases in `test/fixtures/rpm`, unpacked. */
export function database(name: string): Buffer {
  return gunzipSync(readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'rpm', `${name}.gz`)));
}

/** A copy of `bytes` with `change` made to it. */
export function changed(bytes: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

/** What a reader finds in `bytes`: the headers, and the codes of the damage, each once. */
export function readAll(
  reader: (bytes: Buffer, damage: Damage) => Iterable<RandomAccess>,
  bytes: Buffer,
): { headers: RpmHeader[]; codes: string[] } {
  const codes = new Set<string>();
  const damage: Damage = (code) => codes.add(code);
  const headers: RpmHeader[] = [];
  for (const blob of reader(bytes, damage)) {
    const header = readHeader(blob, damage);
    if (header !== undefined) headers.push(header);
  }
  return { headers, codes: [...codes].sort() };
}

/** The names of the packages that a reader finds, sorted, and the codes of the damage. */
export function readNames(reader: Parameters<typeof readAll>[0], bytes: Buffer): { names: string[]; codes: string[] } {
  const { headers, codes } = readAll(reader, bytes);
  return { names: headers.map((header) => header.name).sort(), codes };
}

/** The names in all fixtures but `sqlite-small-pages`, sorted. */
export const fixtureNames = ['epochal', 'gpg-pubkey', 'large', 'modular', 'plain', 'tilde-caret'];

const vendor = 'Example Linux';

/** What rpmbuild makes all packages require of rpm. */
const requires = ['rpmlib(CompressedFileNames)', 'rpmlib(FileDigests)', 'rpmlib(PayloadFilesHavePrefix)'];

/** What the headers of the same fixtures say, sorted by name. */
export const fixtureHeaders: readonly RpmHeader[] = [
  {
    name: 'epochal',
    version: '0',
    release: '4.el8',
    epoch: 1,
    arch: 'x86_64',
    vendor,
    license: 'GPLv2+ and BSD',
    sourceRpm: 'epochal-0-4.el8.src.rpm',
    requires,
  },
  {
    name: 'large',
    version: '3',
    release: '1.fc39',
    arch: 'noarch',
    vendor,
    license: 'LGPL-2.1-or-later',
    sourceRpm: 'large-3-1.fc39.src.rpm',
    requires,
  },
  {
    name: 'modular',
    version: '10.24.0',
    release: '1.module_el8.4.0+2521+c668cc9f',
    arch: 'noarch',
    vendor,
    license: 'MIT',
    sourceRpm: 'modular-10.24.0-1.module_el8.4.0+2521+c668cc9f.src.rpm',
    requires,
    module: 'nodejs:10:8040020210817133458:522a0ee4',
  },
  {
    name: 'plain',
    version: '1.2.3',
    release: '4.el9',
    arch: 'noarch',
    vendor,
    license: 'MIT',
    sourceRpm: 'plain-1.2.3-4.el9.src.rpm',
    requires,
  },
  {
    name: 'tilde-caret',
    version: '2.0~rc1^20240101gitabcdef',
    release: '1',
    arch: 'noarch',
    vendor,
    license: 'Apache-2.0',
    sourceRpm: 'tilde-caret-2.0~rc1^20240101gitabcdef-1.src.rpm',
    requires: ['rpmlib(CaretInVersions)', ...requires, 'rpmlib(TildeInVersions)'],
  },
];

/** The headers that a reader finds, without signing keys, sorted by name, and the codes of the damage. */
export function readPackages(reader: Parameters<typeof readAll>[0], bytes: Buffer): ReturnType<typeof readAll> {
  const { headers, codes } = readAll(reader, bytes);
  const packages = headers.filter((header) => header.name !== 'gpg-pubkey');
  return { headers: packages.sort((a, b) => (a.name < b.name ? -1 : 1)), codes };
}

/** One tag of a made-up header: a number is an INT32, a text a STRING, a list of either is one; `type` overrides that. */
export interface Tag {
  readonly tag: number;
  readonly value: string | number | readonly string[] | readonly number[];
  readonly type?: number;
}

/** A header as a package database keeps it. */
export function makeHeader(tags: readonly Tag[]): Buffer {
  const index: Buffer[] = [];
  let data = Buffer.alloc(0);
  for (const { tag, value, type } of tags) {
    const values = typeof value === 'object' ? [...value] : [value];
    const numbers = values.filter((one) => typeof one === 'number');
    if (numbers.length > 0) data = Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
    const usual = numbers.length > 0 ? 4 : typeof value === 'object' ? 8 : 6;
    index.push(u32be(tag, type ?? usual, data.length, values.length));
    const body = numbers.length > 0 ? u32be(...numbers) : Buffer.from(values.map((one) => `${one}\0`).join(''));
    data = Buffer.concat([data, body]);
  }
  return Buffer.concat([u32be(tags.length, data.length), ...index, data]);
}

/** Numbers as four bytes each, big-endian. */
export function u32be(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}

/** What {@link readHeader} says of a made-up header, and the codes of the damage. */
export function readOne(blob: Buffer): { header: RpmHeader | undefined; codes: string[] } {
  const codes: string[] = [];
  const header = readHeader(bufferAccess(blob), (code) => codes.push(code));
  return { header, codes };
}
