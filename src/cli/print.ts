import { SluiceError } from '../util/error.ts';
import { writeText } from './standard-streams.ts';

/** Prints to standard output. @throws SluiceError `output/unwritable` */
export function print(text: string): void {
  const failed = writeText(1, text);
  if (failed !== undefined) {
    throw new SluiceError('output/unwritable', `standard output can't be written (${failed})`);
  }
}
