import { join } from 'node:path';
import { type Current, decodeCurrent, maxCurrentBytes, nothingCurrent } from './current.ts';
import { readSmallFile } from './store-files.ts';

/** The file that names what is in force. */
export const currentName = 'current.json';

/**
 * The data in force; undefined when there is none yet.
 * @throws SluiceError `advisory/current-damaged`.
 */
export function readCurrent(folder: string): Current | undefined {
  const bytes = readSmallFile(join(folder, currentName), maxCurrentBytes);
  return bytes && decodeCurrent(bytes);
}

/** Like {@link readCurrent}, but what is damaged counts as absent: an update must be able to repair it. */
export function readCurrentLeniently(folder: string): Current {
  try {
    return readCurrent(folder) ?? nothingCurrent;
  } catch {
    return nothingCurrent;
  }
}
