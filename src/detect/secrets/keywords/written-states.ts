import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { States } from './automaton.ts';

/** {@link States} as plain JSON. */
export interface WrittenStates {
  /** How many there are. */
  readonly count: number;
  readonly longest: number;
  /** Of all bytes the classes, then of all states the children, labels, and ends of two bytes: deflated, in base64. */
  readonly columns: string;
  /** The states at which words end. */
  readonly endings: readonly number[];
  /** By ending, the numbers of the words. */
  readonly words: readonly (readonly number[])[];
}

const byteCount = 256;

/** Writes states down. */
export function writeStates({ classes, children, labels, fail, ends, longest }: States): WrittenStates {
  const count = children.length;
  const columns = Buffer.alloc(byteCount + 4 * count);
  columns.set(classes);
  columns.set(children, byteCount);
  columns.set(labels, byteCount + count);
  // Low bytes, then high ones, as differences: what follows one another mostly falls back to what does.
  for (let state = 0; state < count; state++) {
    const step = (fail[state]! - (fail[state - 1] ?? 0)) & 0xffff;
    columns[byteCount + 2 * count + state] = step & 0xff;
    columns[byteCount + 3 * count + state] = step >>> 8;
  }
  const endings = ends.flatMap((words, state) => (words ? [state] : []));
  return {
    ...{ count, longest, columns: deflateRawSync(columns, { level: 9 }).toString('base64'), endings },
    words: endings.map((state) => ends[state] ?? []),
  };
}

/** Reads what {@link writeStates} has written. */
export function readStates({ count, longest, columns, endings, words }: WrittenStates): States {
  const bytes = inflateRawSync(Buffer.from(columns, 'base64'));
  const column = (number: number): Buffer =>
    bytes.subarray(byteCount + number * count, byteCount + (number + 1) * count);
  const [low, high] = [column(2), column(3)];
  const fail = new Uint16Array(count);
  for (let state = 0, last = 0; state < count; state++) {
    last = (last + low[state]! + (high[state]! << 8)) & 0xffff;
    fail[state] = last;
  }
  const ends = new Array<readonly number[] | undefined>(count).fill(undefined);
  for (const [number, state] of endings.entries()) ends[state] = words[number];
  return {
    classes: new Uint8Array(bytes.subarray(0, byteCount)),
    children: column(0),
    labels: column(1),
    fail,
    ends,
    longest,
  };
}
