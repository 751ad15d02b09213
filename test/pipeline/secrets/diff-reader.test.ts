import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commitMark, DiffReader, type OnAdded } from '../../../src/pipeline/secrets/diff-reader.ts';

function read(text: string, pieces: readonly number[] = []): string[] {
  const told: string[] = [];
  const on: OnAdded = {
    commit: (hash) => void told.push(`commit ${hash}`),
    file: (path) => void told.push(`file ${path}`),
    hunk: (line) => void told.push(`hunk ${line}`, ''),
    added(bytes) {
      told.push((told.pop() ?? '') + bytes.toString('utf8'));
    },
    end: () => void told.push('end'),
  };
  const reader = new DiffReader(on);
  const bytes = Buffer.from(text);
  let from = 0;
  for (const piece of pieces) {
    reader.write(bytes.subarray(from, from + piece));
    from += piece;
  }
  reader.write(bytes.subarray(from));
  reader.end();
  return told.filter((line) => line !== '');
}

const diff = `${commitMark}aaaa

diff --git a/x b/x
index 1..2 100644
--- a/x
+++ b/x
@@ -1,2 +1,3 @@ context
-old
-+++ b/not-a-file
+new
+++ b/not-a-file-either
+@@ -1 +1 @@
@@ -9 +10 @@
-z
\\ No newline at end of file
+zz
\\ No newline at end of file
diff --git a/gone b/gone
--- a/gone
+++ /dev/null
@@ -1 +0,0 @@
-gone
${commitMark}bbbb

diff --cc m
--- a/m
+++ b/m
@@@ -1,2 -1,2 +1,3 @@@
- one
 -two
++both
+ three
 +four
diff --git "a/q \\"\\303\\244\\".txt" "b/q \\"\\303\\244\\".txt"
--- /dev/null
+++ "b/q \\"\\303\\244\\".txt"
@@ -0,0 +1 @@
+last
`;

const told = [
  'commit aaaa',
  'file x',
  'hunk 1',
  'new\n++ b/not-a-file-either\n@@ -1 +1 @@\n',
  'hunk 10',
  'zz\n',
  'hunk 0',
  'commit bbbb',
  'file m',
  'hunk 1',
  'both\n',
  'file q "ä".txt',
  'hunk 1',
  'last\n',
  'end',
];

describe('DiffReader', () => {
  test('tells added lines, and takes no content for a header', () => {
    expect(read(diff)).toEqual(told);
  });

  test('is the same in pieces of any size', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }), (pieces) => {
        expect(read(diff, pieces)).toEqual(told);
      }),
      { numRuns: 200 },
    );
  });

  test('never fails on what is no diff', () => {
    const lines = fc.oneof(
      fc.constantFrom(...diff.split('\n')),
      fc.string({ maxLength: 20 }),
      fc.constantFrom('@@ -1,999999999 +1,999999999 @@', '@@@@'),
    );
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 40 }), (all) => {
        expect(read(all.join('\n')).at(-1)).toBe('end');
      }),
    );
  });
});
