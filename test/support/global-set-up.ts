import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder for what is made once for all tests of a run. */
    readonly common: string;
  }
}

/** Makes the folder before all tests, and takes it away after them. */
export default function setUp(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-common-'));
  project.provide('common', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
