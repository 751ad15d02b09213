import type { Ecosystem } from '../../ecosystem/contract.ts';
import type { Distribution, Package, PackageRecord } from '../../model/package.ts';
import type { Placed, Unit } from './units.ts';

/**
 * The packages of a unit as they are at another version. A binary package nearly always has the version of its source;
 * where it had another one, the new one is not known and stays: what advisories compare is the source's.
 */
export function movedTo(
  unit: Unit,
  version: string,
  ecosystem: Ecosystem,
  distribution: Distribution | undefined,
): Package[] {
  return unit.members.map((member) => movedPackage(member, unit.from, version, ecosystem, distribution));
}

function movedPackage(
  { found, paths }: Placed,
  from: string,
  version: string,
  ecosystem: Ecosystem,
  distribution: Distribution | undefined,
): Package {
  const { origin, hashes: _hashes, ecosystem: kind, purl: _purl, paths: _paths, layer, ...rest } = found;
  const record: PackageRecord = {
    ...rest,
    version: origin === undefined || found.version === from ? version : afterSource(found.version, from, version),
    ...(origin ? { origin: { name: origin.name, version: origin.version === from ? version : origin.version } } : {}),
  };
  return { ...record, ecosystem: kind, purl: ecosystem.purl(record, distribution), paths, layer };
}

/** `1.2-3+b1` follows its source from `1.2-3`: rebuilt anew it has no suffix. */
function afterSource(binary: string, from: string, version: string): string {
  const epoch = from.indexOf(':') < 0 && binary.indexOf(':') > 0 ? binary.slice(0, binary.indexOf(':') + 1) : '';
  return binary.startsWith(epoch + from) ? epoch + version : binary;
}

/** What is left of a package when some of its paths are moved; undefined when all of them are. */
export function withoutPaths(found: Package, moved: ReadonlySet<string>): Package | undefined {
  const paths = found.paths.filter((path) => !moved.has(path));
  return paths.length === 0 ? undefined : { ...found, paths };
}
