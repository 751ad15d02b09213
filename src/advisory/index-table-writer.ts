import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { FileWriter } from './file-writer.ts';
import { encodeFoot, footLength, type Row } from './index-format.ts';
import { encodeRow } from './index-table.ts';
import { type HashSeed, KeyHash } from './key-hash.ts';

/** Where the list of one key lies. */
export interface ListRow extends Row {
  readonly key: string;
}

/** Writes what stands behind the lists: the table, what the index says of itself, the foot. */
export function writeEnd(out: FileWriter, rows: readonly ListRow[], meta: object): void {
  const seed = seedOf(rows);
  const table = tableOf(rows, seed);
  const tableOffset = out.write(table);
  const metaBytes = Buffer.from(JSON.stringify(meta));
  const metaOffset = out.write(metaBytes);
  out.write(
    encodeFoot({
      tableOffset,
      rows: rows.length,
      tableCrc: crc32(table),
      metaOffset,
      metaLength: metaBytes.length,
      metaCrc: crc32(metaBytes),
      fileSize: metaOffset + metaBytes.length + footLength,
      seed,
    }),
  );
}

/** Drawn from all keys: who chooses some of them can't know it, and the same content has the same. */
function seedOf(rows: readonly ListRow[]): HashSeed {
  const hash = createHash('sha256');
  for (const { key } of rows) hash.update(`${key}\n`);
  const digest = hash.digest();
  return { high: digest.readUInt32LE(0), low: digest.readUInt32LE(4) };
}

function tableOf(rows: readonly ListRow[], seed: HashSeed): Buffer {
  const hash = new KeyHash(seed);
  const hashed = rows.map((row) => {
    const nul = row.key.indexOf('\u0000');
    hash.of(row.key.slice(0, nul), row.key.slice(nul + 1));
    return { row, high: hash.high, low: hash.low };
  });
  hashed.sort((a, b) => a.high - b.high || a.low - b.low);
  return Buffer.concat(hashed.map((one) => encodeRow(one, one.row)));
}
