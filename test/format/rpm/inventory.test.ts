import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readInventory } from '../../../src/format/rpm/inventory.ts';

const item = { Name: 'acpid', Publisher: 'Bottlerocket', Version: '2.0.34', Release: '1.br1', Architecture: 'x86_64' };

function read(value: unknown) {
  const codes: string[] = [];
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
  const headers = [...readInventory(bytes, (code) => codes.push(code))];
  return { headers, codes };
}

describe('the application inventory of Bottlerocket', () => {
  test('lists packages, with or without an epoch', () => {
    const acpid = {
      name: 'acpid',
      version: '2.0.34',
      release: '1.br1',
      epoch: 0,
      arch: 'x86_64',
      vendor: 'Bottlerocket',
    };
    const epochs = [undefined, '', '(none)', '0', '3'];
    expect(read({ Content: epochs.map((Epoch) => ({ ...item, Epoch })) })).toEqual({
      headers: [0, 0, 0, 0, 3].map((epoch) => ({ ...acpid, epoch })),
      codes: [],
    });
    expect(read({ Content: [] })).toEqual({ headers: [], codes: [] });
  });

  test('says what it could not read', () => {
    const wrong = [null, 1, 'x', [], {}, { ...item, Name: 'a b' }, { ...item, Version: 7 }, { ...item, Epoch: 'x' }];
    expect(read({ Content: wrong })).toEqual({ headers: [], codes: wrong.map(() => 'rpm/line-damaged') });
    for (const value of [null, [], {}, { Content: {} }, Buffer.from('{'), Buffer.alloc(0)]) {
      expect(read(value)).toEqual({ headers: [], codes: ['rpm/unreadable'] });
    }
  });

  test('of any bytes never throws', () => {
    const good = Buffer.from(JSON.stringify({ Content: [item, item] }));
    const mutated = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 }).map((edits) => {
      const bytes = Buffer.from(good);
      for (const [at, byte] of edits) bytes[at] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(mutated, (bytes) => {
        const { headers, codes } = read(bytes);
        expect(headers.length + codes.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
