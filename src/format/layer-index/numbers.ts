import { SluiceError } from '../../util/error.ts';

/** An index that cannot be used; its layer is then read whole. */
export function inconsistent(why: string): SluiceError {
  return new SluiceError('layer-index/inconsistent', `the layer's index cannot be used: ${why}`);
}

/** A number of bytes, a place or bits of a mode; what is absent is 0, as Go writes it. @throws SluiceError */
export function wholeNumber(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw inconsistent('it holds a number that is out of bounds');
}
