import { describe, expect, test } from 'vitest';
import { needsEngine } from '../../../src/detect/secrets/pattern/compile.ts';
import { secretRules } from '../../../src/detect/secrets/rules.gen.ts';
import { createScanner } from '../../../src/detect/secrets/scanner.ts';
import { hostileTexts } from './hostile-texts.ts';

/** CPU that a megabyte may take on a machine that nobody else uses, in milliseconds. */
const mostMilliseconds = 50;
/** Bytes of a first, short text: there are thousands of them, and nearly all are as easy as they should be. */
const short = 50_000;
const megabyte = 1_000_000;
const tries = 16;
/** What {@link reference} takes on such a machine, in milliseconds. */
const usualReference = 1;

const numbers = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 7919) & 0xff);
let sink = 0;

/** Work that is always the same: it takes longer where others use the machine as well, and so may the search. */
function reference(): void {
  for (let i = 0; i < numbers.length; i++) sink = (sink + numbers[i]!) | 0;
}

function millisecondsOf(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

/** For how long it is taken for granted how slow the machine is, in milliseconds. */
const slownessHolds = 50;
let slowness = 1;
let askedAt = Number.NEGATIVE_INFINITY;

/** How many times as long as usual things take on the machine as it is now; 1 at least. */
function howSlow(again: boolean): number {
  if (again || performance.now() - askedAt > slownessHolds) {
    slowness = Math.max(1, millisecondsOf(reference) / usualReference);
    askedAt = performance.now();
  }
  return slowness;
}

/** How often the search took longer than it may, at best, or the first that is `enough`. */
function excessOf(size: number, enough: number, work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < tries && least > enough; turn++) {
    const slow = howSlow(turn > 0);
    least = Math.min(least, millisecondsOf(work) / slow / (mostMilliseconds * (size / megabyte)));
  }
  return least;
}

describe('no text is hard for a built-in rule', () => {
  for (let turn = 0; turn < 20; turn++) reference();

  test.each(secretRules.rules.filter(({ pattern }) => pattern !== undefined))('$id', (rule) => {
    expect(needsEngine(rule.pattern!)).toBe(false);
    const scanner = createScanner([{ ...secretRules, rules: [rule] }]);
    const excess = (text: Buffer, enough: number): number =>
      excessOf(text.length, enough, () => {
        const reader = scanner.open('settings', text.length);
        reader?.write(text);
        reader?.end();
      });
    const slow: [string, number][] = [];
    let long: ReadonlyMap<string, Buffer> | undefined;
    for (const [name, text] of hostileTexts(rule, short)) {
      if (excess(text, 1) <= 1) continue;
      long ??= hostileTexts(rule, megabyte);
      const whole = excess(long.get(name)!, 1);
      if (whole > 1) slow.push([name, Math.round(whole * mostMilliseconds)]);
    }
    expect(slow).toEqual([]);
  });
});
