// Inflates gzip with as little as can be done: Node's zlib by its handle, into one window, its CRC checked as scanners do.
import { constants, createGunzip } from 'node:zlib';

const windowSize = 256 * 1024;

/** Inflates pieces of a gzip stream (RFC 1952); `take` gets what comes out, valid during the call. Cut streams just end. */
export function inflateGzip(pieces, take) {
  const window = Buffer.allocUnsafeSlow(windowSize);
  const { _handle: handle, _writeState: state } = createGunzip();
  handle.onerror = (message) => {
    throw new Error(message);
  };
  for (const piece of pieces) {
    for (let at = 0; ; at = piece.length - state[1]) {
      handle.writeSync(constants.Z_NO_FLUSH, piece, at, piece.length - at, window, 0, windowSize);
      const made = windowSize - state[0];
      if (made > 0) take(window.subarray(0, made));
      if (made < windowSize) break;
    }
  }
  handle.close();
}
