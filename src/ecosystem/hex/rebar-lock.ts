import type { PackageRecord } from '../../model/package.ts';
import { archiveHash, usableField } from './records.ts';
import { itemsOf, propertyOf, readTerms, stringOf, type Term, textOf, unreadable } from './term.ts';

/**
 * What a rebar.lock names (rebar3.org, "Dependencies"): `{"1.2.0", [{<<"app">>, {pkg, <<"name">>, <<"version">>}, 0}]}.`
 * and the digests after it, or the list alone. Those of git have no version and are passed over.
 * @throws SluiceError `hex/unreadable` when it isn't one.
 */
export function readRebarLock(bytes: Buffer): PackageRecord[] {
  const [first, attributes] = readTerms(bytes.toString('utf8'), 'erlang');
  if (first === undefined) return [];
  const locks = first.kind === 'tuple' ? first.items[1] : first;
  if (locks?.kind !== 'list') throw unreadable('this is not a rebar.lock');
  const digests = digestsOf(attributes);
  const records: PackageRecord[] = [];
  for (const lock of locks.items) {
    const record = lockedPackage(lock, digests);
    if (record !== undefined) records.push(record);
  }
  return records;
}

function lockedPackage(lock: Term, digests: ReadonlyMap<string, string>): PackageRecord | undefined {
  const [application, reference] = itemsOf(lock);
  const [kind, nameTerm, versionTerm] = itemsOf(reference);
  const name = textOf(nameTerm);
  const version = stringOf(versionTerm);
  if (textOf(kind) !== 'pkg' || !usableField(name) || !usableField(version)) return undefined;
  return { name, version, presence: 'declared', ...archiveHash(digests.get(textOf(application) ?? name)) };
}

/** `[{pkg_hash, …}, {pkg_hash_ext, [{<<"app">>, <<"HEX">>}]}]`: the second are those of the archives. */
function digestsOf(attributes: Term | undefined): Map<string, string> {
  const digests = new Map<string, string>();
  for (const pair of itemsOf(propertyOf(attributes, 'pkg_hash_ext'))) {
    const [application, digest] = itemsOf(pair).map(textOf);
    if (application !== undefined && digest !== undefined) digests.set(application, digest);
  }
  return digests;
}
