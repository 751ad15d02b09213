/** The main section of a `META-INF/MANIFEST.MF`: names in lower case to values. */
export type Manifest = ReadonlyMap<string, string>;

/** An archive without a manifest. */
export const noManifest: Manifest = new Map();

/** Longer values (lists of exported packages) are cut: none of them names an artifact. */
const longestValue = 1024;
/** A main section has a few dozen attributes. */
const mostAttributes = 1000;

/**
 * Reads the main section (JAR file specification, "JAR Manifest"): up to the first empty line; a line that begins with
 * a space carries on the one before; names in any case.
 */
export function parseManifest(bytes: Buffer): Manifest {
  const values = new Map<string, string>();
  let name = '';
  let value = '';
  let at = bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf ? 3 : 0;
  while (at < bytes.length && values.size < mostAttributes) {
    const end = lineEnd(bytes, at);
    if (end === at) break;
    if (bytes[at] === 0x20) {
      if (value.length < longestValue) value += bytes.toString('latin1', at + 1, end);
    } else {
      if (name !== '') values.set(name, decode(value));
      const colon = bytes.subarray(at, end).indexOf(0x3a);
      name = colon < 0 ? '' : bytes.toString('latin1', at, at + Math.min(colon, longestValue)).toLowerCase();
      value = colon < 0 ? '' : bytes.toString('latin1', at + colon + 1, Math.min(end, at + colon + 1 + longestValue));
    }
    at = end + (bytes[end] === 0x0d && bytes[end + 1] === 0x0a ? 2 : 1);
  }
  if (name !== '') values.set(name, decode(value));
  return values;
}

/** A line may break inside of a UTF-8 character, so lines are joined as bytes (latin1) and decoded whole. */
function decode(value: string): string {
  return Buffer.from(value.slice(0, longestValue), 'latin1').toString('utf8').trim();
}

function lineEnd(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== 0x0a && bytes[at] !== 0x0d) at++;
  return at;
}
