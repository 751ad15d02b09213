import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { checks } from '../../../src/detect/secrets/checks/list.gen.ts';
import { secretRules } from '../../../src/detect/secrets/rules.gen.ts';
import { writtenSearch } from '../../../src/detect/secrets/search.gen.ts';
import { prepareSearch, type Search } from '../../../src/detect/secrets/search.ts';

/** All of a search but what is compiled late, and the numbers by which uses are found. */
function plain({ rules, automaton: { ended, ...table }, uses, anchors, always }: Search) {
  return {
    ...{ table, ended: ended.length, anchors },
    always: always.map(({ index }) => index),
    rules: rules.map(({ pattern, known, before, behind, anchors: own }) => {
      return { known, before, behind, longest: pattern?.longest, groups: pattern?.groups, own };
    }),
    uses: uses.map((some) => some.map((use) => use.coded ?? [use.rule.rule.id, use.id, use.length, use.anchor?.word])),
  };
}

/** As `toEqual`, which takes half a minute for tables of a million numbers, and says where they differ only if they do. */
function expectSame(written: ReturnType<typeof plain>, read: ReturnType<typeof plain>): void {
  if (!isDeepStrictEqual(written, read)) expect(written).toStrictEqual(read);
}

describe('what is written of the built-in rules', () => {
  test('is what their patterns come to when they are read', () => {
    const read = plain(prepareSearch([secretRules], checks));
    expect(read.rules.length).toBe(secretRules.rules.length);
    expectSame(plain(prepareSearch([secretRules], checks, undefined, writtenSearch)), read);
  });

  test('serves beside the rules of a user', () => {
    const own = { ...secretRules, digest: 'sha256:own', rules: secretRules.rules.slice(0, 3) };
    const read = plain(prepareSearch([secretRules, own], checks));
    expectSame(plain(prepareSearch([secretRules, own], checks, undefined, writtenSearch)), read);
  });

  test('is not used for some of the rules, whose digest is the same', () => {
    const some = { ...secretRules, rules: secretRules.rules.slice(5, 9) };
    const read = plain(prepareSearch([some], checks));
    expectSame(plain(prepareSearch([some], checks, undefined, writtenSearch)), read);
  });
});
