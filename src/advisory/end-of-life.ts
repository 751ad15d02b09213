import type { ReleaseEnd } from '../model/evidence.ts';
import type { Distribution } from '../model/package.ts';
import { endOfLifeTable } from './end-of-life/table.ts';

/** Releases by codename, for images that name no `VERSION_ID`. */
const codenames = new Map([
  ['debian stretch', '9'],
  ['debian buster', '10'],
  ['debian bullseye', '11'],
  ['debian bookworm', '12'],
  ['debian trixie', '13'],
]);

/**
 * When the release gets its last fixes; undefined for a rolling one, for one whose end nobody announced, and for a
 * distribution that is not known: whoever only says that he is like another has a life of his own.
 */
export function endOfLifeOf(distribution: Distribution): ReleaseEnd | undefined {
  const id = idOf(distribution);
  const version = distribution.version || codenames.get(`${id} ${distribution.codename ?? ''}`);
  if (!version || isUnreleased(id, version)) return undefined;
  const row = endOfLifeTable.find((one) => one.id === id && isOfRelease(version, one.version));
  if (row === undefined) return undefined;
  const { endOfLife, extended, source } = row;
  return { endOfLife, ...(extended ? { extended } : {}), source };
}

/** CentOS Linux and CentOS Stream are one by their `ID`, and not by how long they live. */
function idOf({ id, name }: Distribution): string {
  return id === 'centos' && name.includes('Stream') ? 'centos-stream' : id;
}

/** Whether a version is of a release, by whole parts; `15` is the first of SUSE's service packs, `15.0`. */
function isOfRelease(version: string, release: string): boolean {
  return version === release || version.startsWith(`${release}.`) || `${version}.0` === release;
}

/** `3.21.0_alpha20240807` of Alpine is edge, which rolls. */
function isUnreleased(id: string, version: string): boolean {
  return id === 'alpine' && version.includes('_alpha');
}
