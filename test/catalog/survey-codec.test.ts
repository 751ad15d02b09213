import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PathTableBuilder } from '../../src/catalog/path-table.ts';
import { decodeSurvey, encodeSurvey } from '../../src/catalog/survey-codec.ts';
import { parseDigest } from '../../src/model/digest.ts';
import type { LayerSurvey, SurveyedFile } from '../../src/model/survey.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('__proto__', 'constructor', '\ud800', 'a/b', '\\xff'),
);
const segment = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((name) => !/[\0/]/.test(name) && name.isWellFormed());
const path = fc
  .array(fc.oneof(segment, fc.constantFrom('a', 'b')), { minLength: 1, maxLength: 4 })
  .map((segments) => segments.join('/'));

function pathTable(paths: readonly string[]) {
  const builder = new PathTableBuilder();
  for (const item of paths) builder.add(item);
  return builder.build();
}

/** Zeros alone, of which no column is written, or anything. */
const owners = fc.boolean().chain((zero) => (zero ? fc.constant(0) : fc.nat(0xffffffff)));
const optional = { requiredKeys: [] };
const problem = fc.record({
  code: fc.constantFrom('a/b' as const, 'deb/x' as const),
  message: text,
  path: text,
  blinding: fc.boolean(),
});
const record = fc
  .tuple(
    fc.record({ name: text, version: text, presence: fc.constantFrom('installed' as const, 'declared' as const) }),
    fc.record({ arch: text, inside: text, module: text, vendor: text, license: text, dev: fc.boolean() }, optional),
    fc.record({ origin: fc.record({ name: text, version: text }) }, optional),
  )
  .map(([must, may, origin]) => ({ ...must, ...may, ...origin }));
const distribution = fc.record({ id: text, version: text, like: fc.array(text, { maxLength: 2 }), name: text });
const surveyed: fc.Arbitrary<SurveyedFile> = fc
  .tuple(
    fc.record({
      entry: fc.nat(50),
      ecosystem: text,
      packages: fc.array(record, { maxLength: 3 }),
      problems: fc.array(problem, { maxLength: 2 }),
    }),
    fc.record({ distribution }, optional),
  )
  .map(([must, may]) => ({ ...must, ...may }));
const row = fc.record({
  path,
  kind: fc.nat(4),
  size: fc.oneof(fc.nat(0xffffffff), fc.maxSafeNat()),
  mode: fc.nat(0o7777),
  uid: owners,
  gid: owners,
  link: fc.option(text, { nil: undefined }),
});
const secretMatch = fc
  .tuple(
    fc.record({ rule: text, fingerprint: text, shown: text, notes: fc.array(text, { maxLength: 2 }) }),
    fc.record({ line: fc.nat(), column: fc.nat(), endLine: fc.nat(), endColumn: fc.nat(), score: fc.nat(100) }),
    fc.record({ expires: text }, optional),
  )
  .map(([said, place, may]) => ({ ...said, ...place, ...may }));
const entry = fc.nat(50);
const beside = fc.record(
  {
    secrets: fc.array(fc.record({ entry, matches: fc.array(secretMatch, { maxLength: 2 }) }), { maxLength: 2 }),
    documents: fc.array(fc.record({ entry, text }), { maxLength: 2 }),
    licences: fc.array(fc.record({ entry, expression: text, likeness: fc.constantFrom(0, 0.5, 1) }), { maxLength: 2 }),
    looked: fc.record({ secrets: text, documents: text, licences: text }, optional),
    owners: fc.record({
      owners: fc.array(fc.record({ ecosystem: text, owner: fc.record({ name: text }) }), { maxLength: 2 }),
      rows: fc.base64String(),
    }),
    unlooked: fc.array(problem, { maxLength: 2 }),
  },
  optional,
);
const survey: fc.Arbitrary<LayerSurvey> = fc
  .record({
    hex: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 }),
    rows: fc.array(row, { maxLength: 12 }),
    files: fc.array(surveyed, { maxLength: 4 }),
    problems: fc.array(problem, { maxLength: 3 }),
    unpacked: fc.maxSafeNat(),
    found: beside,
  })
  .map(({ hex, rows, files, problems, unpacked, found }) => ({
    diffId: parseDigest(`sha256:${hex}`),
    entries: {
      paths: pathTable(rows.map((item) => item.path)),
      kinds: Uint8Array.from(rows.map((item) => item.kind)),
      sizes: Float64Array.from(rows.map((item) => item.size)),
      modes: Uint16Array.from(rows.map((item) => item.mode)),
      uids: Uint32Array.from(rows.map((item) => item.uid)),
      gids: Uint32Array.from(rows.map((item) => item.gid)),
      links: new Map(rows.flatMap(({ link }, i) => (link === undefined ? [] : [[i, link] as const]))),
    },
    // Objects without a prototype, which fast-check likes to make, become plain ones.
    files: structuredClone(files),
    problems: structuredClone(problems),
    ...structuredClone(found),
    unpacked,
  }));

/** A survey as plain values: views and copies of columns are the same. */
function plain(found: LayerSurvey | undefined) {
  if (!found) return found;
  const { paths, kinds, sizes, modes, uids, gids, links } = found.entries;
  const columns = [kinds, sizes, modes, uids, gids].map((column) => [column.constructor.name, ...column]);
  const names = Array.from({ length: paths.length }, (_, i) => [paths.at(i), paths.nameOf(i)]);
  return { ...found, entries: { names, columns, links } };
}

describe('surveys as bytes', () => {
  test('come back as they were, and the same survey gives the same bytes', () => {
    fc.assert(
      fc.property(survey, (original) => {
        const bytes = encodeSurvey(original);
        expect(plain(decodeSurvey(bytes))).toStrictEqual(plain(original));
        expect(encodeSurvey(original).equals(bytes)).toBe(true);
        // Out of a larger buffer at an odd place, as a read may leave them.
        const moved = Buffer.concat([Buffer.from('odd'), bytes]).subarray(3);
        expect(plain(decodeSurvey(moved))).toStrictEqual(plain(original));
      }),
      { numRuns: 200 },
    );
  });

  test('any bit that turns, any byte less or more, and any other bytes are no survey', () => {
    const [one] = fc.sample(survey, { numRuns: 1, seed: 7 });
    if (!one) throw new Error('no sample');
    const bytes = encodeSurvey(one);
    for (let bit = 0; bit < Math.min(bytes.length, 400) * 8; bit++) {
      const broken = Buffer.from(bytes);
      broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decodeSurvey(broken), `bit ${bit}`).toBeUndefined();
    }
    for (let length = 0; length < bytes.length; length += 7)
      expect(decodeSurvey(bytes.subarray(0, length))).toBeUndefined();
    expect(decodeSurvey(Buffer.concat([bytes, Buffer.alloc(1)]))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (noise, headed) => {
        const head = headed ? bytes.subarray(0, 16) : Buffer.alloc(0);
        expect(decodeSurvey(Buffer.concat([head, noise]))).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
});
