// Other scanners to compare with: where they are, and how to call them so that they do the same work without a network.
import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a peer: as named, or on PATH; undefined when there is none. */
export function findPeer(named, name) {
  if (named !== undefined) {
    if (!isExecutable(named)) throw new Error(`${named} is not an executable file`);
    return named;
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Syft makes a bill of materials; it has no vulnerability data and needs none. */
export function syftCase(command, image) {
  const target = image.layout ? `oci-dir:${image.layout}` : `docker-archive:${image.docker}`;
  return { command, args: ['scan', target, '-q', '-o', 'cyclonedx-json'], env: { SYFT_CHECK_FOR_APP_UPDATE: 'false' } };
}

/** Trivy, cold: its cache of layers in memory alone. It makes a bill of materials, without matching. */
export function trivyCase(command, image, work) {
  return trivy(command, image, work, ['--cache-backend', 'memory']);
}

/** Trivy with its cache of layers in a folder: warm from the second run on. */
export function trivyWarmCase(command, image, work) {
  return trivy(command, image, work, []);
}

function trivy(command, image, work, more) {
  const cache = trivyCache(work);
  const offline = ['--offline-scan', '--skip-db-update', '--skip-java-db-update', '--cache-dir', cache, '--quiet'];
  const args = ['image', '--input', image.layout ?? image.docker, '--format', 'cyclonedx', ...offline, ...more];
  return { command, args, env: { TRIVY_SKIP_VERSION_CHECK: 'true' } };
}

/** Without a database of jar digests Trivy refuses every image with a jar: an empty one answers that it knows none. */
function trivyCache(work) {
  const cache = join(work, 'trivy');
  const folder = join(cache, 'java-db');
  if (!existsSync(join(folder, 'metadata.json'))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'trivy-java.db'), emptyJavaDb());
    const never = '2100-01-01T00:00:00Z';
    writeFileSync(
      join(folder, 'metadata.json'),
      JSON.stringify({ Version: 1, NextUpdate: never, UpdatedAt: never, DownloadedAt: never }),
    );
  }
  return cache;
}

/** An SQLite database of two empty tables (file format: header, one page of schema, one empty page a table). */
function emptyJavaDb() {
  const pageSize = 4096;
  const file = Buffer.alloc(3 * pageSize);
  file.write('SQLite format 3\0', 0, 'latin1');
  file.writeUInt16BE(pageSize, 16);
  file.set([1, 1, 0, 64, 32, 32], 18);
  for (const [at, value] of [
    [24, 1],
    [28, 3],
    [40, 1],
    [44, 4],
    [56, 1],
    [92, 1],
    [96, 3_040_000],
  ])
    file.writeUInt32BE(value, at);
  const schema = [
    row(2, 'indices', 3, 'CREATE TABLE indices(artifact_id INTEGER, version TEXT, sha1 BLOB, archive_type TEXT)'),
    row(1, 'artifacts', 2, 'CREATE TABLE artifacts(id INTEGER PRIMARY KEY, group_id TEXT, artifact_id TEXT)'),
  ];
  let end = pageSize;
  const starts = schema.map((bytes) => {
    end -= bytes.length;
    file.set(bytes, end);
    return end;
  });
  leafPage(file, 100, end, starts.reverse());
  leafPage(file, pageSize, pageSize, []);
  leafPage(file, 2 * pageSize, pageSize, []);
  return file;
}

function leafPage(file, at, contentStart, cells) {
  file[at] = 13;
  file.writeUInt16BE(cells.length, at + 3);
  file.writeUInt16BE(contentStart, at + 5);
  cells.forEach((cell, i) => {
    file.writeUInt16BE(cell, at + 8 + 2 * i);
  });
}

/** A row of sqlite_schema: sizes, row number, record of (type, name, table, root page, statement). */
function row(number, name, page, sql) {
  const textType = (text) => varint(13 + 2 * text.length);
  const types = Buffer.concat([textType('table'), textType(name), textType(name), Buffer.from([1]), textType(sql)]);
  const record = Buffer.concat([
    varint(types.length + 1),
    types,
    Buffer.from(`table${name}${name}`),
    Buffer.from([page]),
    Buffer.from(sql),
  ]);
  return Buffer.concat([varint(record.length), varint(number), record]);
}

function varint(value) {
  return value < 128 ? Buffer.from([value]) : Buffer.from([0x80 | (value >> 7), value & 0x7f]);
}
