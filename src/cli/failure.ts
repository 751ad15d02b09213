import { type ErrorCode, SluiceError } from '../util/error.ts';
import { harmless } from '../util/harmless.ts';
import { nearest } from '../util/nearest.ts';
import { nextStep } from './next-step.ts';
import { writeText } from './standard-streams.ts';

/**
 * Prints one line, and the next step below it: never a stack trace, unless `debug` asks for one. `command` is the one that
 * was called.
 */
export function printFailure(thrown: unknown, debug: boolean, command?: string): void {
  const known = thrown instanceof SluiceError;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code: ErrorCode = known ? thrown.code : 'bug/unforeseen';
  const hint = known
    ? (thrown.hint ?? nextStep(code, command))
    : 'this is a bug in sluice: please report it, with SLUICE_DEBUG=1 set';
  const lines = [`sluice: ${harmless(error.message)} [${code}]`, `        ${harmless(hint)}`];
  if (debug) lines.push(...(error.stack ?? '').split('\n').map(harmless));
  writeText(2, `${lines.join('\n')}\n`);
}

/** The error for a name that is no command. */
export function unknownCommand(name: string, commands: readonly string[]): SluiceError {
  const close = nearest(name, commands);
  return new SluiceError(
    'usage/unknown-command',
    `there is no command ${name}`,
    close ? `did you mean ${close}?` : 'see sluice --help',
  );
}
