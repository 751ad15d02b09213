/** Output that any input may have, in bytes: the ratio only counts above it. */
const freeOutput = 1024 * 1024 * 1024;

/** Largest ratio of output to input above {@link freeOutput}. Real layers stay below 20; a bomb of zeros reaches 1,000. */
const maxRatio = 200;

/** Largest output of one compressed stream, in bytes. */
const maxOutput = 256 * 1024 * 1024 * 1024;

/** Whether a stream that has grown from `input` to `output` bytes must be a decompression bomb. */
export function isBomb(input: number, output: number): boolean {
  return output > maxOutput || (output > freeOutput && output > input * maxRatio);
}
