import { digestIn } from '../../model/digest.ts';
import type { EvidenceTarget } from '../../model/evidence.ts';
import { formatReference, parseReference, type Reference } from '../../model/reference.ts';
import { compilePattern, type Matcher } from '../../util/glob.ts';

/** Makes the test whether patterns of images mean an image: by its digests, or by one of the names it goes by. */
export function imageScope(
  { digest, id }: Pick<EvidenceTarget, 'digest' | 'id'>,
  names: readonly string[],
): (patterns: readonly string[]) => boolean {
  const texts = new Set([digest, id].filter((one) => one !== undefined).map(String));
  for (const name of names) for (const text of spellingsOf(name)) texts.add(text);
  const all = [...texts];
  return (patterns) => patterns.length === 0 || patterns.map(imageMatcher).some((matches) => all.some(matches));
}

/** What a pattern means: names with `*`, one name however it is written, or a digest, beside which a name is a remark. */
function imageMatcher(pattern: string): Matcher {
  if (pattern.includes('*')) return compilePattern(pattern);
  // `sha256:` and so on would also be a repository with a tag.
  if (digestIn(pattern) !== undefined) return (text) => text === pattern;
  const reference = referenceIn(pattern);
  if (reference === undefined) return (text) => text === pattern;
  const { digest } = reference;
  const whole = formatReference(reference);
  return digest === undefined ? (text) => text === whole : (text) => text === digest;
}

/** One image's name as people write it: `debian:12`, `docker.io/library/debian:12`, without its digest, and that alone. */
function spellingsOf(name: string): string[] {
  const reference = referenceIn(name);
  // What is no reference, such as the path of an archive, goes by its own text alone.
  if (reference === undefined) return [name];
  const { digest, ...tagged } = reference;
  const wholes = [reference, ...(digest === undefined || tagged.tag === undefined ? [] : [tagged])].map(
    formatReference,
  );
  const hub = wholes.filter((text) => text.startsWith('docker.io/')).map((text) => text.slice('docker.io/'.length));
  const official = hub.filter((text) => text.startsWith('library/')).map((text) => text.slice('library/'.length));
  return [name, ...(digest === undefined ? [] : [digest]), ...wholes, ...hub, ...official];
}

function referenceIn(text: string): Reference | undefined {
  try {
    return parseReference(text);
  } catch {
    return undefined;
  }
}
