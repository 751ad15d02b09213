import { SluiceError } from '../../util/error.ts';

/** Most components of one document; the largest real ones have a tenth. */
export const packageLimit = 100_000;
/** Most properties, and most paths, of one component that are kept. */
export const listLimit = 10_000;
/** Longest text that is kept of a document, in characters. */
export const textLimit = 64 * 1024;

/** A document with more components than are read. */
export function tooManyPackages(): SluiceError {
  return new SluiceError('sbom/too-many-packages', `the bill of materials lists more than ${packageLimit} components`);
}
