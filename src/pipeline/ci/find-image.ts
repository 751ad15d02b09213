import { opendirSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../../util/error.ts';
import { someOf } from '../../util/some-of.ts';
import { isCompressed, isFile, isImageArchive, isImageLayout } from './image-archive.ts';
import { recordedImages } from './image-records.ts';
import { type CiRun, type Environment, given } from './platform.ts';

/** Entries of a folder that are looked at. */
const entriesLooked = 10_000;

/** Files with the ending of an archive that are opened. */
const archivesOpened = 64;

/** Images that are named where there are several. */
const namedOfSeveral = 5;

/** Folders in which builds leave an image, beside the working folder itself. */
const outputFolders = ['.', 'image', 'images', 'build', 'dist', 'out', 'output', 'artifacts'];

/** What is to be scanned, and how that is known. */
export interface FoundImage {
  readonly target: string;
  /** For people: `the one image archive here`. */
  readonly because: string;
}

/** What tells which image is meant. */
export interface ImageSigns {
  /** What the command line names. */
  readonly operand?: string | undefined;
  readonly env: Environment;
  readonly run: CiRun;
  /** The working folder. */
  readonly folder: string;
}

const nextStep = 'name it: sluice ci TARGET, or set SLUICE_IMAGE';

/**
 * The image that this run is about: the one that is named, else the one archive or layout that the build has left, else
 * the one that a record of the build names, else what the CI system says that the project's image is called. Of several
 * none is chosen: the wrong one would pass for the right one. @throws SluiceError `ci/no-image`, `ci/several-images`
 */
export function findImage({ operand, env, run, folder }: ImageSigns): FoundImage {
  if (operand !== undefined) return { target: operand, because: 'named on the command line' };
  const named = given(env, 'SLUICE_IMAGE');
  if (named !== undefined) return { target: named, because: 'SLUICE_IMAGE' };
  const local = only(imagesIn(folder), 'image archives and layouts');
  if (local) return { target: local, because: 'the one image that the build has left here' };
  const records = recordedImages(folder, repositoryOf(env));
  const target = only(
    records.map((record) => record.target),
    'images in records of the build',
  );
  if (target) return { target, because: `named by ${records.map(({ file }) => file).join(', ')}` };
  const known = conventional(env);
  if (known) return known;
  throw new SluiceError(
    'ci/no-image',
    `there is no image to scan: no archive or layout in the working folder, no record of a build, and ${run.title} names none`,
    nextStep,
  );
}

function only(images: readonly string[], what: string): string | undefined {
  if (images.length < 2) return images[0];
  throw new SluiceError('ci/several-images', `there are several ${what}: ${someOf(images, namedOfSeveral)}`, nextStep);
}

/** Archives and layouts in the folders in which builds leave them, sorted, as paths from the working folder. */
function imagesIn(folder: string): string[] {
  const found: string[] = [];
  let opened = 0;
  for (const name of outputFolders) {
    const below = join(folder, name);
    if (isImageLayout(below)) {
      found.push(name);
      continue;
    }
    for (const entry of entriesOf(below)) {
      const path = join(below, entry.name);
      const shown = name === '.' ? entry.name : `${name}/${entry.name}`;
      if (entry.isDirectory && !outputFolders.includes(shown) && isImageLayout(path)) found.push(shown);
      else if (!entry.isDirectory && isArchiveName(entry.name) && opened++ < archivesOpened && isImage(path))
        found.push(shown);
    }
  }
  return found.sort();
}

/** A compressed archive is not unpacked to find out: its name has to say that it is an image. */
function isImage(path: string): boolean {
  if (!isCompressed(path)) return isImageArchive(path);
  return /(?:^|[./_-])(?:image|oci|docker|container)(?:[._-]|$)/i.test(path.slice(path.lastIndexOf('/') + 1));
}

function isArchiveName(name: string): boolean {
  return /\.(?:tar|tgz|tar\.gz|tar\.zst)$/.test(name);
}

function entriesOf(folder: string): { readonly name: string; readonly isDirectory: boolean }[] {
  const found: { name: string; isDirectory: boolean }[] = [];
  try {
    const entries = opendirSync(folder);
    try {
      for (let entry = entries.readSync(); entry && found.length < entriesLooked; entry = entries.readSync()) {
        if (entry.isDirectory() || entry.isFile()) found.push({ name: entry.name, isDirectory: entry.isDirectory() });
      }
    } finally {
      entries.closeSync();
    }
  } catch {
    return [];
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What images of this project are called, without a tag. */
function repositoryOf(env: Environment): string | undefined {
  return given(env, 'CI_APPLICATION_REPOSITORY', 'CI_REGISTRY_IMAGE');
}

/** What GitLab's own jobs call the image of a project: its scanner's variable, Auto DevOps' pair, the registry's and the commit. */
function conventional(env: Environment): FoundImage | undefined {
  const named = given(env, 'CS_IMAGE');
  if (named !== undefined) return { target: named, because: 'CS_IMAGE' };
  const application = given(env, 'CI_APPLICATION_REPOSITORY');
  const tag = given(env, 'CI_APPLICATION_TAG', 'CI_COMMIT_SHA');
  if (application && tag) return { target: `${application}:${tag}`, because: 'CI_APPLICATION_REPOSITORY and its tag' };
  const repository = given(env, 'CI_REGISTRY_IMAGE');
  const commit = given(env, 'CI_COMMIT_SHA');
  if (!repository || !commit) return undefined;
  return { target: `${repository}:${commit}`, because: 'CI_REGISTRY_IMAGE and the commit, as nothing else is named' };
}

/** The Dockerfile that findings are to name lines of, where there is no doubt which that is. */
export function findDockerfile(folder: string): string | undefined {
  const found = ['Dockerfile', 'Containerfile'].filter((name) => isFile(join(folder, name)));
  return found.length === 1 ? found[0] : undefined;
}
