import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inject } from 'vitest';

const root = resolve(import.meta.dirname, '..', '..');

/** Runs a program and returns what it printed. @throws Error when it does not end with 0 */
export function ran(command: string, args: readonly string[], cwd = root): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

/** A folder with the npm package of sluice installed, as a user has it: made once a run, for it takes seconds. */
export function installedPackage(): string {
  const made = join(inject('common'), 'installed');
  if (existsSync(made)) return made;
  const folder = mkdtempSync(join(inject('common'), 'package-'));
  ran(process.execPath, ['scripts/package.mjs', folder, '--built']);
  writeFileSync(join(folder, 'package.json'), '{"name":"user","private":true,"type":"module"}');
  const flags = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  ran('npm', ['install', join(folder, 'sluice-0.1.0.tgz'), ...flags], folder);
  try {
    renameSync(folder, made);
  } catch {
    // Another worker was quicker.
    rmSync(folder, { recursive: true });
  }
  return made;
}
