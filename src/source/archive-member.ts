import { SluiceError } from '../util/error.ts';
import { type OpenFile, readWholeRegion } from './file.ts';
import { maxManifestBytes } from './manifest.ts';
import type { Member, TarIndex } from './tar-index.ts';

/** An image archive with its members found. */
export interface Archive {
  readonly file: OpenFile;
  readonly index: TarIndex;
}

/** All bytes of a small member. @throws SluiceError `archive/member-missing`, `archive/member-too-large` */
export function readMember(archive: Archive, name: string): Buffer {
  const member = memberOf(archive, name);
  if (member.size > maxManifestBytes) {
    throw new SluiceError(
      'archive/member-too-large',
      `${shown(name)} in the archive is larger than ${maxManifestBytes} bytes`,
    );
  }
  return readWholeRegion(archive.file.fd, member.offset, member.size);
}

/** Where a member is. @throws SluiceError `archive/member-missing`, `archive/truncated` */
export function memberOf(archive: Archive, name: string): Member {
  const member = archive.index.find(name);
  if (!member) throw new SluiceError('archive/member-missing', `${shown(name)} is not in the archive`);
  if (member.offset + member.size > archive.file.size) {
    throw new SluiceError('archive/truncated', `the archive ends inside of ${shown(name)}`);
  }
  return member;
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 200)).slice(1, -1);
}
