import type { Evidence } from '../../model/evidence.ts';
import type { OpenedImage } from '../../source/contract.ts';
import { ecosystemsOf } from '../gather.ts';
import type { Look, ScanOptions } from '../options.ts';
import { withBeside } from './with-beside.ts';

/**
 * Adds to the evidence on an image what was looked for beside packages. What was found by the same before is not looked
 * for again, so that new data reads no layer. @throws SluiceError when a layer can't be read
 */
export async function lookAtImage(
  evidence: Evidence,
  opened: OpenedImage,
  look: Look,
  options: ScanOptions,
): Promise<Evidence> {
  const { caches } = options;
  const day = options.now?.toISOString().slice(0, 10);
  const { image } = opened;
  const asked = JSON.stringify([look.digest, image.id, image.digest, evidence.target.base?.layers ?? 0, day]);
  const before = caches?.images.nameOf(opened.layers);
  let found = before === undefined ? undefined : caches?.evidence.findBeside(before, asked);
  if (!found) {
    // What reads layers is loaded only where something has to be looked for.
    const { lookAnew } = await import('./look-anew.ts');
    found = await lookAnew(evidence, opened, look, options);
    const name = caches?.images.nameOf(opened.layers);
    // Bytes that were read in part must not stand for those that another process has proven meanwhile: see `keepKnown`.
    const partly = evidence.target.layers.some(({ read }) => read !== undefined);
    if (name !== undefined && (!partly || name === before)) caches?.evidence.keepBeside(name, asked, found);
  }
  const whole = withBeside(evidence, found, look.kinds, await ecosystemsOf(options));
  if (!look.dockerfile) return whole;
  const { linkToDockerfile } = await import('../dockerfile/link.ts');
  return linkToDockerfile(whole, look.dockerfile);
}
