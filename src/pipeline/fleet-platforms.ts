import { platformText } from '../model/image.ts';
import { openImage } from '../source/open.ts';
import type { RegistryAccess } from '../source/registry-image.ts';
import { identifyTarget, isImageTarget } from '../source/target.ts';
import { SluiceError } from '../util/error.ts';
import type { ListedTarget } from './fleet-list.ts';

/**
 * The images for all platforms of an index, each as a target of its own, in the order of the index. Only the index and
 * one manifest are read. @throws SluiceError `usage/platform` when the target is no image
 */
export async function listPlatforms(text: string, access: RegistryAccess): Promise<ListedTarget[]> {
  const target = identifyTarget(text);
  if (!isImageTarget(target)) throw new SluiceError('usage/platform', '--platform all is for images alone');
  const any = { platform: { os: 'linux', architecture: process.arch }, explicit: false, any: true };
  const opened = await openImage(target, access, any);
  opened.close();
  const names = new Map(opened.platforms.map((platform) => [platformText(platform), platform]));
  return [...names].map(([name, platform], i) => ({
    line: i + 1,
    text: `${text} ${name}`,
    of: { image: text, platform },
  }));
}
