import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as streams from '../../src/cli/standard-streams.ts';
import { Progress } from '../../src/cli/terminal.ts';

let terminal: boolean;
let written: string[];
let now: number;

beforeEach(() => {
  written = [];
  now = 1_000_000;
  vi.spyOn(streams, 'isTerminal').mockImplementation(() => terminal);
  vi.spyOn(streams, 'writeText').mockImplementation((_stream, text) => void written.push(text));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Says three things, 40 ms, then 60 ms, then a minute apart, and ends. */
function work(progress: Progress): string[] {
  progress.say('one of 3');
  now += 40;
  progress.say('two of 3');
  now += 60;
  progress.say('th\u001bree of 3');
  now += 60_000;
  progress.say('still three');
  progress.clear();
  progress.clear();
  progress.finish('3 in all');
  return written;
}

describe('progress', () => {
  test('is one line of a terminal, at most every 50 ms', () => {
    terminal = true;
    expect(work(new Progress({}, false, { lines: true }))).toEqual([
      '\r\x1b[2Kone of 3',
      '\r\x1b[2Kth\\x1bree of 3',
      '\r\x1b[2Kstill three',
      '\r\x1b[2K',
      '3 in all\n',
    ]);
  });

  test('is a line every half minute where there is none', () => {
    terminal = false;
    expect(work(new Progress({}, false, { lines: true }))).toEqual(['sluice: still three\n']);
    expect(work(new Progress({ CI: 'true' }, false))).toHaveLength(1);
  });

  test.each([
    [{ CI: 'true' }, false],
    [{ TERM: 'dumb' }, false],
  ])('of short work is nothing on a terminal with %j', (env, lines) => {
    terminal = true;
    expect(work(new Progress(env, false, { lines }))).toEqual([]);
  });

  test('is nothing when quiet', () => {
    for (terminal of [true, false]) {
      expect(work(new Progress({}, true, { lines: true }))).toEqual([]);
    }
  });
});
