const walMagic = 0x377f0682;
const headerSize = 32;
const frameHeader = 24;

/**
 * Whether a write-ahead log holds a transaction (SQLite file format, section 4, "The Write-Ahead Log"): changes that
 * the database file itself may lack. rpm empties its log when it closes the database; a log with frames in it means
 * that the last change was not finished. A log that can't be read counts as one that holds something.
 */
export function walHoldsChanges(bytes: Buffer): boolean {
  if (bytes.length < headerSize + frameHeader) return false;
  const pageSize = bytes.readUInt32BE(8);
  // The last bit of the magic tells the byte order of the checksums, which are not checked.
  if ((bytes.readUInt32BE(0) & ~1) !== walMagic || pageSize < 512 || pageSize > 65_536) return true;
  const salt = bytes.subarray(16, 24);
  const step = frameHeader + pageSize;
  for (let at = headerSize; at + step <= bytes.length; at += step) {
    // Frames of an older round have other salts, and SQLite stops at the first of them.
    if (bytes.compare(salt, 0, 8, at + 8, at + 16) !== 0) return false;
    // Only the last frame of a transaction names the size of the database.
    if (bytes.readUInt32BE(at + 4) !== 0) return true;
  }
  return false;
}
