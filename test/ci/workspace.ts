import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { shared } from '../support/shared.ts';

/** The folder of the repository, which has the built program. */
export const root = resolve(import.meta.dirname, '..', '..');

/** The text of a file of the repository. */
export const fileText = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What a shell made of one script. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Variables of a step. */
export type Variables = Readonly<Record<string, string>>;

/** The shells as the CI systems start them, before the name of the script's file. */
export const shells = {
  github: ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail'],
  gitlab: ['bash', '-e', '-o', 'pipefail'],
  azure: ['bash', '--noprofile', '--norc'],
  circleci: ['bash', '-e', '-o', 'pipefail'],
  jenkins: ['sh', '-xe'],
  posix: ['sh'],
} as const;

let scripts = 0;

/** Runs a script as a step of a CI system does: from a file, with the variables that it is given and nothing of this machine's. */
export function runScript(
  script: string,
  { shell, env, folder }: { shell: keyof typeof shells; env: Variables; folder: string },
): Promise<Ended> {
  const kept = join(folder, '..', `script-${++scripts}`);
  writeFileSync(kept, script);
  return run([...shells[shell], kept], env, folder);
}

/** Runs a command without any shell. */
export function run([command = '', ...args]: readonly string[], env: Variables, folder: string): Promise<Ended> {
  return new Promise((done, reject) => {
    const path = [env.PATH, process.env.PATH].filter((part) => part !== undefined).join(':');
    const child = spawn(command, args, {
      cwd: folder,
      env: { HOME: tmpdir(), ...env, PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
      });
    child.on('error', reject);
    child.on('close', (code) => done({ code, ...texts }));
  });
}

/** An image's name that a shell would run, if it ever came to read it as more than a name. */
export const hostileName = `$(touch owned) \`touch owned\`; touch owned #'"&|>owned.tar`;

/** A working folder below one of its own, with an image of the reference data under a name. */
export function workFolder(below: string, image: string, name: string): string {
  const folder = join(below, 'work');
  mkdirSync(folder, { recursive: true });
  symlinkSync(shared('images', image), join(folder, name));
  return folder;
}

/** The reports that are in a folder, and what the event in it says. */
export function reportsIn(folder: string): { files: string[]; verdict: unknown } {
  const files = ['event.json', 'junit.xml', 'sluice.json', 'sluice.sarif', 'summary.md'];
  const event = join(folder, 'event.json');
  return {
    files: files.filter((name) => existsSync(join(folder, name))),
    verdict: existsSync(event) ? (JSON.parse(readFileSync(event, 'utf8')) as { verdict: unknown }).verdict : undefined,
  };
}

/** All reports that a run leaves everywhere. */
export const allReports = ['event.json', 'junit.xml', 'sluice.json', 'sluice.sarif', 'summary.md'];
