import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(import.meta.dirname, '..', '..');
const bin = join(root, 'bin', 'sluice.mjs');
const dist = join(root, 'dist');
const probe = join(import.meta.dirname, 'budget-probe.mjs');

/** What one run of the program cost, in figures that are the same on every machine. */
export interface Cost {
  readonly code: number | null;
  readonly stdout: string;
  /** The files of dist/ that were loaded, without the hash in their names. */
  readonly files: readonly string[];
  /** Size of these files in bytes: what V8 had to compile. */
  readonly compiled: number;
  /** Modules of Node that a program of one empty file doesn't load. */
  readonly builtins: readonly string[];
  /** Threads that were started. What is read there is not counted. */
  readonly threads: number;
  /** Reads and their bytes, by path. */
  readonly read: ReadonlyMap<string, { readonly calls: number; readonly bytes: number }>;
}

interface Told {
  readonly builtins: readonly string[];
  readonly threads: number;
  readonly read: Record<string, { calls: number; bytes: number }>;
}

/** Runs the built program once and counts. */
export async function costOf(args: readonly string[]): Promise<Cost> {
  idle ??= run(undefined, []);
  const bare = (await idle).told.builtins;
  const { code, stdout, told, scripts } = await run(bin, args);
  const loaded = scripts.filter((path) => path.startsWith(dist));
  return {
    code,
    stdout,
    files: loaded.map((path) => path.slice(dist.length + 1).replace(/-[0-9A-Za-z]{8}(?=\.mjs$)/, '')).sort(),
    compiled: loaded.reduce((sum, path) => sum + statSync(path).size, 0),
    builtins: told.builtins.filter((name) => !bare.includes(name)),
    threads: told.threads,
    read: new Map(Object.entries(told.read)),
  };
}

/** A program of one empty file, counted once. */
let idle: ReturnType<typeof run> | undefined;

async function run(program: string | undefined, args: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-budget-'));
  try {
    const toldFile = join(folder, 'told.json');
    const empty = join(folder, 'empty.mjs');
    writeFileSync(empty, '');
    // By coverage, V8 names every script that it has compiled.
    const env = { PATH: process.env.PATH ?? '', HOME: folder, SLUICE_PROBE: toldFile, NODE_V8_COVERAGE: folder };
    // Not synchronous: a registry in this process has to answer meanwhile.
    const child = spawn(process.execPath, ['--import', probe, program ?? empty, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    const code = await new Promise<number | null>((done, fail) => child.on('close', done).on('error', fail));
    const told = JSON.parse(readFileSync(toldFile, 'utf8')) as Told;
    return { code, stdout, told, scripts: scriptsIn(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files that the coverage reports of a folder name. */
function scriptsIn(folder: string): string[] {
  const paths = new Set<string>();
  for (const name of readdirSync(folder).filter((file) => file.startsWith('coverage-'))) {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: { url: string }[] };
    for (const { url } of result) if (url.startsWith('file:')) paths.add(fileURLToPath(url));
  }
  return [...paths];
}
