import { closeSync } from 'node:fs';
import { basename } from 'node:path';
import { openFile, readWholeRegion } from '../../source/file.ts';
import { SluiceError } from '../../util/error.ts';
import { parseJson, repeatsMembers } from '../../util/json.ts';

/** Largest file that is read, in bytes: far more than anybody writes by hand. */
const fileLimit = 32 * 1024 * 1024;

/** A JSON file that the user names. @throws SluiceError `file/...`, `vex/too-large`, `json/...` */
export function readJsonFile(path: string): unknown {
  const name = basename(path);
  const file = openFile(path, name);
  try {
    if (file.size > fileLimit) throw new SluiceError('vex/too-large', `${name} is larger than ${fileLimit} bytes`);
    const bytes = readWholeRegion(file.fd, 0, file.size);
    const value = parseJson(bytes);
    // Writing it again would drop one of them without a word.
    if (repeatsMembers(bytes, value))
      throw new SluiceError('json/repeated', 'an object in it has two members of one name');
    return value;
  } catch (thrown) {
    if (!(thrown instanceof SluiceError) || !thrown.code.startsWith('json/')) throw thrown;
    throw new SluiceError(thrown.code, `${name}: ${thrown.message}`, thrown.hint);
  } finally {
    closeSync(file.fd);
  }
}
