import { describe, expect, test } from 'vitest';
import { needsEngine } from '../../../src/detect/secrets/pattern/compile.ts';
import { secretRules } from '../../../src/detect/secrets/rules.gen.ts';
import { openScanner } from '../../../src/detect/secrets/scanner.ts';
import { type RuleSample, ruleSamples } from '../../support/secret-rules.ts';

const scanner = await openScanner([secretRules], { values: true });
const all = ruleSamples();

describe('the built-in rules for secrets', () => {
  test('are those of the files, about 150 kinds or more', () => {
    expect(all.map(({ id }) => id).sort()).toEqual(secretRules.rules.map(({ id }) => id).sort());
    expect(all.length).toBeGreaterThanOrEqual(150);
  });

  test('have no pattern that only the linear engine can match: it is loaded for rules of users alone', () => {
    const slow = secretRules.rules.filter(({ pattern, path, allowances }) =>
      [pattern, path, ...allowances.flatMap(({ patterns, paths }) => [...patterns, ...paths])].some(
        (one) => one !== undefined && needsEngine(one),
      ),
    );
    expect(slow.map(({ id }) => id)).toEqual([]);
  });

  test.each(all)('$id finds each of its samples, and no other rule takes it', ({ id, samples }) => {
    expect(samples.length).toBeGreaterThan(0);
    for (const sample of samples) expect({ ...sample, rules: rulesIn(sample) }).toEqual({ ...sample, rules: [id] });
  });

  test.each(all)('$id finds nothing in what looks like it', ({ id, lookalikes }) => {
    expect(lookalikes.length).toBeGreaterThan(0);
    for (const sample of lookalikes)
      expect({ ...sample, found: rulesIn(sample).includes(id) }).toEqual({ ...sample, found: false });
  });

  test.each(all)('$id finds the same in the middle of a file of other things', ({ id, samples }) => {
    for (const { path, text } of samples) {
      const rules = rulesIn({ path, text: `# settings\nmode = fast\n${text}\nport = 8080\n` });
      // A file that is nothing but the secret has no other lines.
      if (!path.endsWith('.key')) expect({ text, rules }).toEqual({ text, rules: [id] });
    }
  });
});

function rulesIn({ path, text }: RuleSample): readonly string[] {
  return [...new Set(scanner.search(text, path).map(({ rule }) => rule))];
}
