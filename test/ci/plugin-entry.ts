import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Ended, fileText, root, run, type Variables } from './workspace.ts';

/** What the container of the plugin begins with. */
export const entry = join(root, 'ci', 'plugin', 'entry.sh');

/** The settings that the entry of the container knows. */
const known = /for name in ([A-Z_ ]+);/.exec(fileText('ci/plugin/entry.sh'))?.[1]?.split(' ') ?? [];
/** All of them. */
export const settings = [...known, 'MIRROR', 'TIMEOUT_MINUTES'];

/** Plays the container: its program is installed by its own script, its settings come as the system gives them. */
export function playPlugin(base: string, env: Variables): Promise<Ended> {
  const bin = join(base, 'bin');
  const made = spawnSync('sh', [join(root, 'ci', 'install.sh')], {
    env: { PATH: process.env.PATH, SLUICE_INSTALL: root, SLUICE_BIN: bin },
    encoding: 'utf8',
  });
  expect([made.status, made.stderr]).toEqual([0, '']);
  return run([entry], { ...env, PATH: bin }, join(base, 'work'));
}
