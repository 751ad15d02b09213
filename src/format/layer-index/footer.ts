/** Size of an eStargz footer in bytes. */
const footerSize = 51;

/** Size of the footer that eStargz had at first, and its forerunner stargz always. */
const legacyFooterSize = 47;

/** An empty block of DEFLATE that is the last and stored, and the trailer of a gzip member without content. */
const emptyMember = Buffer.from('010000ffff0000000000000000', 'hex');

/** Where a layer's index begins, and where it ends: the footer begins there. */
export interface FooterPlaces {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the footer at the end of an eStargz blob of `size` bytes: an empty gzip member whose extra field has the
 * place of the index in sixteen hexadecimal digits. Undefined when there is none.
 */
export function readFooter(tail: Buffer, size: number): FooterPlaces | undefined {
  const subfield = Buffer.from('SG\x16\0', 'latin1');
  return footerIn(tail, size, footerSize, subfield) ?? footerIn(tail, size, legacyFooterSize, Buffer.alloc(0));
}

function footerIn(tail: Buffer, size: number, length: number, subfield: Buffer): FooterPlaces | undefined {
  if (tail.length < length) return undefined;
  const footer = tail.subarray(tail.length - length);
  const digitsAt = 12 + subfield.length;
  // Magic number, DEFLATE, and the flag FEXTRA alone (RFC 1952); then the length of the extra field.
  if (footer.readUInt32BE(0) !== 0x1f8b0804 || footer.readUInt16LE(10) !== subfield.length + 22) return undefined;
  if (!footer.subarray(12, digitsAt).equals(subfield)) return undefined;
  if (footer.toString('latin1', digitsAt + 16, digitsAt + 22) !== 'STARGZ') return undefined;
  if (!footer.subarray(digitsAt + 22).equals(emptyMember)) return undefined;
  const digits = footer.toString('latin1', digitsAt, digitsAt + 16);
  const start = /^[0-9a-f]{16}$/.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
  const end = size - length;
  return start < end ? { start, end } : undefined;
}
