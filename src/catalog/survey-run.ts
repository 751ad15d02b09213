import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Digest } from '../model/digest.ts';
import type { LayerPlace, OpenLayer } from '../source/contract.ts';
import { SluiceError } from '../util/error.ts';
import { blobDigest } from './blob-digest.ts';
import { ByteRing, type RingMemory } from './byte-ring.ts';
import { Feed } from './feed.ts';
import { decodeSurvey, encodeSurvey } from './survey-codec.ts';
import { surveyLayer } from './survey-layer.ts';
import { abandoned, type Surveyed, type SurveyTask } from './survey-task.ts';
import type { SurveyThread } from './survey-thread.ts';
import { makeHashRing, SharedTarHash } from './tar-hash.ts';
import type { ThreadResult } from './worker-protocol.ts';

/**
 * Does a task: in a thread, or in this one where none is given; `helper` is another thread that takes the tar's hash.
 * @throws SluiceError
 */
export async function runTask(
  task: SurveyTask,
  thread: SurveyThread | undefined,
  helper: SurveyThread | undefined,
): Promise<Surveyed | Digest> {
  if (!helper) return thread ? runOnThread(task, thread) : runHere(task);
  const ring = makeHashRing();
  // If the helper is lost, the other side must not wait for it.
  const helped = helper.run({ kind: 'hash', ring }).catch(() => new ByteRing(ring).leave());
  try {
    return await (thread ? runOnThread(task, thread, ring) : runHere(task, ring));
  } finally {
    new ByteRing(ring).break();
    await helped;
  }
}

/** Surveys in this thread, in steps between which it hears the others. */
async function runHere(task: SurveyTask, hash?: RingMemory): Promise<Surveyed | Digest> {
  const { blob, context } = task;
  let stopped = false;
  task.stop = () => {
    stopped = true;
  };
  const open = inSteps(context.open, () => {
    if (stopped) throw abandoned();
  });
  if (task.kind === 'digest') return blobDigest(blob, open);
  const survey = await surveyLayer(blob, context.ecosystems, open, hash && new SharedTarHash(hash), context.look);
  return { survey, encoded: () => encodeSurvey(survey) };
}

/** Lets other things happen after each piece. */
function inSteps(open: OpenLayer, check: () => void): OpenLayer {
  return async function* (place: LayerPlace) {
    for await (const piece of open(place)) {
      yield piece;
      await nextTurn();
      check();
    }
  };
}

async function runOnThread(task: SurveyTask, thread: SurveyThread, hash?: RingMemory): Promise<Surveyed | Digest> {
  const { blob, context } = task;
  const { look } = context;
  const feed = task.local || task.kind === 'digest' ? undefined : new Feed(blob.place, context.open);
  task.stop = () => {
    feed?.close();
    thread.end();
  };
  const job =
    task.kind === 'digest'
      ? ({ kind: 'digest', blob } as const)
      : ({
          ...({ kind: 'survey', blob } as const),
          ...(feed ? { feed: feed.memory } : {}),
          ...(hash ? { hash } : {}),
          ...(look ? { look } : {}),
        } as const);
  try {
    void feed?.start();
    return resultOf(await thread.run(job, (call) => (call === 'room' ? feed?.onRoom() : void feed?.start())));
  } catch (thrown) {
    // Why the bytes stopped coming says more than that they did.
    throw feed?.failure ?? thrown;
  } finally {
    feed?.close();
  }
}

function resultOf(result: ThreadResult): Surveyed | Digest {
  if ('failure' in result) throw new SluiceError(result.failure.code, result.failure.message);
  if ('digest' in result) return result.digest;
  if (!('survey' in result))
    throw new SluiceError('layer/thread', "a survey thread's answer is not what was asked for");
  const bytes = Buffer.from(result.survey.buffer);
  const survey = decodeSurvey(bytes);
  if (!survey) throw new SluiceError('layer/thread', "a survey thread's answer is damaged");
  return { survey, encoded: () => bytes };
}
