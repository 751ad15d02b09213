import { formatReference, parseReference } from '../model/reference.ts';
import { type ImageTarget, identifyTarget, isImageTarget, type Target } from '../source/target.ts';
import { SluiceError } from '../util/error.ts';
import type { Flag, Flags } from './flags.ts';

/** What else an image is called: an archive says of itself only what it was called where it was built. */
export const nameFlag: Flag = {
  name: 'name',
  value: 'REFERENCE',
  multiple: true,
  doc: 'what the image will be called: mappings, rules and waivers may ask; may be repeated',
};

/** What the image is called: as the user says, else as it was asked for. @throws SluiceError `reference/...` */
export function namesOf(given: Flags, target?: Target): string[] {
  const called = given.list('name').flatMap((text) => text.split(','));
  const asked = target?.kind === 'registry' ? [target.reference] : [];
  return [...called.map((text) => formatReference(parseReference(text))), ...asked];
}

/** The base that `--base` names. @throws SluiceError `usage/base` when there are no layers that could be the base's */
export function baseOf(given: Flags, target: Target): ImageTarget | undefined {
  const text = given.text('base');
  if (text === undefined) return undefined;
  const base = identifyTarget(text);
  if (isImageTarget(base) && isImageTarget(target)) return base;
  throw new SluiceError('usage/base', '--base takes an image, and only an image has one');
}
