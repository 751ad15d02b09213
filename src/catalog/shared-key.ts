import { SluiceError } from '../util/error.ts';

/** Least length of a key, in bytes: whoever has one entry can try keys as fast as he likes. */
const minKeyBytes = 32;

/**
 * A key as it was given, without the line end that an editor puts behind it. An empty one is refused: a secret that a
 * pipeline was not given becomes an empty text, and must not become a cache without authentication.
 * @throws SluiceError `cache/key`
 */
export function sharedKey(given: Buffer): Buffer {
  let end = given.length;
  while (end > 0 && (given[end - 1] === 0x0a || given[end - 1] === 0x0d)) end--;
  if (end >= minKeyBytes) return given.subarray(0, end);
  throw new SluiceError(
    'cache/key',
    `the key of the shared cache has ${end} bytes; ${minKeyBytes} is the least`,
    `make one with openssl rand -hex ${minKeyBytes}, or unset it to go without a key`,
  );
}
