import type { Distribution } from '../../model/package.ts';

/**
 * The distribution as OSV writes it (OSV schema, defined ecosystems). A derivative that has no ecosystem of its own has
 * none here, for its packages are not Alpine's.
 */
export function namespaceOf(distribution: Distribution): string | undefined {
  const { id, version } = distribution;
  switch (id) {
    case 'alpine':
      return alpineNamespace(version);
    case 'wolfi':
      return 'Wolfi';
    case 'chainguard':
      return 'Chainguard';
    case 'minimos':
      return 'MinimOS';
    case 'cleanstart':
    case 'clnstrt':
      return 'CleanStart';
    case 'alpaquita':
      return version === '' ? undefined : `Alpaquita:${version}`;
    case 'bellsoft-hardened-containers':
      return version === '' ? undefined : `BellSoft Hardened Containers:${version}`;
    default:
      return undefined;
  }
}

/** `3.18.9` is of the branch v3.18; `3.21.0_alpha20240807` is edge, on its way to be 3.21. */
function alpineNamespace(version: string): string | undefined {
  if (version === 'edge' || version.includes('_alpha')) return 'Alpine:edge';
  const branch = /^\d+\.\d+(?=\.|_|$)/.exec(version)?.[0];
  return branch === undefined ? undefined : `Alpine:v${branch}`;
}
