import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ListedReport } from '../report/contract.ts';
import { SluiceError } from '../util/error.ts';
import { type Output, parseOutput } from './outputs.ts';
import { print } from './print.ts';

/** One report an image, into a folder. */
export interface FolderOutput {
  readonly report: ListedReport;
  /** Which of the format's versions, where it is not the first. */
  readonly variant?: string;
  readonly folder: string;
}

/** Where the results of many images go. */
export interface FleetOutputs {
  /** One report an image, into a folder. */
  readonly folders: readonly FolderOutput[];
  /** The table of all images: to files, or to standard output where there is no path. */
  readonly tables: readonly Output[];
  /** One JSON report a line, likewise. */
  readonly lines: readonly Output[];
  /** Where the event of each image goes; absent: none is asked for. */
  readonly event?: EventTarget | undefined;
}

/** Where events go, and the command that they are of. */
export interface EventTarget {
  readonly to: string;
  readonly command: string;
}

/** Endings of file names where the format's own name is not the usual one. */
const endings = new Map([
  ['audit', 'audit.json'],
  ['table', 'txt'],
  ['github-dependency-snapshot', 'github.json'],
  ['junit', 'junit.xml'],
  ['markdown', 'md'],
  ['openvex', 'openvex.json'],
  ['prometheus', 'prom'],
  ['gitlab-code-quality', 'gl-code-quality.json'],
  ['gitlab-container-scanning', 'gl-container-scanning.json'],
  ['gitlab-dependency-scanning', 'gl-dependency-scanning.json'],
  ['gitlab-secret-detection', 'gl-secret-detection.json'],
  ['cyclonedx', 'cdx.json'],
  ['spdx', 'spdx.json'],
  ['spdx@2.3-tag-value', 'spdx'],
]);

/** The ending of a report's file, without dot: each version has its own, so that they can share a folder. */
function endingOf({ id }: ListedReport, variant: string | undefined): string {
  // Of a template the file has its own name, without the folder: `shop.slack.json` by slack.json.liquid.
  if (id.startsWith('template@')) return basename(id.slice('template@'.length)).replace(/\.liquid$/, '');
  const ending = endings.get(id) ?? id;
  if (variant === undefined) return ending;
  return endings.get(`${id}@${variant}`) ?? `${variant}.${ending}`;
}

/**
 * Reads `-o FORMAT[@VERSION][=PATH]` for many images: a path that ends with a slash is a folder for one report an image; without,
 * the table or JSON lines hold all images. When nothing goes to standard output the table does, unless quiet.
 * @throws SluiceError `usage/output`
 */
export function parseFleetOutputs(texts: readonly string[], quiet: boolean): FleetOutputs {
  const parsed = texts.map(parseOutput);
  const whole = parsed.filter(({ path }) => !path?.endsWith('/'));
  for (const { report, path } of whole) {
    if (report.id === 'table' || report.id === 'json') continue;
    throw new SluiceError(
      'usage/output',
      `-o ${report.id}${path === undefined ? '' : `=${path}`} can't hold the reports of several images`,
      `a folder can: -o ${report.id}=FOLDER/ writes one file an image`,
    );
  }
  const toStdout = whole.filter(({ path }) => path === undefined).length;
  if (toStdout > 1) {
    throw new SluiceError(
      'usage/output',
      'only one report can go to standard output',
      'give the other a path: -o json=FILE',
    );
  }
  if (toStdout === 0 && !quiet) whole.push(parseOutput('table'));
  const folders = parsed.flatMap(({ path, ...output }) => (path?.endsWith('/') ? [{ ...output, folder: path }] : []));
  const of = (id: string): Output[] => whole.filter(({ report }) => report.id === id);
  return { folders, tables: of('table'), lines: of('json') };
}

/** Makes the folders before the work, so that a slip in a path is told at once. @throws SluiceError `output/unwritable` */
export function makeFolders({ folders }: FleetOutputs): void {
  for (const { folder } of folders) {
    try {
      mkdirSync(folder, { recursive: true });
    } catch (thrown) {
      throw unwritable(folder, thrown);
    }
  }
}

/** Takes text piece by piece, and shows it whole or not at all in the end. */
export interface TextSink {
  write(text: string): void;
  /** Puts what was written in its place. */
  finish(): void;
}

/** A sink for JSON lines: standard output gets each at once. @throws SluiceError `output/unwritable` */
export function openSink(path: string | undefined): TextSink {
  if (path === undefined) return { write: print, finish: () => {} };
  try {
    const old = statSync(path, { throwIfNoEntry: false });
    if (old?.isDirectory()) {
      const hint = 'with a slash at its end it takes one report an image';
      throw new SluiceError('output/unwritable', `${path} is a folder`, hint);
    }
    // A pipe or device such as /dev/stdout is written to, not replaced.
    return old && !old.isFile() ? openPlain(path) : openSpool(path);
  } catch (thrown) {
    throw thrown instanceof SluiceError ? thrown : unwritable(path, thrown);
  }
}

function openPlain(path: string): TextSink {
  const fd = openSync(path, 'w');
  return { write: (text) => guarded(path, () => writeAll(fd, Buffer.from(text))), finish: () => closeSync(fd) };
}

/**
 * Gathers in a file without a name beside the one it is for: nothing is left of a run that is interrupted, and no
 * memory is held.
 */
function openSpool(path: string): TextSink {
  const temporary = `${path}.${process.pid}.tmp`;
  const fd = openSync(temporary, 'wx+');
  rmSync(temporary);
  return {
    write: (text) => guarded(path, () => writeAll(fd, Buffer.from(text))),
    finish: () =>
      guarded(path, () => {
        try {
          copyTo(fd, temporary);
          renameSync(temporary, path);
        } catch (thrown) {
          rmSync(temporary, { force: true });
          throw thrown;
        } finally {
          closeSync(fd);
        }
      }),
  };
}

function copyTo(from: number, path: string): void {
  const to = openSync(path, 'wx');
  try {
    const piece = Buffer.allocUnsafe(1024 * 1024);
    const { size } = fstatSync(from);
    for (let at = 0; at < size; ) {
      const got = readSync(from, piece, 0, piece.length, at);
      if (got === 0) break;
      writeAll(to, piece.subarray(0, got));
      at += got;
    }
  } finally {
    closeSync(to);
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

function guarded(path: string, write: () => void): void {
  try {
    write();
  } catch (thrown) {
    throw unwritable(path, thrown);
  }
}

/** The error for a path that can't be written. */
export function unwritable(path: string, thrown: unknown): SluiceError {
  return new SluiceError('output/unwritable', `${path} can't be written (${(thrown as NodeJS.ErrnoException).code})`);
}

/** The path of one image's report. */
export function reportPath(folder: string, name: string, report: ListedReport, variant?: string): string {
  return join(folder, `${name}.${endingOf(report, variant)}`);
}
