const maxErrors = 3;
const maxText = 200;

/**
 * What a registry says of an error (OCI distribution specification, "Error codes"), as one short line; `''` when the
 * body is something else. Control, bidirectional and line-breaking characters go: the line ends up on a terminal.
 */
export function errorText(body: Buffer, secrets: Iterable<string>): string {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return '';
  }
  const errors = typeof value === 'object' && value !== null ? (value as { errors?: unknown }).errors : undefined;
  if (!Array.isArray(errors)) return '';
  const texts = errors.slice(0, maxErrors).map(oneError);
  // Before the cut, or half a secret would stay.
  return plainLine(redact(texts.filter((text) => text !== '').join('; '), secrets), maxText);
}

function oneError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof message === 'string' && message !== '') return message;
  return typeof code === 'string' ? code : '';
}

/** Text from outside as one line of at most `limit` characters, without characters that act on a terminal. */
export function plainLine(text: string, limit: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > limit ? `${line.slice(0, limit)}...` : line;
}

/** Takes secrets out of a text: a hostile server may send back what it was sent. */
export function redact(text: string, secrets: Iterable<string>): string {
  let out = text;
  for (const secret of secrets) if (secret !== '') out = out.replaceAll(secret, '***');
  return out;
}
