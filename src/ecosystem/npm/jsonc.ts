const quote = 0x22;
const backslash = 0x5c;
const slash = 0x2f;
const star = 0x2a;
const newline = 0x0a;
const comma = 0x2c;
const closeBracket = 0x5d;
const closeBrace = 0x7d;
const blank = 0x20;

/**
 * JSON of JSON with comments: comments and the commas before a closing bracket become blanks. One pass over the bytes,
 * so the time is linear whatever they hold; what is no JSON afterwards is for the JSON reader to refuse.
 */
export function plainJson(bytes: Buffer): Buffer {
  const plain = Buffer.from(bytes);
  let lastComma = -1;
  for (let at = 0; at < plain.length; at++) {
    const byte = plain[at] ?? 0;
    if (byte === quote) {
      at = closingQuote(plain, at + 1);
      lastComma = -1;
    } else if (byte === slash) {
      const end = commentEnd(plain, at);
      plain.fill(blank, at, end);
      at = Math.max(at, end - 1);
    } else if (byte === comma) {
      lastComma = at;
    } else if (byte === closeBracket || byte === closeBrace) {
      if (lastComma !== -1) plain[lastComma] = blank;
      lastComma = -1;
    } else if (byte > blank) {
      lastComma = -1;
    }
  }
  return plain;
}

function closingQuote(bytes: Buffer, start: number): number {
  for (let at = start; at < bytes.length; at++) {
    if (bytes[at] === backslash) at++;
    else if (bytes[at] === quote) return at;
  }
  return bytes.length;
}

/** Where a comment that begins at `start` is over; `start` when none does. */
function commentEnd(bytes: Buffer, start: number): number {
  const second = bytes[start + 1];
  if (second !== slash && second !== star) return start;
  const end = second === slash ? bytes.indexOf(newline, start) : bytes.indexOf('*/', start + 2);
  if (end === -1) return bytes.length;
  return second === slash ? end : end + 2;
}
