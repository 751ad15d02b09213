import { Faults, faultLine } from '../../policy/file/fault.ts';
import type { ConfigurationRule } from '../contract.ts';
import { readRules } from './read-rules.ts';

/**
 * Makes rules of a file that ships with sluice: they have no place, for a user has no such file.
 * @throws Error with everything that is wrong with it
 */
export function compileRules(name: string, bytes: Buffer): readonly ConfigurationRule[] {
  const faults = new Faults();
  const read = readRules(bytes, name, 'sluice', faults);
  if (faults.all.length > 0) throw new Error(faults.all.map(faultLine).join('\n'));
  return read.map(({ rule: { place: _, ...rule } }) => rule);
}
