import { SluiceError } from '../../util/error.ts';

/** Largest VEX document that is read, in bytes; those of vendors for one flaw in all of their products have a quarter. */
export const documentLimit = 64 * 1024 * 1024;
/** Most statements of one document. */
export const statementLimit = 100_000;
/** Most products and parts of products of all statements of one document together. */
export const componentLimit = 300_000;
/** Most names of one flaw, and most identifiers and hashes of one product, that are kept. */
export const nameLimit = 64;
/** Longest text of reasoning that is kept, in characters. */
export const proseLimit = 4_096;
/** Longest identifier that is kept, in characters; a longer one is none. */
export const idLimit = 8_192;
/** Most lines that tell what of a document could not be read. */
export const unreadLimit = 100;

/** A document with more of something than is read. */
export function tooMany(what: string, limit: number): SluiceError {
  return new SluiceError('vex/too-many', `the VEX document has more than ${limit} ${what}`);
}
