import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { type UpdateOptions, type UpdateResult, updateAdvisories } from '../../src/advisory/update.ts';
import type { Advisory } from '../../src/model/advisory.ts';
import { afterTest } from '../support/clean-up.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'advisory');

/** Name and content of one file. */
export type NamedFile = readonly [name: string, body: string];

/** A zip of deflated entries, as the public export has them. */
export function makeZip(files: readonly NamedFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, body] of files) {
    const raw = Buffer.from(body);
    const packed = deflateRawSync(raw);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(raw), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(raw.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('504b01021400', 'hex'), fields, rest, Buffer.from(name));
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), fields, Buffer.from(name), packed]);
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

/** The records of one ecosystem among the fixtures. */
export function fixtureFiles(ecosystem: string): NamedFile[] {
  const folder = join(fixtures, ecosystem);
  return readdirSync(folder)
    .sort()
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
}

/** One record as JSON, with the affected versions below `fixed`. */
export function record(id: string, ecosystem: string, name: string, fixed = '2.0'): NamedFile {
  const events = [{ introduced: '0' }, { fixed }];
  const affected = [{ package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events }] }];
  return [`${id}.json`, JSON.stringify({ id, modified: '2024-01-01T00:00:00Z', affected })];
}

/** An advisory as plain data: one of an index reads its versions and imports when it is asked. */
export function plain(advisory: Advisory): Advisory {
  return { ...advisory, versions: advisory.versions, imports: advisory.imports };
}

/** An empty folder that is removed after the test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-advisory-'));
  afterTest(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder laid out as the public export. */
export function exportFolder(content: Readonly<Record<string, readonly NamedFile[] | Buffer>>): string {
  const folder = scratch();
  writeExport(folder, content);
  return folder;
}

/** Writes exports into a folder, over what is there. */
export function writeExport(folder: string, content: Readonly<Record<string, readonly NamedFile[] | Buffer>>): void {
  for (const [ecosystem, files] of Object.entries(content)) {
    mkdirSync(join(folder, ecosystem), { recursive: true });
    writeFileSync(join(folder, ecosystem, 'all.zip'), Buffer.isBuffer(files) ? files : makeZip(files));
  }
}

/** The fixtures as an export. */
export function fixtureExport(): Record<string, NamedFile[]> {
  return Object.fromEntries(readdirSync(fixtures).map((name) => [name, fixtureFiles(name)]));
}

/** The time at which tests update. */
export const noon = new Date('2024-07-01T12:00:00.000Z');

/** An update with a fixed clock. */
export function update(from: string, cacheDir: string, more: Partial<UpdateOptions> = {}): Promise<UpdateResult> {
  return updateAdvisories({ from, cacheDir, offline: false, now: () => noon, ...more });
}
