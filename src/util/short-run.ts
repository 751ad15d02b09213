import { setFlagsFromString } from 'node:v8';

/** Bytes of bytecode that a function runs through before V8 thinks of optimizing it: twice its own number and more. */
const interruptBudget = 300_000;

/**
 * Tells V8 that this process runs for seconds. Hundreds of functions become warm in a scan and few stay so: compiling
 * them early costs more than it saves, on the very cores that the survey threads use (Node 20 alone has the flag). And
 * garbage is collected rather than let to grow: it is a tenth of the memory of a large scan.
 */
export function tuneForShortRun(): void {
  setFlagsFromString('--optimize-for-size');
  if (process.versions.node.startsWith('20.')) setFlagsFromString(`--interrupt-budget=${interruptBudget}`);
}
