import { shortDigest } from '../model/digest.ts';
import type { EvidenceTarget } from '../model/evidence.ts';
import type { Distribution } from '../model/package.ts';
import { harmless } from '../util/harmless.ts';

/** The content of a target by its short digest, where it has one: `sha256:edff9e57bfc8`, `image id edff9e57bfc8`. */
export function contentText({ digest, id }: Pick<EvidenceTarget, 'digest' | 'id'>): string | undefined {
  if (digest) return shortDigest(digest);
  return id ? `image id ${shortDigest(id).slice('sha256:'.length)}` : undefined;
}

/** What JSON reports say of a target. */
export interface NamedTarget {
  readonly kind: string;
  readonly digest?: string;
  readonly id?: string;
  readonly platform?: string;
  readonly distribution?: Distribution;
}

/** What a target is, in JSON reports of what was made of it. */
export function jsonTarget({ kind, digest, id, platform, distribution }: NamedTarget): object {
  const { id: name, version } = distribution ?? {};
  return { kind, digest, id, platform, distribution: distribution && { id: name, version, name: distribution.name } };
}

/** What a target is, in the parts that stand behind its name: content, platform, distribution. */
export function targetTexts(target: EvidenceTarget): string[] {
  const { platform, distribution } = target;
  const system = distribution && (distribution.name || `${distribution.id} ${distribution.version}`.trim());
  return [contentText(target), platform, system].flatMap((part) => (part ? [harmless(part)] : []));
}
