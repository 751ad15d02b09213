import { existsSync, statSync } from 'node:fs';
import { SluiceError } from '../../util/error.ts';
import { filesIn } from '../files-in.ts';

/** What files of cases end with. */
const ending = /\.test\.ya?ml$/;

/**
 * The files of cases that a path stands for: itself, those in a folder, or those beside a policy file. Sorted.
 * @throws SluiceError `policy/no-cases`, `folder/...`
 */
export function findCases(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new SluiceError('policy/no-cases', `${path} does not exist`);
  if (found.isDirectory()) {
    const files = filesIn(path, (name) => ending.test(name));
    if (files.length > 0) return files;
    throw new SluiceError('policy/no-cases', `${path} holds no cases`, 'they are in files called NAME.test.yaml');
  }
  if (ending.test(path)) return [path];
  const beside = path.replace(/\.ya?ml$/, '.test.yaml');
  if (beside !== path && existsSync(beside)) return [beside];
  throw new SluiceError('policy/no-cases', `there are no cases for ${path}`, `they would be in ${beside}`);
}
