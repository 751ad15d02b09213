export { RunGate, type RunVerdict } from '../pipeline/run-gate.ts';
