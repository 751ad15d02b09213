import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRun } from '../../../../src/detect/secrets/keywords/coded.ts';

const decoded = (text: string): string => decodeRun(text, 0, { coding: 'url', exact: '', phase: 0 }).toString('latin1');

describe('a part with escaped characters', () => {
  test.each([
    ['a%41b', 'aAb'],
    ['%2f%2F', '//'],
    ['%', '%'],
    ['%4', '%4'],
    ['%4g', '%4g'],
    ['%%41', '%A'],
    ['%ff%00', '\xff\x00'],
  ])('%s', (text, expected) => expect(decoded(text)).toBe(expected));

  test('is as a plain expression replaces them', () => {
    const part = fc.constantFrom('%', '4', '1', 'f', 'F', 'g', '%41', '%zz', '~');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        const plain = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        );
        expect(decoded(text)).toBe(plain);
      }),
    );
  });
});
