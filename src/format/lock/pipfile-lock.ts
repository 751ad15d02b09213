import { SluiceError } from '../../util/error.ts';
import { asArray, asRecord, parseJson } from '../../util/json.ts';
import { type EditContext, type Edited, edited, refused, type VersionChange } from './contract.ts';
import { memberAt, membersAt, withValue } from './json-places.ts';
import { type Splice, spliced } from './splices.ts';

/** Edits a Pipfile.lock (pipenv.pypa.io) that keeps no digests: where it does, the new version's would have to be asked for. */
export function editPipfileLock(file: string, text: string, change: VersionChange, _context: EditContext): Edited {
  const lock = asRecord(readJson(text));
  if (!lock) return refused('it is not JSON');
  const splices: Splice[] = [];
  for (const [category, packages] of Object.entries(lock)) {
    if (category === '_meta') continue;
    for (const [name, value] of Object.entries(asRecord(packages) ?? {})) {
      const entry = asRecord(value);
      if ((asArray(entry?.hashes)?.length ?? 0) > 0) return refused('the file pins the digest of each package');
      if (name !== change.name || entry?.version !== `==${change.from}`) continue;
      const place = memberAt(text, [category, name]);
      const version = place && membersAt(text, place.start).findLast(({ key }) => key === 'version');
      if (version) splices.push(withValue(version, `==${change.to}`));
    }
  }
  return splices.length > 0 ? edited(file, spliced(text, splices)) : refused(`the file does not pin ${change.name}`);
}

/** Undefined when it isn't JSON that is read. */
export function readJson(text: string): unknown {
  try {
    return parseJson(Buffer.from(text));
  } catch (thrown) {
    if (thrown instanceof SluiceError) return undefined;
    throw thrown;
  }
}
