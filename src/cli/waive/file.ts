import { dirname, join, relative } from 'node:path';
import { findUpwards, isThere, policyFile, waiverFile } from '../../policy/file/find.ts';
import { readInput } from '../../policy/file/input.ts';
import type { Waivers } from '../../policy/waiver/contract.ts';
import { readWaivers } from '../../policy/waiver/read.ts';
import { type NewWaiver, newWaiverFile, withWaivers } from '../../policy/waiver/write.ts';
import { SluiceError } from '../../util/error.ts';
import type { Flags } from '../flags.ts';
import { writeWhole } from '../outputs.ts';
import { modeline } from '../schema/editor.ts';

/** Largest waiver file that is written to, in bytes. */
const largest = 4 << 20;

/** The waiver file that is written to, as it is. */
export interface OpenWaiverFile {
  readonly path: string;
  /** As messages call it. */
  readonly name: string;
  /** Absent: there is none yet. */
  readonly text?: string;
  readonly waivers: Waivers['waivers'];
}

/**
 * The waiver file of `--file`, else the one that is found upwards, else beside the policy, else in the working folder.
 * @throws SluiceError `waive/unreadable`, `waivers/malformed`
 */
export function openWaiverFile(given: Flags, now: Date): OpenWaiverFile {
  const path = given.text('file') ?? usualPath(process.cwd());
  const name = path.startsWith('..') ? path : relative(process.cwd(), path) || path;
  if (!isThere(path)) return { path, name, waivers: [] };
  const input = readInput(path, largest);
  if (typeof input === 'string') throw new SluiceError('waive/unreadable', `${name} ${input}`);
  const { waivers } = readWaivers([{ name, bytes: input.bytes }], { now });
  return { path, name, text: input.bytes.toString('utf8'), waivers };
}

function usualPath(folder: string): string {
  const waivers = findUpwards(folder, waiverFile);
  if (waivers !== undefined) return waivers;
  const policy = findUpwards(folder, policyFile);
  return join(policy === undefined ? folder : dirname(policy), waiverFile);
}

/**
 * Writes waivers behind those of the file. What would be written is read again before: a waiver that is malformed is
 * told here and not by the next gate.
 * @throws SluiceError `waivers/malformed`, `waive/form`, `output/...`
 */
export function appendWaivers(file: OpenWaiverFile, more: readonly NewWaiver[], now: Date): void {
  writeWhole(file.path, checkedText(file, more, now));
}

/** The file's text with more waivers, or that of a new one, after it was read again. */
export function checkedText(
  { path, name, text, waivers }: OpenWaiverFile,
  more: readonly NewWaiver[],
  now: Date,
): string {
  const written =
    text === undefined ? newWaiverFile(more, modeline(path, 'sluice-waivers-v1.json')) : withWaivers(text, more);
  const read = readWaivers([{ name, bytes: Buffer.from(written) }], { now }).waivers;
  // What stood there must still say what it said, word by word.
  const same = JSON.stringify(read.slice(0, waivers.length)) === JSON.stringify(waivers);
  if (!same || read.length !== waivers.length + more.length)
    throw new SluiceError('waive/form', `${name} is written in a way in which nothing can be put behind its end`);
  return written;
}
