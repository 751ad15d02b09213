import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';

const bin = resolve(import.meta.dirname, '..', '..', 'bin', 'sluice.mjs');

/** What a run of the program ended with. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** Largest resident memory in bytes, where the system tells; else 0. */
  readonly peak: number;
}

/** Runs the built program as a user does, with an environment that holds nothing of the machine's settings. */
export function sluice(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  const started = performance.now();
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, ['--import', peakProbe, bin, ...args], {
      env: { PATH: process.env.PATH ?? '', HOME: tmpdir(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const peak = Number(/^peak (\d+)$/m.exec(stderr)?.[1] ?? 0) * 1024;
      done({
        code,
        stdout,
        stderr: stderr.replace(/^peak \d+\n/m, ''),
        seconds: (performance.now() - started) / 1000,
        peak,
      });
    });
  });
}

/** Has the process say its largest resident memory, in KiB, when it ends. */
const peakProbe = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + '\\n'))",
)}`;

/** A folder that is gone when the tests of the file are done. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
