import type { RandomAccess } from '../format/random-access.ts';

const pageSize = 16 * 1024;
/** How many pages are kept: 4 MiB a file. */
const maxPages = 256;

/**
 * Reads a source by pages and keeps the last ones: look-ups make thousands of small reads near each other, and a call
 * to the system costs more than the copying.
 */
export function pagedAccess(source: RandomAccess): RandomAccess {
  const pages = new Map<number, Buffer>();
  function page(number: number): Buffer {
    const known = pages.get(number);
    if (known) return known;
    const start = number * pageSize;
    const bytes = source.read(start, Math.min(pageSize, source.size - start));
    if (pages.size >= maxPages) pages.delete(pages.keys().next().value!);
    pages.set(number, bytes);
    return bytes;
  }
  return {
    size: source.size,
    read(offset, length) {
      const number = Math.floor(offset / pageSize);
      const from = offset - number * pageSize;
      const fits = length > 0 && from + length <= pageSize && offset >= 0 && offset + length <= source.size;
      return fits ? page(number).subarray(from, from + length) : source.read(offset, length);
    },
  };
}
