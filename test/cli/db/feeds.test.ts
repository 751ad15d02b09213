import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { epssUrl, kevUrl } from '../../../src/advisory/feed/parsers.ts';
import { feedFlags, feedSources, feedWarnings, updateGivenFeeds } from '../../../src/cli/db/feeds.ts';
import { readFlags } from '../../../src/cli/flags.ts';

const cacheDir = mkdtempSync(join(tmpdir(), 'sluice-feeds-'));
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));

const fixture = (...parts: string[]) => resolve(import.meta.dirname, '..', '..', 'fixtures', 'feeds', ...parts);
const given = (...args: string[]) => readFlags(args, feedFlags, {});
const update = { cacheDir, offline: true, publicExport: false, now: () => new Date(0) };

describe('the feeds of an update', () => {
  test.each<[string[], boolean, [string, string[]][]]>([
    [[], false, []],
    [
      [],
      true,
      [
        ['kev', [kevUrl]],
        ['epss', [epssUrl]],
      ],
    ],
    [['--kev', 'none'], true, [['epss', [epssUrl]]]],
    [['--kev', 'none', '--epss=none'], true, []],
    [
      ['--kev', 'a.json', '--epss', 'b.csv'],
      true,
      [
        ['kev', ['a.json']],
        ['epss', ['b.csv']],
      ],
    ],
    [['--debian-tracker', 'd.json'], false, [['debian', ['d.json']]]],
    [
      ['--redhat-vex', 'r', '--alpine-secdb', 'x', '--alpine-secdb', 'y'],
      false,
      [
        ['redhat', ['r']],
        ['alpine', ['x', 'y']],
      ],
    ],
  ])('%j, from the public export: %s', (args, publicly, sources) => {
    expect(feedSources(given(...args), publicly)).toEqual(sources.map(([id, from]) => ({ id, from })));
  });

  test('none is no place for what is not fetched by itself', () => {
    expect(() => feedSources(given('--debian-tracker', 'none'), false)).toThrow(
      expect.objectContaining({ code: 'usage/feed', message: '--debian-tracker takes a place, not none' }),
    );
  });

  test('are told of in warnings, one line each', async () => {
    expect(await updateGivenFeeds(given(), { ...update, publicExport: true })).toBeUndefined();
    const args = [
      '--kev',
      fixture('kev.json'),
      '--epss',
      fixture('kev.json'),
      '--debian-tracker',
      'https://example.org/',
    ];
    const result = await updateGivenFeeds(given(...args), update);
    expect(result?.replaced).toEqual(['kev']);
    expect(feedWarnings(result!)).toEqual([
      'the feed debian could not be had, and there is none of before: offline, a feed is only read from a file [advisory/offline]\n        name a file or folder',
      'the feed epss could not be had, and there is none of before: line 1 is not that of scores of EPSS (cve,epss,percentile) [advisory/feed-unreadable]',
      'the feed kev: 2 entries could not be read: CVE-2024-1001: its CVE or one of its days is malformed; entry 4: its CVE or one of its days is malformed',
    ]);
    const again = await updateGivenFeeds(given('--kev', fixture('epss.csv')), update);
    expect(feedWarnings(again!)).toEqual([
      expect.stringMatching(/^the feed kev stays as it was: .* \[advisory\/feed-unreadable\]$/),
    ]);
  });

  test('are taken by force when that is said', async () => {
    const older = ['--kev', fixture('kev.json'), '--force-feed'];
    expect((await updateGivenFeeds(given(...older), update))?.failed).toEqual([]);
  });
});
