import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const root = resolve(import.meta.dirname, '..', '..');

/** Bundles the survey thread as a release does, into a folder; returns its file. */
export function bundledThread(folder: string): string {
  const outfile = join(folder, 'survey-worker.mjs');
  buildSync({
    absWorkingDir: root,
    entryPoints: ['src/catalog/survey-worker.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  return outfile;
}

/** Writes a thread that does something else with its jobs: the body of `(job, answer) => {}`. */
export function strangeThread(folder: string, name: string, body: string): string {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(
    file,
    `import { parentPort } from 'node:worker_threads';
const answer = (message) => parentPort.postMessage(message);
parentPort.on('message', (job) => { ${body} });`,
  );
  return file;
}
