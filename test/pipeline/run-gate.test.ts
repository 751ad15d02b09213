import { expect, test } from 'vitest';
import type { PolicySet } from '../../src/cli/policy-flags.ts';
import { RunGate } from '../../src/pipeline/run-gate.ts';
import { defaultPolicy } from '../../src/policy/policy.ts';
import { evidence } from '../policy/make.ts';

const now = new Date('2024-06-10T12:00:00Z');
const sources = [
  { ecosystem: 'npm', origin: 'osv-export', records: 1, newest: '', checkedAt: '2024-06-10T00:00:00Z' },
] as const;

/** The verdict as of a moment, and the moments by which it was made. */
async function judgedAt(at: string | undefined) {
  const set: PolicySet = { choose: () => defaultPolicy, mapped: false, ...(at ? { at: new Date(at) } : {}) };
  const { verdict, judgedBy } = await new RunGate(set, now, 'test').judge(evidence({ sources }), []);
  const { judging } = judgedBy;
  return [verdict.decision, judging.now.toISOString().slice(0, 10), judging.dataNow?.toISOString().slice(0, 10)];
}

test('--at moves deadlines and expiries; the data is as old as it is', async () => {
  expect(await judgedAt(undefined)).toEqual(['pass', '2024-06-10', undefined]);
  expect(await judgedAt('2025-06-10')).toEqual(['pass', '2025-06-10', '2024-06-10']);
  expect(await judgedAt('2024-01-01')).toEqual(['pass', '2024-01-01', '2024-06-10']);
});

test('data that is stale then is told of a moment that is past', async () => {
  const set: PolicySet = { choose: () => defaultPolicy, mapped: false, at: new Date('2024-06-20') };
  const gate = new RunGate(set, new Date('2024-07-01'), 'test');
  expect((await gate.judge(evidence({ sources }), [])).verdict.decision).toBe('undecided');
});
