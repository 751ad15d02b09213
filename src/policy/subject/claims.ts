import type { Evidence } from '../../model/evidence.ts';

/** Labels and annotations that name an image or its base (OCI image specification, "Annotations"). */
const naming = [
  'org.opencontainers.image.title',
  'org.opencontainers.image.ref.name',
  'org.opencontainers.image.base.name',
];

/** Longest text in which a claim is looked for, in characters. */
const longest = 1_000;

/**
 * Whether an image says that it is distroless, that is without shell and package manager: by the name of its distribution,
 * its base image or its labels. The name under which it is looked at is no part of it.
 */
export function claimsDistroless({ target, image }: Pick<Evidence, 'target' | 'image'>): boolean {
  const labels = naming.flatMap((name) => [image?.labels[name], image?.annotations[name]]);
  const texts = [target.distribution?.name, target.base?.name, ...labels];
  return texts.some((text) => text !== undefined && /(?:^|[^a-z])distroless(?:[^a-z]|$)/i.test(text.slice(0, longest)));
}
