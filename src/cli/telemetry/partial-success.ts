import type { SignalSettings } from './settings.ts';

/** Longest text of a collector that is shown. */
const maxMessageLength = 200;

/** What a collector says when it did not take everything. */
interface Refusal {
  readonly rejected: number;
  readonly message: string;
}

/**
 * What the answer to an export says of what was not taken (`partial_success`); undefined where all was, and for an
 * answer that can't be read: the request was taken.
 */
export function partialSuccess(answer: Buffer, protocol: SignalSettings['protocol']): string | undefined {
  try {
    const refusal = protocol === 'http/json' ? fromJson(answer) : fromProtobuf(answer);
    if (!refusal || (refusal.rejected === 0 && refusal.message === '')) return undefined;
    const text = refusal.message.slice(0, maxMessageLength).toWellFormed();
    const why = text === '' ? '' : `: ${text}`;
    return refusal.rejected > 0 ? `refused ${refusal.rejected} parts of what it was sent${why}` : `warns${why}`;
  } catch {
    return undefined;
  }
}

function fromJson(answer: Buffer): Refusal | undefined {
  const { partialSuccess: found } = JSON.parse(answer.toString('utf8') || '{}') ?? {};
  if (typeof found !== 'object' || found === null) return undefined;
  const rejected = Number(found.rejectedSpans ?? found.rejectedDataPoints ?? 0);
  const message = typeof found.errorMessage === 'string' ? found.errorMessage : '';
  return { rejected: Number.isSafeInteger(rejected) && rejected > 0 ? rejected : 0, message };
}

/** `partial_success` is field 1 of the answer; in it the number is field 1 and the message field 2. */
function fromProtobuf(answer: Buffer): Refusal | undefined {
  const found = fieldsOf(answer).get(1);
  if (!Buffer.isBuffer(found)) return undefined;
  const fields = fieldsOf(found);
  const rejected = fields.get(1);
  const message = fields.get(2);
  return {
    rejected: typeof rejected === 'bigint' ? Number(BigInt.asUintN(53, rejected)) : 0,
    message: Buffer.isBuffer(message) ? message.toString('utf8') : '',
  };
}

/** The fields of a message, the last of each number. @throws RangeError where the bytes are none */
function fieldsOf(bytes: Buffer): Map<number, bigint | Buffer> {
  const fields = new Map<number, bigint | Buffer>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a varint has more than ten bytes');
  };
  while (at < bytes.length) {
    const key = Number(BigInt.asUintN(32, varint()));
    const type = key % 8;
    if (type === 0) fields.set(key >>> 3, varint());
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else if (type === 2) {
      const length = Number(varint());
      const end = at + length;
      if (end > bytes.length) throw new RangeError('a field is longer than its message');
      fields.set(key >>> 3, bytes.subarray(at, end));
      at = end;
    } else throw new RangeError('a field has no known type');
  }
  return fields;
}
