import { ListedPaths } from '../../format/listed-paths.ts';
import { readRpmFiles } from '../../format/rpm/files.ts';
import { readHeader } from '../../format/rpm/header.ts';
import type { Damage } from '../../format/rpm/pages.ts';
import type { Owner } from '../../model/package.ts';
import type { ClaimedFile } from '../contract.ts';
import { readBlobs } from './blobs.ts';
import { versionOf } from './version.ts';

/** What is damaged was said when the packages were read. */
const silent: Damage = () => {};

/** Tells the files of each package in an rpm database, from the lists in the packages' headers. */
export function readOwnedFiles(
  { bytes }: ClaimedFile,
  owns: (owner: Owner, path: string, digest?: string) => void,
  digests: boolean,
): void {
  const paths = new ListedPaths();
  for (const blob of readBlobs(bytes, silent)) {
    const header = readHeader(blob, silent);
    if (header === undefined) continue;
    const { name, arch } = header;
    const owner: Owner = { name, version: versionOf(header), ...(arch && { arch }) };
    for (const file of readRpmFiles(blob, digests)) {
      const path = paths.in(file.folder, file.name);
      if (path === undefined) continue;
      if (file.digest === undefined) owns(owner, path);
      else owns(owner, path, file.digest);
    }
  }
}
