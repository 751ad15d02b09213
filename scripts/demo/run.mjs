// Runs another program without a word, unless it fails.
import { spawnSync } from 'node:child_process';

/** A program that failed; `output` is what it printed. */
export class RunError extends Error {
  constructor(command, output) {
    super(`${command} failed`);
    this.output = output;
  }
}

/** Runs `node` or `npm` quietly. Throws a RunError when it doesn't end well. */
export function run(command, args, options = {}) {
  const windows = process.platform === 'win32';
  const program = command === 'node' ? process.execPath : command;
  const shell = windows && command === 'npm';
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    ...options,
    shell,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error) throw new RunError(`${command} ${args[0]}`, error.message);
  if (status !== 0) throw new RunError(`${command} ${args[0]}`, `${stdout}${stderr}`);
}
