import type { PackageRecord } from '../../model/package.ts';
import { archiveHash, neededNames, usableField } from './records.ts';
import { itemsOf, propertyOf, readTerms, stringOf, type Term, textOf, unreadable } from './term.ts';

const organization = 'hexpm:';

/**
 * What a mix.lock names: a map of Elixir from each dependency to
 * `{:hex, :name, "version", "inner checksum", [managers], [dependencies], "repository", "outer checksum"}`, of which older
 * versions of Hex wrote only the first ones. Those of git have no version and are passed over.
 * @throws SluiceError `hex/unreadable` when it isn't one.
 */
export function readMixLock(bytes: Buffer): PackageRecord[] {
  const terms = readTerms(bytes.toString('utf8'), 'elixir');
  const [lock] = terms;
  if (lock === undefined) return [];
  if (lock.kind !== 'list' || terms.length > 1) throw unreadable('this is not a mix.lock');
  const records: PackageRecord[] = [];
  for (const pair of itemsOf(lock)) {
    const record = lockedPackage(itemsOf(pair)[1]);
    if (record !== undefined) records.push(record);
  }
  return records;
}

function lockedPackage(entry: Term | undefined): PackageRecord | undefined {
  const [source, nameTerm, versionTerm, , , dependencies, repository, outer] = itemsOf(entry);
  const name = textOf(nameTerm);
  const version = stringOf(versionTerm);
  if (textOf(source) !== 'hex' || !usableField(name) || !usableField(version)) return undefined;
  return {
    name: withOrganization(name, textOf(repository)),
    version,
    presence: 'declared',
    ...archiveHash(textOf(outer)),
    ...neededNames(requiredOf(dependencies)),
  };
}

/** A package of an organization has a namespace of its own: `acme/foo` of the repository `hexpm:acme`. */
function withOrganization(name: string, repository: string | undefined): string {
  const owner = repository?.startsWith(organization) ? repository.slice(organization.length) : '';
  return usableField(owner) && !owner.includes('/') ? `${owner}/${name}` : name;
}

/** `{:decimal, "~> 2.0", [hex: :decimal, repo: "hexpm", optional: true]}`: those that are not optional, as Hex calls them. */
function* requiredOf(dependencies: Term | undefined): Generator<string, void, undefined> {
  for (const dependency of itemsOf(dependencies)) {
    const [application, , options] = itemsOf(dependency);
    const name = textOf(propertyOf(options, 'hex')) ?? textOf(application);
    if (usableField(name) && textOf(propertyOf(options, 'optional')) !== 'true') {
      yield withOrganization(name, textOf(propertyOf(options, 'repo')));
    }
  }
}
