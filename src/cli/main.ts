import { type ErrorCode, SluiceError } from '../util/error.ts';
import type { Command, Invocation } from './command.ts';

/** The version in package.json, put in when sluice is bundled. */
declare const SLUICE_VERSION: string;
const version = SLUICE_VERSION;
/** Digest of the sources, put in when sluice is bundled: what a different one found out is not believed. */
declare const SLUICE_BUILD: string;

/** The commands: each is loaded only when it is called, so that none pays for another's libraries. */
const commands: Record<string, { doc: string; load: () => Promise<{ command: Command }> }> = {
  scan: { doc: 'look into an image and decide whether it may pass', load: () => import('./scan.ts') },
  db: { doc: 'fetch vulnerability data, or show what there is', load: () => import('./db.ts') },
};

const usage = `sluice ${version}: one gate for container images

Usage: sluice <command> TARGET [flags]

Commands:
${Object.entries(commands)
  .map(([name, { doc }]) => `  ${name.padEnd(8)}${doc}`)
  .join('\n')}

sluice <command> --help shows a command's flags. sluice --version shows the version.
Exit codes: 0 pass or warn · 1 could not do the work · 2 the gate says stop · 3 undecided
`;

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(usage);
    return name === undefined ? 1 : 0;
  }
  if (name === '--version' || name === '-V') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  const found = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!found) throw await unknownCommand(name);
  const { command } = await found.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(command.help());
    return 0;
  }
  const invocation: Invocation = { args: rest, env: process.env, version, build: SLUICE_BUILD };
  return command.run(invocation);
}

async function unknownCommand(name: string): Promise<SluiceError> {
  const { nearest } = await import('../util/nearest.ts');
  const close = nearest(name, Object.keys(commands));
  return new SluiceError(
    'usage/unknown-command',
    `there is no command ${name}`,
    close ? `did you mean ${close}?` : 'see sluice --help',
  );
}

/** Prints one line, and the hint below it: never a stack trace, unless SLUICE_DEBUG asks for one. */
async function fail(thrown: unknown): Promise<number> {
  const { harmless } = await import('../util/harmless.ts');
  const known = thrown instanceof SluiceError;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code: ErrorCode = known ? thrown.code : 'bug/unforeseen';
  const hint = known ? thrown.hint : 'this is a bug in sluice: please report it, with SLUICE_DEBUG=1 set';
  process.stderr.write(`sluice: ${harmless(error.message)} [${code}]\n`);
  if (hint) process.stderr.write(`        ${harmless(hint)}\n`);
  if (process.env.SLUICE_DEBUG) process.stderr.write(`${(error.stack ?? '').split('\n').map(harmless).join('\n')}\n`);
  return 1;
}

// A reader that goes away (`sluice … | head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`sluice: standard output can't be written (${error.code}) [output/unwritable]\n`);
  process.exit(1);
});
process.exitCode = await main(process.argv.slice(2)).catch(fail);
