import { describe, expect, test } from 'vitest';
import type { RpmHeader } from '../../../src/format/rpm/header.ts';
import { readManifest } from '../../../src/format/rpm/manifest.ts';

function read(text: string): { headers: RpmHeader[]; codes: string[] } {
  const codes: string[] = [];
  const headers = [...readManifest(Buffer.from(text), (code) => codes.push(code))];
  return { headers, codes };
}

const zlib =
  'zlib\t1.2.13-1.cm2\t1700000001\t1690000000\tMicrosoft Corporation\t(none)\t177\tx86_64\t0\tzlib-1.2.13-1.cm2.src.rpm';
const zlibHeader = {
  name: 'zlib',
  version: '1.2.13',
  release: '1.cm2',
  epoch: 0,
  vendor: 'Microsoft Corporation',
  arch: 'x86_64',
  sourceRpm: 'zlib-1.2.13-1.cm2.src.rpm',
};

describe('readManifest', () => {
  test('reads a line a package', () => {
    const bare = 'gpg-pubkey\t3135ce90-5e6fda74\t1\t2\t(none)\t(none)\t0\t(none)\t1\t(none)';
    expect(read(`${zlib}\n${bare}\n`)).toEqual({
      headers: [zlibHeader, { name: 'gpg-pubkey', version: '3135ce90', release: '5e6fda74', epoch: 1 }],
      codes: [],
    });
  });

  test('stops where there are more lines than the largest database has packages', () => {
    expect(read('\n'.repeat(300_000))).toEqual({ headers: [], codes: ['rpm/too-many'] });
  });

  test('reads a last line without an end, and skips empty ones', () => {
    expect(read(`\n\n${zlib}`)).toEqual({ headers: [zlibHeader], codes: [] });
  });

  test.each([
    ['fewer fields', 'zlib\t1.2.13-1.cm2\t1\t2'],
    ['more fields', `${zlib}\t`],
    ['no release', zlib.replace('1.2.13-1.cm2', '1.2.13')],
    ['an empty release', zlib.replace('\t1.2.13-1.cm2', '\t1.2.13-')],
    ['no name', zlib.slice(4)],
    ['an epoch that is no number', zlib.replace('\t0\t', '\t-1\t')],
    ['no end', `zlib${'x'.repeat(20_000)}`],
  ])('notes a line with %s and reads on', (_, line) => {
    expect(read(`${line}\n${zlib}\n`)).toEqual({ headers: [zlibHeader], codes: ['rpm/line-damaged'] });
  });
});
