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
  /** CPU time of all its threads in seconds, which is the same on a busy machine; 0 when it was killed. */
  readonly cpuSeconds: number;
  /** Largest resident memory in bytes, where the system tells; else 0. */
  readonly peak: number;
}

/** Runs the built program as a user does, with an environment that holds nothing of the machine's settings. */
export function sluice(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, ['--import', usageProbe, bin, ...args], {
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
      const [, peak = 0, microseconds = 0] = usageLine.exec(stderr) ?? [];
      done({
        code,
        stdout,
        stderr: stderr.replace(usageLine, ''),
        cpuSeconds: Number(microseconds) / 1e6,
        peak: Number(peak) * 1024,
      });
    });
  });
}

/** Has the process say its largest resident memory, in KiB, and its CPU time, in microseconds, when it ends. */
const usageProbe = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();" +
    "process.stderr.write('usage ' + maxRSS + ' ' + (userCPUTime + systemCPUTime) + '\\n'); })",
)}`;
const usageLine = /^usage (\d+) (\d+)\n/m;

/** A folder that is gone when the tests of the file are done. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
