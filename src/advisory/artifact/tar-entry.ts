/** Size of a tar header and the unit of padding, in bytes. */
const block = 512;

/**
 * The header of a regular file (POSIX.1-1988 ustar), the same for the same name and size: no owner, no time. The name
 * has at most 100 bytes of ASCII.
 */
export function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(block);
  header.write(name, 0, 100, 'latin1');
  const fields: readonly (readonly [at: number, text: string])[] = [
    [100, '0000644\0'],
    [108, '0000000\0'],
    [116, '0000000\0'],
    [124, `${size.toString(8).padStart(11, '0')}\0`],
    [136, '00000000000\0'],
    // The checksum is taken with blanks in its own place.
    [148, '        '],
    [156, '0'],
    [257, 'ustar\x0000'],
    [329, '0000000\0'],
    [337, '0000000\0'],
  ];
  for (const [at, text] of fields) header.write(text, at, 'latin1');
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** What fills a body of this size up to whole blocks. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((block - (size % block)) % block);
}

/** The end of an archive: two blocks of zeros. */
export const tarEnd = Buffer.alloc(2 * block);
