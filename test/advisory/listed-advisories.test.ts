import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteWriter } from '../../src/advisory/bytes.ts';
import type { ListEntry } from '../../src/advisory/index-entry.ts';
import { ListWriter } from '../../src/advisory/index-list.ts';
import { orderMark } from '../../src/advisory/index-order.ts';
import { ListedAdvisories, type ListOwner } from '../../src/advisory/listed-advisories.ts';
import { judge, subjectOf } from '../../src/match/affected.ts';
import { SluiceError } from '../../src/util/error.ts';
import type { VersionOrder } from '../../src/version/contract.ts';
import { order as dpkg } from '../../src/version/dpkg.ts';
import { order as pep440 } from '../../src/version/pep440.ts';
import { order as rpm } from '../../src/version/rpm.ts';

/** An index with one record for each entry, named after its place, whose lists were sorted by one order. */
function owner(order: VersionOrder | undefined): ListOwner {
  return {
    ecosystem: 'Test',
    isSortedBy: (other) => order !== undefined && orderMark(other) === orderMark(order),
    record: (offset) => ({
      id: `X-${offset}`,
      modified: '2024-01-01T00:00:00Z',
      published: undefined,
      summary: '',
      aliases: [],
      upstream: [],
      related: [],
      withdrawn: undefined,
      disputed: false,
      cwes: [],
      vectors: [],
      severity: { severity: 'unknown', source: 'none' },
    }),
  };
}

function listOf(entries: readonly ListEntry[], order: VersionOrder | undefined): ListedAdvisories {
  return new ListedAdvisories(new ListWriter(order).encode('Test\u0000a', entries), owner(order));
}

const versions: Readonly<Record<string, readonly string[]>> = {
  // Not valid; equal in other spellings; `0` that OSV and the order understand differently.
  dpkg: [
    '0',
    '0~rc1',
    '0:0',
    '1',
    '1.0',
    '1.0-0',
    '1.0-1',
    '1:1',
    '1.1~a',
    '2',
    '2.0+b1',
    'no version',
    '',
    '*',
    '\ud800',
  ],
  pep440: ['0', '0.dev0', '0.0', '1', '1.0', '1.0.0', '1.0rc1', '1!1', '1.post1', '2a1', '2.0+local', 'dev', '*'],
  // Without a release a version equals all that have one.
  rpm: ['0', '0~1-1', '1', '1-1', '1-2', '1.0', '1.0-1.el8', '2-1', '2~rc-1', '1:0', '1:1-1', '-', '*'],
};

const kinds = fc.constantFrom('introduced', 'fixed', 'last_affected', 'limit');

function entriesOf(version: fc.Arbitrary<string>): fc.Arbitrary<ListEntry[]> {
  const range = fc.record({
    type: fc.constantFrom('SEMVER', 'ECOSYSTEM'),
    events: fc.array(fc.record({ kind: kinds, version }), { maxLength: 6 }),
  });
  const part = fc.record({
    recordLength: fc.nat(),
    ranges: fc.array(range, { maxLength: 3 }),
    versions: fc.array(version, { maxLength: 4 }),
  });
  return fc.array(part, { maxLength: 6 }).map((parts) => parts.map((one, at) => ({ recordOffset: at, ...one })));
}

describe('a list', () => {
  test.each([dpkg, pep440, rpm])(
    'leaves out nothing that holds by the order $id, and names what is left as it is',
    (order) => {
      const version = fc.constantFrom(...versions[order.id]!);
      let left = 0;
      fc.assert(
        fc.property(entriesOf(version), version, (entries, asked) => {
          fc.pre(order.valid(asked));
          const list = listOf(entries, order);
          const candidates = list.candidates(asked, order);
          const subject = subjectOf(asked, order, undefined);
          const all = listOf(entries, order).all();
          expect(candidates.filter((one) => judge(one, subject)).map(({ id }) => id)).toEqual(
            all.filter((one) => judge(one, subject)).map(({ id }) => id),
          );
          left += all.length - candidates.length;
          const byId = new Map(all.map((one) => [one.id, one]));
          for (const one of candidates) {
            expect(one).toEqual(byId.get(one.id));
            expect(one.versions).toEqual(byId.get(one.id)?.versions);
          }
        }),
        { numRuns: 1000 },
      );
      expect(left).toBeGreaterThan(250);
    },
  );

  test('that was sorted by another order, or by none, is not narrowed', () => {
    const events = [{ kind: 'introduced', version: '2' }] as const;
    const entries = [
      { recordOffset: 1, recordLength: 1, ranges: [{ type: 'ECOSYSTEM', events }], versions: [] },
    ] as const;
    const ids = (list: ListedAdvisories, order: VersionOrder) => list.candidates('1', order).map(({ id }) => id);
    expect(ids(listOf(entries, dpkg), dpkg)).toEqual([]);
    expect(ids(listOf(entries, dpkg), pep440)).toEqual(['X-1']);
    expect(ids(listOf(entries, undefined), dpkg)).toEqual(['X-1']);
  });

  test('with more events than are worked out may hold anywhere', () => {
    const events = Array.from(
      { length: 100 },
      (_, i) => ({ kind: i % 2 ? 'fixed' : 'introduced', version: `${i + 1}` }) as const,
    );
    const many = { recordOffset: 1, recordLength: 1, ranges: [{ type: 'ECOSYSTEM', events }], versions: [] } as const;
    const list = listOf([many], dpkg);
    expect(list.candidates('2', dpkg).map(({ id }) => id)).toEqual(['X-1']);
  });

  test('with many stretches keeps the first ones apart', () => {
    const listed = Array.from({ length: 200 }, (_, i) => `${2 * i + 1}`);
    const other = Array.from({ length: 200 }, (_, i) => `${2 * i + 2}`);
    const entries = [listed, other].map((own, at) => ({
      recordOffset: at,
      recordLength: 1,
      ranges: [],
      versions: own,
    }));
    const ids = (version: string) =>
      listOf(entries, dpkg)
        .candidates(version, dpkg)
        .map(({ id }) => id);
    expect(ids('1')).toEqual(['X-0']);
    expect(ids('2')).toEqual(['X-1']);
    expect(ids('399')).toEqual(['X-0', 'X-1']);
  });

  test('comes back whole, whatever the order of its versions', () => {
    const version = fc.constantFrom('0', '1', '1.0', '1.1', '2', '2.0-1', 'é');
    fc.assert(
      fc.property(entriesOf(version), (entries) => {
        const read = listOf(entries, dpkg).all();
        expect(read.map(({ id, ranges, versions: listed }) => ({ id, ranges, listed }))).toEqual(
          entries.map(({ recordOffset, ranges, versions: listed }) => ({ id: `X-${recordOffset}`, ranges, listed })),
        );
      }),
    );
  });
});

describe('a crafted list', () => {
  const read = (bytes: Buffer) => {
    const list = new ListedAdvisories(bytes, owner(dpkg));
    for (const one of [...list.all(), ...list.candidates('1.0', dpkg)]) expect(one.versions.length).toBeLessThan(6e6);
  };

  test('is read or refused, without reading or making more than there is', () => {
    const good = listOf(
      fc.sample(entriesOf(fc.constantFrom(...versions.dpkg!)), { seed: 1, numRuns: 20 }).flat(),
      dpkg,
    );
    expect(good.all().length).toBeGreaterThan(20);
    const sample = fc.sample(entriesOf(fc.constantFrom(...versions.dpkg!)), { seed: 1, numRuns: 20 }).flat();
    const bytes = new ListWriter(dpkg).encode('Test\u0000a', sample);
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    const mutated = fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
      const copy = Buffer.from(bytes);
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    });
    let refused = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }).map((any) => Buffer.from(any)),
          mutated,
        ),
        (crafted) => {
          try {
            read(crafted);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(SluiceError);
            refused++;
          }
        },
      ),
      { numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(300);
  });

  test('of runs of versions that would expand without end is refused', () => {
    const runs = 5001;
    const entry = new ByteWriter();
    for (const number of [0, 0, 0, 0, runs]) entry.number(number);
    for (let i = 0; i < runs; i++) {
      entry.number(0);
      entry.number(1000);
    }
    const body = entry.takeNumbers();
    const writer = new ByteWriter();
    writer.text('Test\u0000a');
    const texts = Array.from({ length: 1000 }, (_, i) => `${i}`);
    for (const text of texts) writer.bareText(text);
    let end = 0;
    column(
      writer,
      texts.map((text) => {
        end += text.length;
        return end;
      }),
    );
    column(writer, []);
    column(writer, [body.length]);
    writer.append(body);
    const [advisory] = new ListedAdvisories(writer.take(), owner(undefined)).all();
    expect(() => advisory?.versions).toThrow(/too many versions/);
  });
});

/** Count, width and numbers, as a list has them. */
function column(writer: ByteWriter, values: readonly number[]): void {
  writer.number(values.length);
  if (values.length === 0) return;
  writer.byte(4);
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, 4 * at);
  writer.append(bytes);
}
