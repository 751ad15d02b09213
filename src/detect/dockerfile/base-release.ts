import type { Distribution } from '../../model/package.ts';
import { repositoryOf } from './bases.ts';

/** Images of Docker's library that are a distribution, and what it calls itself. */
const distributions: ReadonlyMap<string, string> = new Map([
  ...['debian', 'ubuntu', 'alpine', 'centos', 'fedora', 'almalinux', 'photon', 'mageia'].map((id) => [id, id] as const),
  ...[['rockylinux', 'rocky'] as const, ['amazonlinux', 'amzn'] as const, ['oraclelinux', 'ol'] as const],
]);

/** Words in tags that mean a release, whatever the image is of. */
const releases: ReadonlyMap<string, readonly [id: string, version: string]> = new Map<
  string,
  readonly [string, string]
>([
  ...(
    [
      ['stretch', '9'],
      ['buster', '10'],
      ['bullseye', '11'],
      ['bookworm', '12'],
      ['trixie', '13'],
    ] as const
  ).map(([name, version]) => [name, ['debian', version]] as const),
  ...(
    [
      ['trusty', '14.04'],
      ['xenial', '16.04'],
      ['bionic', '18.04'],
      ['focal', '20.04'],
      ['jammy', '22.04'],
      ['noble', '24.04'],
    ] as const
  ).map(([name, version]) => [name, ['ubuntu', version]] as const),
]);

/** The release of a distribution that an image of Docker's library is of, by its tag; undefined where that does not tell. */
export function releaseOfBase(image: string): Distribution | undefined {
  const named = repositoryOf(image);
  const library = named && /^docker\.io\/library\/(.+)$/.exec(named.repository)?.[1];
  if (!named || library === undefined) return undefined;
  const words = named.tag.toLowerCase().split('-');
  const known = words.map((word) => releases.get(word)).find((release) => release !== undefined);
  if (known) return distribution(...known);
  const id = distributions.get(library);
  const [first = ''] = words;
  if (id !== undefined) return /^\d+(?:\.\d+)*$/.test(first) ? distribution(id, first) : undefined;
  const alpine = words.map((word) => /^alpine(\d+\.\d+)$/.exec(word)?.[1]).find((version) => version !== undefined);
  return alpine === undefined ? undefined : distribution('alpine', alpine);
}

function distribution(id: string, version: string): Distribution {
  return { id, version, like: [], name: '' };
}
