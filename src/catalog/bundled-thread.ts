import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from 'node:worker_threads';

/** What a survey thread runs, and how. */
export interface ThreadFile {
  readonly file: string;
  readonly options?: WorkerOptions;
}

/** The bundled thread beside this file; undefined when sluice runs from its sources, where one thread does it all. */
export function bundledThread(): ThreadFile | undefined {
  known ??= { thread: found() };
  return known.thread;
}

let known: { readonly thread: ThreadFile | undefined } | undefined;

function found(): ThreadFile | undefined {
  const file = fileURLToPath(new URL('./survey-worker.mjs', import.meta.url));
  return existsSync(file) ? { file } : undefined;
}
