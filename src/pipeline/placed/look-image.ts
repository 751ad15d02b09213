import type { Evidence } from '../../model/evidence.ts';
import type { OpenedImage } from '../../source/contract.ts';
import { ecosystemsOf } from '../gather.ts';
import type { Look, ScanOptions } from '../options.ts';
import type { FoundBeside } from './contract.ts';
import { withBeside } from './with-beside.ts';

const nothing: FoundBeside = { placed: [], problems: [] };

/** Whether nothing is looked for beside packages, so that what would do so need not be loaded. */
function isForPackages({ kinds, imported }: Look): boolean {
  return imported === undefined && kinds.every((kind) => kind === 'packages');
}

/** Adds to the evidence on an image what was looked for beside packages. @throws SluiceError when a layer can't be read */
export async function lookAtImage(
  evidence: Evidence,
  opened: OpenedImage,
  look: Look,
  options: ScanOptions,
): Promise<Evidence> {
  const found = isForPackages(look) ? nothing : await foundBeside(evidence, opened, look, options);
  const whole = withBeside(evidence, found, look.kinds, await ecosystemsOf(options));
  if (!look.dockerfile) return whole;
  const { linkToDockerfile } = await import('../dockerfile/link.ts');
  return linkToDockerfile(whole, look.dockerfile);
}

/** What was found by the same before is not looked for again, so that new data reads no layer. */
async function foundBeside(
  evidence: Evidence,
  opened: OpenedImage,
  look: Look,
  options: ScanOptions,
): Promise<FoundBeside> {
  const { caches } = options;
  const day = options.now?.toISOString().slice(0, 10);
  const { image } = opened;
  const asked = JSON.stringify([look.digest, image.id, image.digest, evidence.target.base?.layers ?? 0, day]);
  const before = caches?.images.nameOf(opened.layers);
  const kept = before === undefined ? undefined : caches?.evidence.findBeside(before, asked);
  if (kept) return kept;
  // What reads layers is loaded only where something has to be looked for.
  const { lookAnew } = await import('./look-anew.ts');
  const found = await lookAnew(evidence, opened, look, options);
  const name = caches?.images.nameOf(opened.layers);
  // Bytes that were read in part must not stand for those that another process has proven meanwhile: see `keepKnown`.
  const partly = evidence.target.layers.some(({ read }) => read !== undefined);
  if (name !== undefined && (!partly || name === before)) caches?.evidence.keepBeside(name, asked, found);
  return found;
}
