import { createHash } from 'node:crypto';
import { parseDigest } from '../model/digest.ts';
import type { Problem } from '../model/problem.ts';
import type { LayerSurvey, SurveyedFile } from '../model/survey.ts';

/** Names the format; changes with it. */
const magic = Buffer.from('SLUICE-SURVEY-1\n');
const hashSize = 32;
const headSize = 16;

/** What is written as JSON: all but the columns, which are written as they are. */
interface Head {
  readonly diffId: string;
  readonly files: readonly SurveyedFile[];
  readonly problems: readonly Problem[];
  readonly unpacked: number;
  readonly links: readonly (readonly [number, string])[];
}

/**
 * Writes a survey as bytes: magic, SHA-256 of the rest, sizes, columns, paths, JSON. The same survey gives the same
 * bytes. Serves the layer cache and the way between threads.
 */
export function encodeSurvey(survey: LayerSurvey): Buffer {
  const { entries } = survey;
  const count = entries.paths.length;
  const head: Head = {
    diffId: survey.diffId,
    files: survey.files,
    problems: survey.problems,
    unpacked: survey.unpacked,
    links: [...entries.links],
  };
  const json = Buffer.from(JSON.stringify(head));
  const paths = Buffer.from(entries.paths.join('\0'));
  const sizes = Buffer.alloc(headSize);
  sizes.writeUInt32LE(count, 0);
  sizes.writeUInt32LE(paths.length, 4);
  sizes.writeUInt32LE(json.length, 8);
  const columns = [entries.sizes, entries.uids, entries.gids, entries.modes, entries.kinds].map(bytesOf);
  const body = [sizes, ...columns, paths, json];
  const hash = createHash('sha256');
  for (const part of body) hash.update(part);
  return Buffer.concat([magic, hash.digest(), ...body]);
}

/** Reads a survey back; undefined when the bytes are not what {@link encodeSurvey} wrote, to the last bit. */
export function decodeSurvey(bytes: Buffer): LayerSurvey | undefined {
  const start = magic.length + hashSize;
  if (bytes.length < start + headSize || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  const body = bytes.subarray(start);
  if (!createHash('sha256').update(body).digest().equals(bytes.subarray(magic.length, start))) return undefined;
  return readBody(body);
}

/** The checksum holds, so the bytes are an own writing and need no further doubt. */
function readBody(body: Buffer): LayerSurvey {
  const count = body.readUInt32LE(0);
  const pathsLength = body.readUInt32LE(4);
  const jsonLength = body.readUInt32LE(8);
  let at = headSize;
  const take = (length: number): ArrayBuffer => {
    const copy = new Uint8Array(body.subarray(at, at + length)).buffer;
    at += length;
    return copy;
  };
  const sizes = new Float64Array(take(count * 8));
  const uids = new Uint32Array(take(count * 4));
  const gids = new Uint32Array(take(count * 4));
  const modes = new Uint16Array(take(count * 2));
  const kinds = new Uint8Array(take(count));
  const paths = count === 0 ? [] : body.toString('utf8', at, at + pathsLength).split('\0');
  at += pathsLength;
  const head = JSON.parse(body.toString('utf8', at, at + jsonLength)) as Head;
  return {
    diffId: parseDigest(head.diffId),
    entries: { paths, kinds, sizes, modes, uids, gids, links: new Map(head.links) },
    files: head.files,
    problems: head.problems,
    unpacked: head.unpacked,
  };
}

function bytesOf(column: Float64Array | Uint32Array | Uint16Array | Uint8Array): Buffer {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength);
}
