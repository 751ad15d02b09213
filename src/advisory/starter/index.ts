import type { AdvisoryDb } from '../contract.ts';
import { memoryAdvisoryDb } from '../memory.ts';
import { distributions } from './distributions.ts';
import { golang } from './golang.ts';
import { java } from './java.ts';
import { javascript } from './javascript.ts';
import { python } from './python.ts';
import type { StarterRecord } from './record.ts';

/**
 * The built-in records: the flaws that are exploited most in containers. They give a first answer before any data was
 * fetched, and are no replacement for it.
 */
export const starterRecords: readonly StarterRecord[] = [
  ...java,
  ...javascript,
  ...python,
  ...golang,
  ...distributions,
];

/** The built-in records as a database. */
export function openStarterDb(): AdvisoryDb {
  return memoryAdvisoryDb(starterRecords, 'starter');
}
