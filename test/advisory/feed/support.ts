import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { FeedId } from '../../../src/advisory/contract.ts';
import { FeedReader } from '../../../src/advisory/feed/feed-reader.ts';
import { writeFeed } from '../../../src/advisory/feed/feed-writer.ts';
import { openInput } from '../../../src/advisory/feed/input.ts';
import { readFeed } from '../../../src/advisory/feed/parsers.ts';
import { FeedRows } from '../../../src/advisory/feed/rows.ts';
import { decodeExploited, decodeScore, decodeStanding } from '../../../src/advisory/feed/values.ts';
import { fetchLimits } from '../../../src/advisory/fetch.ts';
import { afterFile } from '../../support/clean-up.ts';

/** An empty folder of this test file's own. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-feed-'));
  afterFile(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The path of a fixture. */
export function fixture(...parts: string[]): string {
  return resolve(import.meta.dirname, '..', '..', 'fixtures', 'feeds', ...parts);
}

/** The bytes of a fixture. */
export function fixtureBytes(...parts: string[]): Buffer {
  return readFileSync(fixture(...parts));
}

/** What a feed's rows say, in words: key, and what was stored of it. */
export function said(id: FeedId, rows: FeedRows): Record<string, unknown> {
  const decode = (value: string): unknown => {
    if (id === 'kev') return decodeExploited(value);
    return id === 'epss' ? decodeScore(value) : decodeStanding(value, id);
  };
  return Object.fromEntries(rows.sorted().map(([key, value]) => [key.replaceAll('\t', ' '), decode(value)]));
}

/** Reads files or folders as a feed. */
export async function readPlaces(id: FeedId, ...places: string[]): Promise<FeedRows> {
  const input = await openInput(places, undefined, {
    folder: scratch(),
    limits: fetchLimits,
    allowInsecure: false,
    offline: true,
    proxies: { for: () => undefined } as never,
    now: () => new Date(0),
    onBytes: () => {},
  });
  if (input === 'unchanged') throw new Error('a file is never unchanged');
  const rows = new FeedRows();
  try {
    await readFeed[id](input, rows);
  } finally {
    input.close();
  }
  return rows;
}

/** Reads bytes as a feed. */
export function readBytes(id: FeedId, bytes: Buffer, name = 'feed.json'): Promise<FeedRows> {
  const path = join(scratch(), name);
  writeFileSync(path, bytes);
  return readPlaces(id, path);
}

/** The bytes of the stored file of some rows. */
export function stored(id: FeedId, rows: FeedRows): Buffer {
  const path = join(scratch(), 'stored');
  writeFeed(path, id, rows);
  return readFileSync(path);
}

/** Opens the bytes of a stored file. */
export function openStoredBytes(id: FeedId, bytes: Buffer): FeedReader {
  const path = join(scratch(), 'opened');
  writeFileSync(path, bytes);
  closeSync(openSync(path, 'r'));
  return new FeedReader(path, id);
}

/** Rows of some keys and values. */
export function rowsOf(entries: Iterable<readonly [string, string]>): FeedRows {
  const rows = new FeedRows();
  for (const [key, value] of entries) rows.add(key, value);
  return rows;
}
