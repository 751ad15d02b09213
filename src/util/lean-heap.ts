import { setFlagsFromString } from 'node:v8';

/** How much, in percent of what lives, the heap may grow before garbage is collected; V8 by itself lets it grow to several times that. */
const growingPercent = 40;

/**
 * Has V8 collect garbage early. Making an index passes hundreds of thousands of records through, of which little stays: left
 * alone, the garbage takes more than half of the memory. Costs some time of the processor.
 */
export function keepHeapLean(): void {
  setFlagsFromString(`--heap-growing-percent=${growingPercent}`);
}
