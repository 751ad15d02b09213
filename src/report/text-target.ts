import { shortDigest } from '../model/digest.ts';
import type { EvidenceTarget } from '../model/evidence.ts';
import { harmless } from '../util/harmless.ts';

/** The content of a target by its short digest, where it has one: `sha256:edff9e57bfc8`, `image id edff9e57bfc8`. */
export function contentText({ digest, id }: Pick<EvidenceTarget, 'digest' | 'id'>): string | undefined {
  if (digest) return shortDigest(digest);
  return id ? `image id ${shortDigest(id).slice('sha256:'.length)}` : undefined;
}

/** What a target is, in the parts that stand behind its name: content, platform, distribution. */
export function targetTexts(target: EvidenceTarget): string[] {
  const { platform, distribution } = target;
  const system = distribution && (distribution.name || `${distribution.id} ${distribution.version}`.trim());
  return [contentText(target), platform, system].flatMap((part) => (part ? [harmless(part)] : []));
}
