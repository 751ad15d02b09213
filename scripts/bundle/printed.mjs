import { spawnSync } from 'node:child_process';

/** What a program of Node prints. Throws when it does not end well. */
export function printed(args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    maxBuffer: 64 * 1024 * 1024,
    ...options,
    encoding: 'utf8',
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
}
