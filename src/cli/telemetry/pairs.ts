/** Names with their values. */
export type Pairs = ReadonlyMap<string, string>;

/** Most pairs that are read of one variable. */
const maxPairs = 128;
/** Longest name or value, in characters. */
const maxLength = 8192;

/** What a header may be called (RFC 9110, section 5.1), and what stands in it (5.5): no line of another header. */
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Headers that sluice writes itself, or that say how a message is framed. */
const ownHeaders = new Set([
  ...['content-type', 'content-length', 'content-encoding', 'transfer-encoding', 'connection', 'host'],
  ...['expect', 'te', 'trailer', 'upgrade', 'proxy-authorization', 'proxy-connection', 'keep-alive'],
]);

/**
 * Reads `name=value,name=value` with percent-encoded values, as the variables of OpenTelemetry have it (W3C Baggage
 * without properties); `wrong` counts the parts that are nothing like it.
 */
export function readPairs(text: string, of: 'header' | 'attribute'): { readonly pairs: Pairs; readonly wrong: number } {
  const pairs = new Map<string, string>();
  let wrong = 0;
  for (const part of text.split(',')) {
    if (part.trim() === '') continue;
    const equals = part.indexOf('=');
    const name = decoded(part.slice(0, Math.max(0, equals)));
    const value = decoded(part.slice(equals + 1));
    const fits = name && value !== undefined && name.length <= maxLength && value.length <= maxLength;
    if (!fits || pairs.size >= maxPairs || (of === 'header' && !isHeader(name, value))) wrong++;
    else pairs.set(name, value);
  }
  return { pairs, wrong };
}

function isHeader(name: string, value: string): boolean {
  return headerName.test(name) && headerValue.test(value) && !ownHeaders.has(name.toLowerCase());
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return undefined;
  }
}
