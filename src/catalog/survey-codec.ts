import { createHash } from 'node:crypto';
import { parseDigest } from '../model/digest.ts';
import type { Problem } from '../model/problem.ts';
import type { LayerSurvey, PartlyRead, SurveyedFile } from '../model/survey.ts';
import { StoredPaths } from './path-table.ts';

/** Names the format; changes with it. */
const magic = Buffer.from('SLUICE-SURVEY-2\n');
const hashSize = 32;
const headSize = 32;
/** In the head's last number: which columns are written in a shorter way. */
const shorter = { noUids: 1, noGids: 2, smallSizes: 4 } as const;

/** What was found beside packages, each part as it is. */
type FoundBeside = Pick<LayerSurvey, 'secrets' | 'documents' | 'licences' | 'looked' | 'owners' | 'unlooked'>;

/** What is written as JSON: all but the columns, which are written as they are. */
interface Head extends FoundBeside {
  readonly diffId: string;
  readonly files: readonly SurveyedFile[];
  readonly problems: readonly Problem[];
  readonly unpacked: number;
  readonly links: readonly (readonly [number, string])[];
  readonly capabilities?: readonly (readonly [number, string])[];
  readonly read?: PartlyRead;
}

/**
 * Writes a survey as bytes: magic, SHA-256 of the rest, sizes, columns, names, JSON. The same survey gives the same
 * bytes. Serves the layer cache and the way between threads.
 */
export function encodeSurvey(survey: LayerSurvey): Buffer {
  const { entries } = survey;
  const { paths } = entries;
  const head: Head = {
    diffId: survey.diffId,
    files: survey.files,
    problems: survey.problems,
    unpacked: survey.unpacked,
    links: [...entries.links],
    ...(entries.capabilities ? { capabilities: [...entries.capabilities] } : {}),
    ...(survey.read ? { read: survey.read } : {}),
    ...foundBeside(survey),
  };
  const json = Buffer.from(JSON.stringify(head));
  const noUids = isZero(entries.uids);
  const noGids = isZero(entries.gids);
  const smallSizes = entries.sizes.every((size) => size <= 0xffffffff);
  const flags = (noUids ? shorter.noUids : 0) | (noGids ? shorter.noGids : 0) | (smallSizes ? shorter.smallSizes : 0);
  const sizes = Buffer.alloc(headSize);
  [paths.length, paths.nameBytes.length, paths.folderBytes.length, json.length, flags].forEach((number, i) => {
    sizes.writeUInt32LE(number, i * 4);
  });
  // The wide columns come first, so that each stands at a multiple of its width.
  const columns = [
    smallSizes ? Uint32Array.from(entries.sizes) : entries.sizes,
    paths.folders,
    paths.nameEnds,
    ...(noUids ? [] : [entries.uids]),
    ...(noGids ? [] : [entries.gids]),
    entries.modes,
    entries.kinds,
  ].map(bytesOf);
  const body = [sizes, ...columns, paths.nameBytes, paths.folderBytes, json];
  const hash = createHash('sha256');
  for (const part of body) hash.update(part);
  return Buffer.concat([magic, hash.digest(), ...body]);
}

function isZero(column: Uint32Array): boolean {
  return column.every((value) => value === 0);
}

/** Reads a survey back; undefined when the bytes are not what {@link encodeSurvey} wrote, to the last bit. */
export function decodeSurvey(bytes: Buffer): LayerSurvey | undefined {
  const start = magic.length + hashSize;
  if (bytes.length < start + headSize || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  const body = bytes.subarray(start);
  if (!createHash('sha256').update(body).digest().equals(bytes.subarray(magic.length, start))) return undefined;
  // A shared cache may hold anything under a right checksum: no room is made for more entries than there are bytes.
  if (body.readUInt32LE(0) > body.length) return undefined;
  return readBody(body);
}

/** The checksum holds, so the bytes are an own writing and need no further doubt. Columns stay where they are in them. */
function readBody(body: Buffer): LayerSurvey {
  const count = body.readUInt32LE(0);
  const flags = body.readUInt32LE(16);
  let at = headSize;
  const take = (length: number): Buffer => {
    at += length;
    return body.subarray(at - length, at);
  };
  const words = (): Uint32Array => columnOf(take(count * 4), Uint32Array);
  const sizes =
    (flags & shorter.smallSizes) !== 0 ? Float64Array.from(words()) : columnOf(take(count * 8), Float64Array);
  const folders = words();
  const nameEnds = words();
  const uids = (flags & shorter.noUids) !== 0 ? new Uint32Array(count) : words();
  const gids = (flags & shorter.noGids) !== 0 ? new Uint32Array(count) : words();
  const modes = columnOf(take(count * 2), Uint16Array);
  const kinds = columnOf(take(count), Uint8Array);
  const nameBytes = take(body.readUInt32LE(4));
  const folderBytes = take(body.readUInt32LE(8));
  const head = JSON.parse(take(body.readUInt32LE(12)).toString('utf8')) as Head;
  const paths = new StoredPaths({ folders, nameEnds, nameBytes, folderBytes });
  return {
    diffId: parseDigest(head.diffId),
    entries: {
      ...{ paths, kinds, sizes, modes, uids, gids, links: new Map(head.links) },
      ...(head.capabilities ? { capabilities: new Map(head.capabilities) } : {}),
    },
    files: head.files,
    problems: head.problems,
    unpacked: head.unpacked,
    ...(head.read ? { read: head.read } : {}),
    ...foundBeside(head),
  };
}

function foundBeside({ secrets, documents, licences, looked, owners, unlooked }: FoundBeside): FoundBeside {
  return {
    ...(secrets ? { secrets } : {}),
    ...(documents ? { documents } : {}),
    ...(licences ? { licences } : {}),
    ...(looked ? { looked } : {}),
    ...(owners ? { owners } : {}),
    ...(unlooked ? { unlooked } : {}),
  };
}

/** A view of the bytes as a column; a copy where they do not stand at a multiple of its width. */
function columnOf<T>(
  bytes: Buffer,
  column: { new (buffer: ArrayBufferLike, offset: number, length: number): T; readonly BYTES_PER_ELEMENT: number },
): T {
  const width = column.BYTES_PER_ELEMENT;
  const length = bytes.length / width;
  if (bytes.byteOffset % width === 0) return new column(bytes.buffer, bytes.byteOffset, length);
  return new column(new Uint8Array(bytes).buffer, 0, length);
}

function bytesOf(column: Float64Array | Uint32Array | Uint16Array | Uint8Array): Buffer {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength);
}
