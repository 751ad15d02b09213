import type { Parsed, PartialReader } from '../../src/ecosystem/contract.ts';
import { layOutParts } from '../../src/format/kept-parts.ts';

/** What a reader says of a body whose parts alone were kept; `whole` when it asks for all of it. */
export function partlyRead(reader: PartialReader | undefined, path: string, body: Buffer): Parsed | 'whole' {
  const ranges = reader?.plan(body.subarray(0, 64 * 1024), body.length);
  if (reader === undefined || ranges === undefined) return 'whole';
  const parts = layOutParts([{ offset: 0, length: 64 * 1024 }, ...ranges], body.length);
  const bytes = Buffer.alloc(parts.reduce((end, { at, length }) => Math.max(end, at + length), 0));
  for (const { offset, length, at } of parts) body.copy(bytes, at, offset, offset + length);
  const marks: number[] = [];
  for (let at = reader.findMark(body, 0, path); at >= 0; at = reader.findMark(body, at + 1, path)) marks.push(at);
  return reader.parse({ path, mode: 0o755, size: body.length, bytes, parts, marks, markBytes: [] }) ?? 'whole';
}
