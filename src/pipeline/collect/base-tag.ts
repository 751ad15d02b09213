import type { Collected, Wanted } from '../../model/collected.ts';
import type { Evidence } from '../../model/evidence.ts';
import { warning } from '../../model/problem.ts';
import { formatReference } from '../../model/reference.ts';
import { digestOfTag, tagOfBase } from '../../source/base-tag.ts';
import { SluiceError } from '../../util/error.ts';
import type { ScanOptions } from '../options.ts';
import { withCollected } from './with-collected.ts';

/**
 * Asks the registry what the tag of the base image names now, if a policy wants to know. It is asked each time: a tag may
 * move at any time. Without an answer there is no digest, and unless nobody may be asked, a problem.
 */
export async function withBaseTag(evidence: Evidence, { baseTag }: Wanted, { access }: ScanOptions): Promise<Evidence> {
  const { base } = evidence.target;
  const tag = baseTag ? tagOfBase(base) : undefined;
  const { collected } = evidence;
  if (tag === undefined || collected === undefined) return evidence;
  const reference = formatReference(tag);
  const told = (digest?: string): Collected => ({
    ...collected,
    baseTag: { reference, ...(digest === undefined ? {} : { digest }) },
  });
  if (access.offline) return { ...evidence, collected: told() };
  try {
    return { ...evidence, collected: told(await digestOfTag(tag, base?.digest, access)) };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    const message = `what the base image's tag names now can't be told: ${thrown.message}`;
    return withCollected(evidence, { collected: told(), problems: [warning(thrown.code, message)] });
  }
}
