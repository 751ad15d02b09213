import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openAdvisoryDb } from '../../src/advisory/open.ts';
import { readCurrent } from '../../src/advisory/read-current.ts';
import type { UpdateOptions, UpdateResult } from '../../src/advisory/update.ts';
import { afterTest } from '../support/clean-up.ts';
import { OsvMirror } from '../support/osv-mirror.ts';
import { noon, scratch, update } from './support.ts';

/** Limits of a test that doesn't wait. */
export const quick: Partial<UpdateOptions> = { limits: { pauseMs: 1, idleMs: 3000, maxPauseMs: 5, retries: 1 } };

/** The same, a minute later. */
export const soon = { ...quick, now: () => new Date(noon.getTime() + 60_000) };

/** A mirror with nothing in it, which is closed after the test. */
export async function startMirror(): Promise<OsvMirror> {
  const mirror = await new OsvMirror().listen();
  afterTest(() => mirror.close());
  return mirror;
}

/** What differs from one record of a test to the next. */
export interface RecordFields {
  readonly modified?: string;
  readonly fixed?: string;
  readonly name?: string;
  readonly details?: string;
}

/** A record as a mirror has it. */
export function advisory(id: string, ecosystem: string, fields: RecordFields = {}): string {
  const { modified = '2024-01-01T00:00:00Z', fixed = '2.0', name = 'a', details = '' } = fields;
  const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }];
  return JSON.stringify({ id, modified, details, affected: [{ package: { ecosystem, name }, ranges }] });
}

/** A mirror of npm and PyPI with so many records each: `X-npm-7` is about `p7`, of an hour of 2020. */
export async function syntheticMirror(count: number): Promise<OsvMirror> {
  const mirror = await startMirror();
  for (const ecosystem of ['npm', 'PyPI']) {
    const records = Array.from({ length: count }, (_, i) => {
      const modified = new Date(Date.UTC(2020, 0, 1) + i * 3_600_000).toISOString();
      const id = `X-${ecosystem}-${i}`;
      return [id, Buffer.from(advisory(id, ecosystem, { modified, name: `p${i % 90}` }))] as const;
    });
    mirror.offer(ecosystem, new Map(records));
  }
  return mirror;
}

/** The SHA-256 of the bytes of the index files in force, by ecosystem. */
export function indexes(cache: string): Record<string, string> {
  const folder = join(cache, 'db');
  return Object.fromEntries(
    readCurrent(folder)!.sources.map(({ ecosystem, digest }) => [
      ecosystem,
      hash('sha256', readFileSync(join(folder, `${digest.slice(7)}.index`))),
    ]),
  );
}

/** The same of a new cache that takes the whole exports. */
export async function fromScratch(mirror: OsvMirror, ecosystems: string[] = []): Promise<Record<string, string>> {
  const cache = scratch();
  await good(update(mirror.base, cache, { ...quick, ecosystems }));
  return indexes(cache);
}

/** An update in which nothing goes wrong. */
export async function good(running: Promise<UpdateResult>): Promise<UpdateResult> {
  const result = await running;
  expect(result.failed).toEqual([]);
  expect(result.notes).toEqual([]);
  return result;
}

/** The ids that the data in force has for one package. */
export function ids(cache: string, ecosystem: string, name: string): string[] {
  const db = openAdvisoryDb(cache)!;
  try {
    return db.lookup(ecosystem, name).map(({ id }) => id);
  } finally {
    db.close();
  }
}

/** The names of what can't be read in one ecosystem. */
export function unreadable(cache: string, ecosystem: string): readonly string[] {
  return readCurrent(join(cache, 'db'))!.sources.find((one) => one.ecosystem === ecosystem)!.unreadableNames;
}
