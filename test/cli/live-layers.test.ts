import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LayerState } from '../../src/catalog/survey-image.ts';
import { LiveLayers } from '../../src/cli/live-layers.ts';

/** A terminal that obeys what the view writes: text, line ends, up, and clearing what is below. */
class Terminal {
  readonly lines: string[] = [''];
  width: number;
  height: number;
  time = 0;
  writes = 0;
  #row = 0;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }

  write(text: string): void {
    this.writes++;
    for (const [part = ''] of text.matchAll(/\r|\n|\x1b\[(\d+)([AJ])|[^\r\n\x1b]+/g)) {
      const [, n = '', action] = /^\x1b\[(\d+)([AJ])$/.exec(part) ?? [];
      if (action === 'A') {
        this.#row -= Number(n);
        expect(this.#row).toBeGreaterThanOrEqual(0);
      } else if (action === 'J') this.lines.length = this.#row;
      else if (part === '\n') this.#row++;
      else if (part !== '\r') {
        expect(part.length).toBeLessThan(this.width);
        this.lines[this.#row] = part;
      }
    }
  }

  columns = (): number => this.width;
  rows = (): number => this.height;
  now = (): number => this.time;
}

let terminal: Terminal;
let live: LiveLayers;
beforeEach(() => {
  terminal = new Terminal(80, 24);
  live = new LiveLayers('a\x1b.tar', terminal);
});
afterEach(() => live.clear());

/** Tells something, so much later. */
function tell(after: number, state: LayerState): void {
  terminal.time += after;
  live.take(state);
}

describe('layers while they are read', () => {
  test('are a line each, with state, size, speed and packages, and go away', () => {
    tell(0, { layer: 0, state: 'known', size: 2_700_000, packages: 14 });
    tell(0, { layer: 1, state: 'waiting', size: 12_000 });
    tell(0, { layer: 2, state: 'waiting', size: 50_000_000 });
    tell(100, { layer: 2, state: 'reading', size: 50_000_000 });
    expect(terminal.writes).toBe(0);
    tell(600, { layer: 1, state: 'reading', size: 12_000 });
    expect(terminal.lines).toEqual([
      'a\\x1b.tar: 1 of 3 layers, 14 packages so far',
      '  = layer   0  cached      2.7 MB                   14 packages',
      '  > layer   1  reading    12.0 kB  0.0 s',
      '  > layer   2  reading    50.0 MB  0.6 s',
    ]);
    tell(400, { layer: 2, state: 'read', size: 50_000_000, packages: 1 });
    expect(terminal.lines[0]).toBe('a\\x1b.tar: 2 of 3 layers, 15 packages so far');
    expect(terminal.lines[3]).toBe('  + layer   2  read       50.0 MB     50.0 MB/s      1 package');
    expect([live.isShown, live.isDone]).toEqual([true, false]);
    tell(100, { layer: 1, state: 'read', size: 12_000, packages: 0 });
    expect([live.isShown, live.isDone]).toEqual([true, true]);
    live.clear();
    expect(terminal.lines).toEqual([]);
    expect(live.isShown).toBe(false);
  });

  test('are drawn ten times a second at most, and not at all where it is over at once', () => {
    for (let i = 0; i < 190; i++) tell(1, { layer: i % 5, state: 'reading', size: 1 });
    expect(terminal.writes).toBe(0);
    for (let i = 0; i < 1000; i++) tell(1, { layer: i % 5, state: 'reading', size: 1 });
    expect(terminal.writes).toBeGreaterThan(8);
    expect(terminal.writes).toBeLessThanOrEqual(11);
  });

  test('of many are those that are read now, and the others are counted', () => {
    terminal.height = 10;
    for (let layer = 0; layer < 100; layer++) tell(0, { layer, state: 'read', size: 1, packages: 1 });
    tell(500, { layer: 77, state: 'reading', size: 1 });
    tell(200, { layer: 78, state: 'waiting', size: 1 });
    expect(terminal.lines).toHaveLength(8);
    expect(terminal.lines.filter((line) => line.includes('layer  77  reading'))).toHaveLength(1);
    expect(terminal.lines.at(-1)).toBe('  and 94 more: 94 done');
  });
});

test('however they come, and however the terminal changes, nothing is left behind', () => {
  const state = fc.record({
    layer: fc.nat(40),
    state: fc.constantFrom('known', 'waiting', 'reading', 'read'),
    size: fc.nat(),
    packages: fc.nat(9999),
    after: fc.nat(300),
    height: fc.integer({ min: 1, max: 50 }),
  });
  fc.assert(
    fc.property(fc.array(state, { maxLength: 60 }), (told) => {
      const screen = new Terminal(80, 24);
      const shown = new LiveLayers('x'.repeat(300), screen);
      for (const { after, height, ...one } of told) {
        screen.time += after;
        screen.height = height;
        shown.take(one);
      }
      shown.clear();
      expect(screen.lines.filter((line) => line !== '')).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
