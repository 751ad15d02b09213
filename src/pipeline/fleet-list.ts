import type { Platform } from '../model/image.ts';
import { SluiceError } from '../util/error.ts';
import { harmless } from '../util/harmless.ts';
import { textLines } from '../util/text-lines.ts';

/** Most bytes of a list of targets. */
export const listBytes = 8 * 1024 * 1024;

/** Most targets of one list: the images of a very large cluster, some times over. */
const mostTargets = 20_000;

/** Most characters of one line: a path can be no longer on Linux, a reference is shorter by far. */
const lineLength = 4096;

/** One target of a list. */
export interface ListedTarget {
  /** Number of the line where it stands first, from 1. */
  readonly line: number;
  /** The target as it is written. */
  readonly text: string;
  /** Where the target is one of several platforms of an image: the image, and which platform. */
  readonly of?: { readonly image: string; readonly platform: Platform };
}

/**
 * Reads a list of targets: one a line; blank lines do not count, nor does what follows a `#` at the start of a line or
 * behind a space; a target that stands there twice counts once. `name` is what the list is called in errors.
 * @throws SluiceError `fleet/list`
 */
export function parseTargetList(bytes: Buffer, name: string): ListedTarget[] {
  if (bytes.length > listBytes) throw wrong(name, `is larger than ${listBytes} bytes`);
  const seen = new Set<string>();
  const targets: ListedTarget[] = [];
  let line = 0;
  for (const written of textLines(textOf(bytes, name))) {
    line++;
    const text = targetIn(written, line, name);
    if (text === '' || seen.has(text)) continue;
    if (targets.length >= mostTargets) throw wrong(name, `names more than ${mostTargets} targets`);
    seen.add(text);
    targets.push({ line, text });
  }
  if (targets.length === 0) throw wrong(name, 'names no target', 'write one target a line');
  return targets;
}

function textOf(bytes: Buffer, name: string): string {
  const [first, second] = bytes;
  // What some shells of Windows write when output is redirected.
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw wrong(name, 'is UTF-16', 'save it as UTF-8');
  }
  const mark = first === 0xef && second === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return bytes.toString('utf8', mark);
}

function targetIn(written: string, line: number, name: string): string {
  if (written.length > lineLength) throw wrongLine(name, line, `is longer than ${lineLength} characters`);
  const text = withoutComment(written).trim();
  // They could hide from whoever reads the list what is scanned, and no target needs them.
  const shown = harmless(text);
  if (shown !== text) throw wrongLine(name, line, `holds a character that can't be seen: ${shown.slice(0, 200)}`);
  if (text.includes('\ufffd')) throw wrongLine(name, line, 'is not UTF-8');
  return text;
}

/** A `#` inside of a word belongs to the target: a path may have one. */
function withoutComment(written: string): string {
  for (let at = written.indexOf('#'); at >= 0; at = written.indexOf('#', at + 1)) {
    const before = written[at - 1];
    if (before === undefined || before === ' ' || before === '\t') return written.slice(0, at);
  }
  return written;
}

function wrong(name: string, what: string, hint?: string): SluiceError {
  return new SluiceError('fleet/list', `${name} ${what}`, hint);
}

function wrongLine(name: string, line: number, what: string): SluiceError {
  return new SluiceError('fleet/list', `line ${line} of ${name} ${what}`);
}
