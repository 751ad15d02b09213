import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../util/error.ts';

/** How deep folders are searched, and how many files are taken at most. */
const deepest = 32;
const mostFiles = 100_000;

/** Folders that hold nobody's own files. */
const foreign = new Set(['node_modules', '.git']);

/**
 * Files in a folder and below whose names fit, sorted. Links to folders are not followed: they may lead in a circle.
 * @throws SluiceError `folder/too-deep`, `folder/too-many`, `folder/unreadable`
 */
export function filesIn(folder: string, fits: (name: string) => boolean): string[] {
  const found: string[] = [];
  const open: { readonly path: string; readonly depth: number }[] = [{ path: folder, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { path, depth } = next;
    if (depth > deepest)
      throw new SluiceError('folder/too-deep', `${path} is nested more than ${deepest} folders deep`);
    for (const entry of entriesOf(path)) {
      const below = join(path, entry.name);
      if (entry.isDirectory() && !foreign.has(entry.name)) open.push({ path: below, depth: depth + 1 });
      else if (!entry.isDirectory() && fits(entry.name)) found.push(below);
    }
    if (found.length > mostFiles)
      throw new SluiceError('folder/too-many', `${folder} holds more than ${mostFiles} such files`);
  }
  return found.sort();
}

function entriesOf(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw new SluiceError(
      'folder/unreadable',
      code === 'ENOENT' ? `${path} does not exist` : `${path} can't be read (${code})`,
    );
  }
}
