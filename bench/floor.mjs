// The floor: reads, hashes and inflates all layers on all cores and does nothing else. No scanner that checks what it
// reads takes less CPU time with this inflate and this hash. A layer is one thread's work here: who splits that may be
// done sooner. Arguments: archive, threads, layers as JSON.
import { createHash } from 'node:crypto';
import { openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { inflateGzip } from './inflate.mjs';

const inputSize = 512 * 1024;

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
  const hashed = function* () {
    for (const piece of pieces(fd, layer)) {
      blobHash.update(piece);
      yield piece;
    }
  };
  inflateGzip(hashed(), (bytes) => tarHash.update(bytes));
  blobHash.digest('hex');
  tarHash.digest('hex');
}
