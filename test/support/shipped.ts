import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const bin = resolve(import.meta.dirname, '..', '..', 'bin', 'sluice.mjs');

/** Runs sluice with a reader that goes away after the first bytes, as `head -1` does. */
export function cutShort(args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stdout.once('data', () => child.stdout.destroy());
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => done({ code, stderr }));
  });
}

/** A bundled file and what it imports at once, not lazily: names in its folder. */
export function closure(dist: string, name: string, found: string[] = []): string[] {
  if (found.includes(name)) return found;
  found.push(name);
  const code = readFileSync(join(dist, name), 'utf8');
  for (const match of code.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) closure(dist, match[1] ?? '', found);
  return found;
}

/** Runs any script with this Node. */
export function node(...args: readonly string[]): Promise<{ code: number | null; stdout: string }> {
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.on('error', reject);
    child.on('close', (code) => done({ code, stdout }));
  });
}
