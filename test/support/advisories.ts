import { cpSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import { sluice } from './cli.ts';
import { shared } from './shared.ts';

/** Gives a cache folder all advisories of the reference data, as an update makes them: once for all tests of a run. */
export async function giveAdvisories(cacheDir: string): Promise<void> {
  const made = join(inject('common'), 'advisories');
  if (!existsSync(made)) await makeAdvisories(made);
  cpSync(made, cacheDir, { recursive: true });
}

/** Two workers may do so at once: the first one's stay. */
async function makeAdvisories(folder: string): Promise<void> {
  const making = `${folder}-${process.pid}`;
  const update = await sluice(['db', 'update', '--from', shared('osv'), '--cache-dir', making]);
  expect([update.code, update.stderr]).toEqual([0, '']);
  try {
    renameSync(making, folder);
  } catch (failure) {
    if (!existsSync(folder)) throw failure;
  }
}
