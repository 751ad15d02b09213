import type { PackageRecord } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { asArray, asRecord, asString, parseJson } from '../../util/json.ts';
import { repositoryName } from './repository.ts';

/** Most packages that one file may name; what comes after them is left out, and a problem says so. */
export const packageLimit = 100_000;

/** Longest name or version (characters) that is kept. */
const fieldLimit = 1000;

/** What one file names. `full`: there were more than {@link packageLimit}. */
export interface Records {
  readonly records: readonly PackageRecord[];
  readonly full: boolean;
}

/**
 * What a Package.resolved of version 1 (`object.pins`, each with `repositoryURL`), 2 or 3 (`pins`, each with `identity`,
 * `kind` and `location`) names: the Swift Package Manager's own source, PinsStore. A pin of a branch or of a commit has no
 * version, and its revision stands for it. Packages of the source tree are not pinned.
 * @throws SluiceError `json/…` when it isn't JSON, `swift/unreadable` when it holds no pins.
 */
export function readPackageResolved(bytes: Buffer): Records {
  const file = asRecord(parseJson(bytes));
  const pins = asArray(file?.pins) ?? asArray(asRecord(file?.object)?.pins);
  if (pins === undefined) throw new SluiceError('swift/unreadable', 'this Package.resolved has no pins');
  const records: PackageRecord[] = [];
  for (const item of pins) {
    const record = pinned(asRecord(item));
    if (record === undefined) continue;
    if (records.length >= packageLimit) return { records, full: true };
    records.push(record);
  }
  return { records, full: false };
}

function pinned(pin: Record<string, unknown> | undefined): PackageRecord | undefined {
  if (pin === undefined || pin.kind === 'localSourceControl') return undefined;
  const state = asRecord(pin.state);
  const version = usable(state?.version) ?? usable(state?.revision);
  const name = nameOf(pin);
  return name === undefined || version === undefined ? undefined : { name, version, presence: 'declared' };
}

/** A repository's address, or `scope.name` of a package registry, which has no address of its own. */
function nameOf(pin: Record<string, unknown>): string | undefined {
  if (pin.kind === 'registry') return usable(pin.identity);
  const address = usable(pin.location) ?? usable(pin.repositoryURL);
  return address === undefined ? undefined : repositoryName(address);
}

function usable(value: unknown): string | undefined {
  const text = asString(value);
  return text !== undefined && text !== '' && text.length <= fieldLimit ? text : undefined;
}
