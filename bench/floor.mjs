// The floor: reads, hashes and inflates all layers on all cores and does nothing else. No scanner that checks what it
// reads can be faster with this inflate and this hash, layer by layer. Arguments: archive, threads, layers as JSON.
import { createHash } from 'node:crypto';
import { openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { constants, createGunzip } from 'node:zlib';

const inputSize = 512 * 1024;
const windowSize = 256 * 1024;

/** Bytes of layers below which a thread costs more to start than it saves. */
const threadWorth = 12 * 1024 * 1024;

if (isMainThread) {
  const [path, threads, layers] = process.argv.slice(2);
  const task = { fd: openSync(path, 'r'), layers: JSON.parse(layers), next: new Int32Array(new SharedArrayBuffer(4)) };
  const file = fileURLToPath(import.meta.url);
  const worth = task.layers.filter(({ size }) => size >= threadWorth).length;
  const more = Math.min(Number(threads), worth) - 1;
  for (let i = 0; i < more; i++) new Worker(file, { workerData: task, execArgv: [] });
  work(task);
} else work(workerData);

/** Each thread takes the next layer, largest first. */
function work({ fd, layers, next }) {
  for (;;) {
    const layer = layers[Atomics.add(next, 0, 1)];
    if (!layer) return;
    if (layer.packing === 'gzip') unpack(fd, layer);
    else hashOnly(fd, layer);
  }
}

function* pieces(fd, { offset, size }) {
  const input = Buffer.allocUnsafeSlow(inputSize);
  for (let done = 0; done < size; ) {
    const got = readSync(fd, input, 0, Math.min(inputSize, size - done), offset + done);
    done += got;
    yield input.subarray(0, got);
  }
}

function hashOnly(fd, layer) {
  const hash = createHash('sha256');
  for (const piece of pieces(fd, layer)) hash.update(piece);
  hash.digest('hex');
}

function unpack(fd, layer) {
  const blobHash = createHash('sha256');
  const tarHash = createHash('sha256');
  const window = Buffer.allocUnsafeSlow(windowSize);
  const stream = createGunzip();
  const { _handle: handle, _writeState: state } = stream;
  handle.onerror = (message) => {
    throw new Error(message);
  };
  for (const piece of pieces(fd, layer)) {
    blobHash.update(piece);
    for (let at = 0, full = true; full; ) {
      handle.writeSync(constants.Z_NO_FLUSH, piece, at, piece.length - at, window, 0, windowSize);
      const made = windowSize - state[0];
      at = piece.length - state[1];
      tarHash.update(window.subarray(0, made));
      full = made === windowSize;
    }
  }
  blobHash.digest('hex');
  tarHash.digest('hex');
  handle.close();
}
