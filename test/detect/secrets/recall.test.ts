import { describe, expect, test } from 'vitest';
import { secretRules } from '../../../src/detect/secrets/rules.gen.ts';
import { openScanner } from '../../../src/detect/secrets/scanner.ts';
import { plantedSecrets } from '../../support/secret-corpus.ts';

const scanner = await openScanner([secretRules], { values: true });
const planted = plantedSecrets();

describe('recall', () => {
  test('300 credentials in real formats of files are all found', () => {
    const missed: string[] = [];
    for (const { rule, path, text, value } of planted) {
      const found = scanner.search(text, path);
      if (!found.some((one) => one.rule === `secret/${rule}` && value.includes(one.value!.slice(0, 24))))
        missed.push(`${rule} in ${path}: ${value}`);
    }
    expect(planted.length).toBe(300);
    expect(missed).toEqual([]);
  });
});
