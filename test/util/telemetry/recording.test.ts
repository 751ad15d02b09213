import { describe, expect, test } from 'vitest';
import { SluiceError } from '../../../src/util/error.ts';
import { maxSteps, maxTextLength, Recording } from '../../../src/util/telemetry/recording.ts';
import { inStep, type Step } from '../../../src/util/telemetry/step.ts';

const plain = (recording: Recording) =>
  recording.steps.map(({ attributes, ...step }) => ({ ...step, attributes: Object.fromEntries(attributes) }));

describe('a recording', () => {
  test('ends a step once, and never before it began', () => {
    const moments = [10, 5, 30];
    const recording = new Recording(() => moments.shift() ?? 0);
    const root = recording.begin('run');
    root.end();
    root.end(new Error('late'));
    root.set({ more: 1 });
    expect(plain(recording)).toEqual([
      { name: 'run', parent: undefined, started: 10, ended: 10, attributes: { more: 1 } },
    ]);
  });

  test('keeps neither more steps nor longer texts than a collector takes', () => {
    const recording = new Recording(() => 1);
    const root = recording.begin('run', { text: 'x'.repeat(5000), list: Array.from({ length: 100 }, () => 'y') });
    let step: Step = root;
    for (let i = 0; i < maxSteps + 5; i++) step = i % 2 === 0 ? root.step('layer') : step.step('part', { i });
    step.end();
    expect([recording.steps.length, recording.dropped]).toEqual([maxSteps, 6]);
    const { attributes } = recording.steps[0]!;
    expect(attributes.get('text')).toBe(`${'x'.repeat(maxTextLength - 1)}…`);
    expect(attributes.get('list')).toHaveLength(32);
  });
});

describe('work in a step', () => {
  test('is the work alone where nothing is measured', async () => {
    expect(await inStep(undefined, 'open', (step) => [step, 1])).toEqual([undefined, 1]);
  });

  test('tells by a code what it failed by, and fails all the same', async () => {
    const recording = new Recording(() => 1);
    const root = recording.begin('run');
    for (const error of [new SluiceError('registry/denied', 'hunter2'), new TypeError('hunter2'), 'hunter2']) {
      const work = inStep(root, 'open', () => {
        throw error;
      });
      await expect(work).rejects.toBe(error);
    }
    expect(recording.steps.map(({ error }) => error)).toEqual([undefined, 'registry/denied', 'TypeError', 'Error']);
    expect(JSON.stringify(plain(recording))).not.toContain('hunter2');
  });
});
