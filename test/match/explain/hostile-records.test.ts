import { describe, expect, test } from 'vitest';
import { subjectOf } from '../../../src/match/affected.ts';
import { flawNames } from '../../../src/match/explain/flaw-names.ts';
import { recordStory } from '../../../src/match/explain/record-story.ts';
import { order as rpm } from '../../../src/version/rpm.ts';
import { advisory, range } from '../make.ts';

function secondsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

describe('a story of hostile records takes no more than linear time', () => {
  test('with 150,000 aliases, which two records share', () => {
    const aliases = Array.from({ length: 150_000 }, (_, i) => `CVE-2024-${i}`);
    const records = ['GHSA-1', 'GHSA-2'].map((id) => ({ advisory: advisory(id, { aliases }), distribution: false }));
    const seconds = secondsOf(() => {
      expect(flawNames('ghsa-2', records).all()).toHaveLength(150_002);
    });
    expect(seconds).toBeLessThan(5);
  });

  test('with 30,000 ranges', () => {
    const ranges = Array.from({ length: 30_000 }, (_, i) => range(`introduced ${i}-1`, `fixed ${i}-2`));
    const seconds = secondsOf(() => {
      const story = recordStory({
        advisory: advisory('RHSA-1', { ranges }),
        relation: 'itself',
        subject: subjectOf('29999-1', rpm, undefined),
        lookup: 0,
        leftOut: false,
      });
      expect([story.outcome, story.ranges.length, story.fixed]).toEqual(['affected', 30_000, ['29999-2']]);
    });
    expect(seconds).toBeLessThan(2);
  });
});

test('names that a chain of records links are all of one flaw, whatever their case', () => {
  const records = [
    advisory('A-1', { aliases: ['B-1'] }),
    advisory('B-1', { aliases: ['C-1'] }),
    advisory('D-1', { aliases: ['c-1'] }),
    advisory('E-1', { aliases: ['F-1'] }),
  ].map((one) => ({ advisory: one, distribution: false }));
  expect(flawNames('a-1', records).all()).toEqual(['A-1', 'B-1', 'D-1', 'c-1']);
});
