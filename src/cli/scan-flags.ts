import { parsePlatform } from '../model/image.ts';
import type { PlatformChoice } from '../source/oci-image.ts';
import { SluiceError } from '../util/error.ts';
import type { Flags } from './flags.ts';

/** The platform of this machine, if there is a choice. */
export function machinePlatform(): PlatformChoice {
  return { platform: parsePlatform(`linux/${process.arch}`), explicit: false };
}

/** Which platform `--platform` names, else the machine's. @throws SluiceError `usage/platform` */
export function platformOf(given: Flags): PlatformChoice {
  const text = given.text('platform');
  if (text === undefined || text === 'all')
    return { platform: parsePlatform(`linux/${process.arch}`), explicit: false };
  if (!/^[a-z0-9]+(?:\/[a-z0-9_]+){0,2}$/i.test(text)) {
    throw new SluiceError(
      'usage/platform',
      `${text} is no platform`,
      'a platform is such as linux/amd64 or linux/arm/v7',
    );
  }
  return { platform: parsePlatform(text), explicit: true };
}

/** How many threads `--jobs` allows. @throws SluiceError `usage/jobs` */
export function jobsOf(given: Flags): number | undefined {
  const text = given.text('jobs');
  if (text === undefined) return undefined;
  const jobs = Number(text);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= 256) return jobs;
  throw new SluiceError('usage/jobs', `--jobs takes a whole number from 1 to 256, not ${text}`);
}
