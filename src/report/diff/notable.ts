import type { FileChange } from '../../catalog/compare/files.ts';
import type { VisibleFile } from '../../catalog/visible-files.ts';

/** setuid and setgid. */
const setId = 0o6000;

/** Whether running the file gives its user's or group's rights. */
export function isSetId(file: VisibleFile | undefined): boolean {
  return file?.kind === 'file' && (file.mode & setId) !== 0 && (file.mode & 0o111) !== 0;
}

/** Whether anybody may write to the file. */
function isWorldWritable(file: VisibleFile | undefined): boolean {
  return file?.kind === 'file' && (file.mode & 0o002) !== 0;
}

/** `added`, `removed` or `changed`. */
export function changeOf({ before, after }: FileChange): 'added' | 'removed' | 'changed' {
  if (!before) return 'added';
  return after ? 'changed' : 'removed';
}

/** Why a change of a file deserves a look of its own; undefined when it is one of many. */
export function whyNotable({ before, after }: FileChange): string | undefined {
  if (isSetId(after) && !isSetId(before)) {
    return after && (after.mode & 0o4000) !== 0 ? `new setuid file of user ${after.uid}` : 'new setgid file';
  }
  return isWorldWritable(after) && !isWorldWritable(before) ? 'anybody may write to it now' : undefined;
}
