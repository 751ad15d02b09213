import { type ErrorCode, messageOf, SluiceError } from '../util/error.ts';
import type { NumberedBlob } from './layer-bins.ts';

/** What the main thread gives a survey thread. */
export interface SurveyTask {
  readonly layers: readonly NumberedBlob[];
}

/** What a survey thread answers for one layer: an encoded survey or why there is none. */
export type SurveyAnswer =
  | { readonly layer: number; readonly survey: Uint8Array }
  | { readonly layer: number; readonly failure: { readonly code: ErrorCode; readonly message: string } };

/** A failure as plain data, for errors lose their class on the way between threads. */
export function failureOf(layer: number, thrown: unknown): SurveyAnswer {
  const code = thrown instanceof SluiceError ? thrown.code : 'layer/unreadable';
  return { layer, failure: { code, message: messageOf(thrown) } };
}

/** The error for one layer: it names the layer's number and digest. */
export function layerError(item: NumberedBlob, code: ErrorCode, message: string): SluiceError {
  return new SluiceError(code, `layer ${item.layer} (${item.blob.digest}): ${message}`);
}
