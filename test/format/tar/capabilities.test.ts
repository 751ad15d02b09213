import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capabilitiesIn, capabilityRecord } from '../../../src/format/tar/capabilities.ts';
import { file, gnuLongName, pax, paxGlobal, symlink, tar } from '../../support/tar-writer.ts';
import { walk } from './support.ts';

/** The attribute as the kernel writes it: version, then permitted and inheritable, 32 bits of each in turn. */
function attribute(version: number, permitted: bigint, inheritable = 0n): Buffer {
  const words = version === 1 ? [0n] : [0n, 32n];
  const bytes = Buffer.alloc(4 + words.length * 8 + (version === 3 ? 4 : 0));
  bytes.writeUInt32LE(version * 0x1000000 + 1, 0);
  for (const [at, shift] of words.entries()) {
    bytes.writeUInt32LE(Number((permitted >> shift) & 0xffffffffn), 4 + at * 8);
    bytes.writeUInt32LE(Number((inheritable >> shift) & 0xffffffffn), 8 + at * 8);
  }
  return bytes;
}

describe('capabilities of a program', () => {
  test.each([
    [2, 1n << 13n, 0n, 'cap_net_raw'],
    [2, (1n << 12n) | (1n << 13n), 0n, 'cap_net_admin cap_net_raw'],
    [2, 1n, 1n << 7n, 'cap_chown cap_setuid'],
    [3, (1n << 21n) | (1n << 39n), 0n, 'cap_sys_admin cap_bpf'],
    [1, 1n << 10n, 0n, 'cap_net_bind_service'],
    [2, 1n << 40n, 0n, 'cap_checkpoint_restore'],
    [2, 0n, 0n, ''],
    [2, 1n << 63n, 0n, ''],
  ])('of version %i with %i and %i are %j', (version, permitted, inheritable, told) => {
    expect(capabilitiesIn(attribute(version, permitted, inheritable))).toBe(told);
  });

  test('are none where the kernel would refuse the attribute', () => {
    const whole = attribute(2, 1n);
    expect(capabilitiesIn(whole.subarray(0, 19))).toBe('');
    expect(capabilitiesIn(Buffer.concat([whole, Buffer.alloc(1)]))).toBe('');
    expect(capabilitiesIn(Buffer.alloc(0))).toBe('');
    whole[3] = 9;
    expect(capabilitiesIn(whole)).toBe('');
  });

  test('are always names of the kernel, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(capabilitiesIn(Buffer.from(bytes))).toMatch(/^(?:cap_[a-z_]+(?: cap_[a-z_]+)*)?$/);
      }),
    );
  });
});

test('a layer tells them of the entry that its pax header is for, and of no other', () => {
  const raw = attribute(2, 1n << 13n);
  const archive = tar(
    pax([capabilityRecord, raw]),
    file('ping', 'x'),
    file('plain', 'x'),
    pax([capabilityRecord, raw], ['path', 'long']),
    gnuLongName('longer'),
    file('short', 'x'),
    pax([capabilityRecord, Buffer.from('nonsense')]),
    file('odd', 'x'),
    paxGlobal([capabilityRecord, raw]),
    file('after', 'x'),
    symlink('link', 'ping'),
  );
  expect(walk([archive]).map(({ path, capabilities }) => [path, capabilities])).toEqual([
    ['ping', 'cap_net_raw'],
    ['plain', undefined],
    ['longer', 'cap_net_raw'],
    ['odd', undefined],
    ['after', undefined],
    ['link', undefined],
  ]);
});
