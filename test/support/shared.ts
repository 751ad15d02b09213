import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * The reference data: real images with the truth beside them, and a mirror of real advisories. It lies beside the
 * repository and is far too large to be in it; tests that need it are skipped, by name, where it is absent.
 */
const sharedRoot = resolve(import.meta.dirname, '..', '..', '..', 'shared');

/** Whether the reference data is there: `test.skipIf(!hasShared)(...)`. */
export const hasShared = existsSync(join(sharedRoot, 'images'));

/** The path of something in the reference data. */
export function shared(...parts: string[]): string {
  return join(sharedRoot, ...parts);
}

/** A JSON file of the reference data. */
export function sharedJson<T>(...parts: string[]): T {
  return JSON.parse(readFileSync(shared(...parts), 'utf8')) as T;
}
