import { lstatSync } from 'node:fs';
import { dirname, join, parse, resolve } from 'node:path';
import { SluiceError } from '../../util/error.ts';

/** The name under which a policy is found. */
export const policyFile = 'sluice.yaml';
/** The name under which waivers are found. */
export const waiverFile = 'sluice.waivers.yaml';

/**
 * The file of this name in the folder, or in the nearest one above that has it; undefined when none has. A name that
 * leads nowhere counts: that the policy is not there must be told, and not be a pass. So does one that ends in `.yml`.
 * @throws SluiceError `policy/unreadable` when it can't be known, `policy/name` for a name that is nearly right
 */
export function findUpwards(folder: string, name: string): string | undefined {
  for (let here = resolve(folder); ; here = dirname(here)) {
    const path = join(here, name);
    if (isThere(path)) return path;
    const nearly = path.replace(/\.yaml$/, '.yml');
    if (isThere(nearly)) throw new SluiceError('policy/name', `${nearly} is not read`, `call it ${name}`);
    if (here === parse(here).root) return undefined;
  }
}

/** Whether there is something of this name. @throws SluiceError `policy/unreadable` when it can't be known */
export function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw new SluiceError('policy/unreadable', `${path} can't be looked for (${code ?? 'unknown error'})`);
  }
}
