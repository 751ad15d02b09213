import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../util/error.ts';
import { keptBaseline } from '../baseline.ts';
import { readKept } from '../kept-report.ts';
import { isFile } from './image-archive.ts';
import type { CiRun } from './platform.ts';

/** Longest name of a branch or image that becomes a file's name, in bytes as written. */
const longestName = 200;

/** Branches that are held for the default one where nobody says which that is. */
const defaultNames = new Set(['main', 'master', 'trunk']);

/** What a pull request is held against, or why it is held against nothing. */
export type FoundBaseline = { readonly path: string } | { readonly none: string };

/** Which baseline is meant: of an image, on a branch. */
export interface BaselineKey {
  readonly branch: string;
  /** What the image is called, without its tag. */
  readonly image: string;
}

/**
 * The kept report of a branch in the first of the folders that has one. One that can't serve as baseline is told of and
 * passed over: what a cache holds must not fail a build.
 */
export function findBaseline(folders: readonly string[], key: BaselineKey, now: Date): FoundBaseline {
  const trouble: string[] = [];
  for (const folder of folders) {
    for (const path of candidates(folder, key)) {
      const wrong = whatIsWrong(path, now);
      if (wrong === undefined) return { path };
      trouble.push(wrong);
    }
  }
  return { none: trouble[0] ?? `no report of ${key.branch} was kept` };
}

/** The report of this image, or the only one of the branch: archives are often called after the commit. */
function candidates(folder: string, { branch, image }: BaselineKey): string[] {
  const plain = join(folder, `${fileName(branch)}.json`);
  const ofBranch = join(folder, fileName(branch));
  const own = join(ofBranch, `${fileName(image)}.json`);
  if (isFile(own)) return [own];
  const others = jsonFiles(ofBranch);
  return [
    ...(others.length === 1 ? others.map((name) => join(ofBranch, name)) : []),
    ...(isFile(plain) ? [plain] : []),
  ];
}

function jsonFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

function whatIsWrong(path: string, now: Date): string | undefined {
  try {
    keptBaseline(readKept(path), { name: path, since: undefined }, now);
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

/** Whether what this run finds is what pull requests are held against: it builds the default branch, or a guarded one. */
export function makesBaseline({ pullRequest, targetBranch, branch, defaultBranch, guarded }: CiRun): boolean {
  if (branch === undefined || pullRequest !== undefined || targetBranch !== undefined) return false;
  return guarded === true || (defaultBranch === undefined ? defaultNames.has(branch) : branch === defaultBranch);
}

/** Keeps a report for the pull requests to come: whole or not at all. Returns what went wrong, if something did. */
export function keepBaseline(folder: string, { branch, image }: BaselineKey, report: string): string | undefined {
  const ofBranch = join(folder, fileName(branch));
  const path = join(ofBranch, `${fileName(image)}.json`);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(ofBranch, { recursive: true });
    copyFileSync(report, temporary);
    renameSync(temporary, path);
    return undefined;
  } catch (thrown) {
    tryRemove(temporary);
    return (thrown as NodeJS.ErrnoException).code ?? 'unknown error';
  }
}

function tryRemove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Below a file there is nothing to remove.
  }
}

/** A name from outside as the name of one file: no slash is left, nor a name that leads upwards. */
function fileName(name: string): string {
  const safe = encodeURIComponent(name.toWellFormed()).replace(/[.*'()!~]/g, (c) =>
    c === '.' ? '.' : `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return (safe.startsWith('.') ? `%2E${safe.slice(1)}` : safe).slice(0, longestName) || '%';
}
