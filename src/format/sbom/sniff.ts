/** How the text of a bill of materials is written. */
export type SbomSyntax = 'json' | 'xml' | 'tag-value';

/** Bytes from the beginning of a file that tell its syntax. */
export const sniffBytes = 4096;

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const versionTag = Buffer.from('SPDXVersion:', 'latin1');
const openBrace = 0x7b;
const lessThan = 0x3c;
const newline = 0x0a;

/** Tells the syntax from the first bytes: a brace, a tag, or the line with which SPDX's tag-value begins; undefined for all else. */
export function sbomSyntax(bytes: Buffer): SbomSyntax | undefined {
  const first = bytes.subarray(0, sniffBytes);
  let at = first.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  while (at < first.length && isBlank(first[at] as number)) at++;
  if (first[at] === openBrace) return isTar(first) ? undefined : 'json';
  if (first[at] === lessThan) return isTar(first) ? undefined : 'xml';
  const tag = first.indexOf(versionTag);
  const ownLine = tag === at || (tag > 0 && first[tag - 1] === newline);
  return tag >= 0 && ownLine && !first.includes(0) ? 'tag-value' : undefined;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09;
}

/** A tar begins with a file's name, which may begin with anything; but NUL bytes fill its header. */
function isTar(first: Buffer): boolean {
  return first.subarray(0, 512).includes(0);
}
