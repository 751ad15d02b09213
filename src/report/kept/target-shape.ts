import type { EvidenceLayer, EvidenceTarget, ReleaseEnd } from '../../model/evidence.ts';
import type { Distribution } from '../../model/package.ts';
import { baseShape, digest } from './shapes.ts';
import { count, listOf, may, moment, must, object, oneOf, type Read, text } from './values.ts';

/** A distribution as reports have it: with the end of its release. */
interface KeptDistribution {
  readonly id: string;
  readonly version: string;
  readonly name: string;
  readonly codename?: string;
  readonly like?: readonly string[];
  readonly endOfLife?: string;
  readonly extended?: { readonly until: string; readonly name: string };
  readonly endOfLifeSource?: string;
}

interface KeptTarget extends Omit<EvidenceTarget, 'distribution' | 'release'> {
  readonly distribution?: KeptDistribution;
}

const layerShape = object<EvidenceLayer>({
  diffId: must(digest),
  digest: must(digest),
  size: must(count),
  createdBy: must(text),
  read: may(oneOf(['claimed', 'index'])),
});

const keptTarget = object<KeptTarget>({
  kind: must(oneOf(['image', 'rootfs', 'source', 'sbom', 'dockerfile'])),
  digest: may(digest),
  id: may(digest),
  platform: may(text),
  distribution: may(
    object<KeptDistribution>({
      id: must(text),
      version: must(text),
      name: must(text),
      codename: may(text),
      like: may(listOf(text)),
      endOfLife: may(moment),
      extended: may(object({ until: must(moment), name: must(text) })),
      endOfLifeSource: may(text),
    }),
  ),
  contentSets: may(listOf(text)),
  base: may(baseShape),
  layers: must(listOf(layerShape)),
});

/** What was looked into. */
export const targetShape: Read<EvidenceTarget> = (value, strict) => {
  const { distribution: kept, ...target } = keptTarget(value, strict);
  if (!kept) return target;
  const release = releaseOf(kept);
  return { ...target, distribution: distributionOf(kept), ...(release ? { release } : {}) };
};

function distributionOf({ id, version, name, codename, like = [] }: KeptDistribution): Distribution {
  return { id, version, like, name, ...(codename === undefined ? {} : { codename }) };
}

function releaseOf({ endOfLife, extended, endOfLifeSource = '' }: KeptDistribution): ReleaseEnd | undefined {
  if (endOfLife === undefined) return undefined;
  return { endOfLife, ...(extended ? { extended } : {}), source: endOfLifeSource };
}
