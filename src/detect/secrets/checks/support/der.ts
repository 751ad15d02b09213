/** One value of DER (ITU-T X.690): what it is and where its content lies. */
export interface DerValue {
  readonly tag: number;
  readonly from: number;
  readonly to: number;
}

/** DER tags that keys are of. */
export const derTags = { integer: 2, octets: 4, oid: 6, sequence: 0x30 } as const;

/** Reads the value at an offset; undefined where its length is not a short or long form that ends in the bytes. */
export function readDer(bytes: Buffer, at: number, end = bytes.length): DerValue | undefined {
  if (at + 2 > Math.min(end, bytes.length)) return undefined;
  const tag = bytes[at]!;
  const first = bytes[at + 1]!;
  if (first < 0x80) return within(tag, at + 2, first, end);
  const count = first & 0x7f;
  // Four bytes are more than any key has.
  if (count === 0 || count > 4 || at + 2 + count > Math.min(end, bytes.length)) return undefined;
  return within(tag, at + 2 + count, bytes.readUIntBE(at + 2, count), end);
}

function within(tag: number, from: number, length: number, end: number): DerValue | undefined {
  return from + length > end ? undefined : { tag, from, to: from + length };
}

/** As {@link readDer} at the begin of the bytes, for a value that may end behind them: so much of it as there is. */
export function readDerBegin(bytes: Buffer): DerValue | undefined {
  const whole = readDer(bytes, 0, Number.MAX_SAFE_INTEGER);
  return whole === undefined ? undefined : { ...whole, to: Math.min(whole.to, bytes.length) };
}

/**
 * The values in a sequence, the most that are wanted; undefined where they do not fill it. `isBegin`: the last one may be
 * cut off, and is left out.
 */
export function readSequence(
  bytes: Buffer,
  sequence: DerValue,
  most: number,
  isBegin = false,
): readonly DerValue[] | undefined {
  const values: DerValue[] = [];
  let at = sequence.from;
  while (at < sequence.to) {
    const value = readDer(bytes, at, sequence.to);
    if (value === undefined && isBegin) return values;
    if (value === undefined || values.length >= most) return undefined;
    values.push(value);
    at = value.to;
  }
  return values;
}
