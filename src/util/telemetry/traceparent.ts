/** The step of another program that this run is part of (W3C Trace Context). */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether that program records what it does. */
  readonly sampled: boolean;
  /** What vendors pass on with it; absent where they don't. */
  readonly state?: string;
}

/** Longest `tracestate` that is passed on, in characters: the specification has everybody bear 512. */
const maxStateLength = 512;

/**
 * Reads `traceparent` and `tracestate`; undefined for what is not valid. Versions behind `00` may have more at the end.
 */
export function parseTraceParent(text: string, state = ''): TraceParent | undefined {
  const found = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.{0,256})?$/.exec(text.trim());
  if (!found) return undefined;
  const [, version = '', traceId = '', spanId = '', flags = '', more] = found;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const sampled = (Number.parseInt(flags, 16) & 1) === 1;
  const passed = state.length <= maxStateLength && /^[\x20-\x7e]+$/.test(state);
  return { traceId, spanId, sampled, ...(passed ? { state } : {}) };
}
