import { isSettings } from '../../format/listed-paths.ts';
import type { Answer } from '../../model/finding.ts';
import type { FileSecrets } from '../../model/survey.ts';
import type { LookedInto } from './contract.ts';
import { shownPath } from './places.ts';
import { type FoundSecret, spanOf } from './secret-findings.ts';

/** The secrets in the files of all layers, those that a later layer took away as well. */
export function layerSecrets(looked: LookedInto): FoundSecret[] {
  const { surveys, places } = looked;
  const { baseLayers, folder } = places;
  return surveys.flatMap(({ secrets = [] }, layer) =>
    secrets.flatMap((file) => {
      const { path, removedIn } = places.standing.of({ layer, entry: file.entry });
      const place = {
        in: 'file' as const,
        path: shownPath(path, folder),
        ...(folder ? {} : { layer, from: layer < baseLayers ? ('base' as const) : ('own' as const) }),
        ...(removedIn === undefined || folder ? {} : { removedIn }),
      };
      const owner = looked.owners.ofPath(path);
      const answered = owner === undefined ? undefined : publicFile(path, owner, file, looked);
      const about = {
        ...(owner === undefined ? {} : { package: owner }),
        ...(answered === undefined ? {} : { answered }),
      };
      return file.matches.map((match) => ({ match, place: { ...place, ...spanOf(match) }, ...about }));
    }),
  );
}

/**
 * Whoever installs the package has what stands in its files: it is no secret. Settings are changed by whoever builds an
 * image, and a file that is not as the package says is not the package's.
 */
function publicFile(
  path: string,
  owner: string,
  { digests = [] }: FileSecrets,
  { owners }: LookedInto,
): Answer | undefined {
  if (isSettings(path) || !owners.isUnchanged(path, digests)) return undefined;
  return { by: 'owner', because: `the file is as the package ${nameIn(owner)} has it, which everybody can get` };
}

/** `libc6` of `pkg:deb/debian/libc6@2.36?arch=amd64`. */
function nameIn(purl: string): string {
  const end = purl.search(/[@?#]/);
  const path = purl.slice(0, end < 0 ? undefined : end);
  return path.slice(path.lastIndexOf('/') + 1);
}
