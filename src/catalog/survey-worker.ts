import { parentPort } from 'node:worker_threads';
import { ecosystems } from '../ecosystem/list.gen.ts';
import type { LayerPlace } from '../source/contract.ts';
import { openRegion } from '../source/file.ts';
import { blobDigest } from './blob-digest.ts';
import { ByteRing, type RingMemory } from './byte-ring.ts';
import { encodeSurvey } from './survey-codec.ts';
import { surveyLayer } from './survey-layer.ts';
import { hashRing, SharedTarHash } from './tar-hash.ts';
import { failureOf, type ThreadJob, type ThreadMessage, type ThreadResult } from './worker-protocol.ts';

/** A thread that does one job after another, as the main thread gives them. */
parentPort?.on('message', async (job: ThreadJob) => {
  let result: ThreadResult;
  try {
    result = await doJob(job);
  } catch (thrown) {
    result = { failure: failureOf(thrown) };
  }
  answer(result, 'survey' in result ? [result.survey.buffer as ArrayBuffer] : []);
});

async function doJob(job: ThreadJob): Promise<ThreadResult> {
  if (job.kind === 'survey') return { survey: await survey(job) };
  if (job.kind === 'digest') return { digest: await blobDigest(job.blob, openRegion) };
  hashRing(job.ring);
  return { hashed: true };
}

async function survey({ blob, feed, hash, look }: Extract<ThreadJob, { kind: 'survey' }>): Promise<Uint8Array> {
  const fed = feed && new FedLayer(feed);
  try {
    const open = (place: LayerPlace) => (fed ? fed.open() : openRegion(place));
    const found = await surveyLayer(blob, ecosystems, open, hash && new SharedTarHash(hash), look);
    return new Uint8Array(encodeSurvey(found));
  } finally {
    fed?.leave();
  }
}

/** The bytes of a layer as the main thread brings them. */
class FedLayer {
  readonly #ring: ByteRing;
  #opened = 0;

  constructor(memory: RingMemory) {
    this.#ring = new ByteRing(memory);
  }

  /** May be opened again after all was read. */
  open(): Iterable<Buffer> {
    if (this.#opened++ > 0) {
      this.#ring.reset();
      answer({ call: 'again' });
    }
    return this.#ring.pieces(() => answer({ call: 'room' }));
  }

  leave(): void {
    this.#ring.leave();
  }
}

function answer(message: ThreadMessage, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}
