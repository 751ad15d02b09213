import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { openFile, readWholeRegion } from '../../source/file.ts';
import { asRecord, asString, parseJson } from '../../util/json.ts';
import { isFile } from './image-archive.ts';

/** Largest record of a build that is read, in bytes. */
const mostBytes = 4 * 1024 * 1024;

/** An image that a build has left a record of. */
export interface RecordedImage {
  /** As `sluice scan` takes it. */
  readonly target: string;
  /** The file that says so. */
  readonly file: string;
}

const digestForm = /^sha256:[0-9a-f]{64}$/;

/** Names under which builders are asked to leave `NAME@DIGEST`: kaniko's `--image-name-with-digest-file` has none of its own. */
const digestFiles = ['image-digest', 'image-digest.txt', 'image.digest', 'kaniko-digest', 'digest', 'digest.txt'];

/** Names under which buildx is asked to leave its metadata, and Jib leaves its own. */
const metadataFiles = [
  'metadata.json',
  'build-metadata.json',
  'buildx-metadata.json',
  'target/jib-image.json',
  'build/jib-image.json',
];

/**
 * The images that records of builds in a folder name, each once. `repository` is what the CI system says that images of
 * this project are called: a digest alone is one of that.
 */
export function recordedImages(folder: string, repository: string | undefined): RecordedImage[] {
  const found = new Map<string, RecordedImage>();
  const add = (target: string | undefined, file: string): void => {
    if (target !== undefined && !found.has(target)) found.set(target, { target, file });
  };
  for (const file of metadataFiles) for (const target of inMetadata(readJson(folder, file))) add(target, file);
  for (const file of digestFiles) add(inDigestFile(readText(folder, file), repository), file);
  return [...found.values()];
}

/** buildx's `--metadata-file`, of one target or, as bake writes it, of several; Jib's `jib-image.json`. */
function inMetadata(value: unknown): string[] {
  const record = asRecord(value);
  if (!record) return [];
  const own = inOneBuild(record);
  if (own !== undefined) return [own];
  return Object.values(record).flatMap((one) => inOneBuild(asRecord(one)) ?? []);
}

function inOneBuild(record: Record<string, unknown> | undefined): string | undefined {
  const [name] = (asString(record?.['image.name']) ?? asString(record?.image) ?? '').split(',');
  const digest = asString(record?.['containerimage.digest']) ?? asString(record?.imageDigest);
  return name && digest ? named(name, digest) : undefined;
}

/** `NAME@DIGEST`, `NAME:TAG@DIGEST`, or the digest alone. */
function inDigestFile(text: string | undefined, repository: string | undefined): string | undefined {
  const line = text?.trim() ?? '';
  const at = line.lastIndexOf('@');
  if (at < 0) return repository === undefined ? undefined : named(repository, line);
  return named(line.slice(0, at), line.slice(at + 1));
}

/** A reference by its digest, without the tag: what the tag says now may be another image. */
function named(name: string, digest: string): string | undefined {
  if (!digestForm.test(digest) || !/^[A-Za-z0-9][\w.:/-]{0,511}$/.test(name)) return undefined;
  const tag = name.lastIndexOf(':');
  return `${tag > name.lastIndexOf('/') ? name.slice(0, tag) : name}@${digest}`;
}

function readJson(folder: string, name: string): unknown {
  const bytes = readBytes(folder, name);
  try {
    return bytes && parseJson(bytes);
  } catch {
    return undefined;
  }
}

function readText(folder: string, name: string): string | undefined {
  return readBytes(folder, name)?.toString('utf8');
}

/** What can't be read is no record. */
function readBytes(folder: string, name: string): Buffer | undefined {
  const path = join(folder, name);
  if (!isFile(path)) return undefined;
  try {
    const { fd, size } = openFile(path, path);
    try {
      return size > mostBytes ? undefined : readWholeRegion(fd, 0, size);
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}
