import type { PackageStory } from '../../match/explain/contract.ts';
import { commandText } from '../text-command.ts';

/** `2, the image's own: npm ci`. */
export function layerText({ found, from, createdBy }: PackageStory): string {
  const made = commandText(createdBy);
  const whose = from === 'base' ? "the base image's" : "the image's own";
  return `${found.layer}, ${whose}${made === '' ? '' : `: ${made}`}`;
}
