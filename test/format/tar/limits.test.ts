import { describe, expect, test } from 'vitest';
import type { TarEntry } from '../../../src/format/tar/contract.ts';
import { TarWalker } from '../../../src/format/tar/walker.ts';
import { file, gnuLongLink, gnuLongName, sparseGnu, sparsePax, symlink } from '../../support/tar-writer.ts';

const ignore = { entry: () => undefined };
const claimed = { entry: (_entry: TarEntry) => ({ write: () => false, end: () => undefined }) };

/** Writes the same bytes again and again; how often it was done before the walker refused, and why. */
function repeated(bytes: Buffer, most: number, handler: ConstructorParameters<typeof TarWalker>[0] = ignore): string {
  const walker = new TarWalker(handler);
  let done = 0;
  try {
    for (; done < most; done++) walker.write(bytes);
    return `${done}`;
  } catch (thrown) {
    return `${done}: ${thrown instanceof Error ? thrown.message : thrown}`;
  }
}

describe('what a tar archive of little may cost', () => {
  test('names together', () => {
    const name = Buffer.concat([gnuLongName('n'.repeat(4096)), file('x')]);
    const link = Buffer.concat([gnuLongLink('n'.repeat(4095)), symlink('x', 'y')]);
    const message = 'the names in the tar archive have more than 134217728 bytes together';
    expect(repeated(name, 40_000)).toBe(`32768: ${message}`);
    expect(repeated(link, 40_000)).toBe(`32768: ${message}`);
  });

  test('entries', () => {
    const thousand = Buffer.concat(Array.from({ length: 1000 }, () => file('x')));
    expect(repeated(thousand, 2000)).toBe('1200: the tar archive has too many entries');
  });

  test('holes of sparse files, where somebody reads them', () => {
    const stretches = [{ offset: 0, bytes: Buffer.alloc(512, 1) }];
    const message = 'the sparse files of the tar archive have more than 1073741824 bytes of holes';
    const size = 256 * 1024 * 1024 + 512;
    const old = sparseGnu('x', stretches, size);
    expect(repeated(old, 100)).toBe('100');
    expect(repeated(old, 100, claimed)).toBe(`4: ${message}`);
    expect(repeated(sparsePax('0.1', 'x', stretches, size), 100, claimed)).toBe(`4: ${message}`);
    expect(repeated(sparsePax('1.0', 'x', stretches, size), 100)).toBe('100');
    expect(repeated(sparsePax('1.0', 'x', stretches, size), 100, claimed)).toBe(`4: ${message}`);
  });
});
