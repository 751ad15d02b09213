import { parentPort, workerData } from 'node:worker_threads';
import { ecosystems } from '../ecosystem/list.gen.ts';
import { openRegion } from '../source/file.ts';
import { encodeSurvey } from './survey-codec.ts';
import { surveyLayer } from './survey-layer.ts';
import { failureOf, type SurveyAnswer, type SurveyTask } from './worker-protocol.ts';

/** A thread that surveys the layers it was given, one after another, and answers each as it is done. */
const { layers } = workerData as SurveyTask;
for (const { blob, layer } of layers) {
  try {
    const bytes = new Uint8Array(encodeSurvey(await surveyLayer(blob, ecosystems, openRegion)));
    answer({ layer, survey: bytes }, [bytes.buffer]);
  } catch (thrown) {
    answer(failureOf(layer, thrown), []);
    break;
  }
}

function answer(message: SurveyAnswer, transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer);
}
