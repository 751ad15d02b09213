import type { Place } from '../../model/placed-finding.ts';
import { placeName } from '../../policy/subject/placed-name.ts';
import type { ReportContext } from '../contract.ts';
import { plainText } from './text.ts';

/** Longest path that is told, in characters: no system has longer ones. */
const longestPath = 4096;

/** Longest name of a target that is told, in characters. */
const longestName = 255;

/** A path as GitLab looks it up in the project: relative, with nothing that leads out of it; undefined where none is left. */
export function relativePath(path: string): string | undefined {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return segments.length === 0 ? undefined : plainText(segments.join('/'), longestPath);
}

/** Where something is, as a file and a line. */
export interface FilePlace {
  readonly file: string;
  readonly line?: number;
  readonly endLine?: number;
}

/**
 * The file that something is in; of what is in no file the line of the Dockerfile that made it, where that is known, else
 * its name (`ENV DB_PASSWORD`): GitLab takes two findings without a file for one.
 */
export function fileOf(place: Place): FilePlace {
  const { path, line, endLine, cause } = place;
  const file = path === undefined ? undefined : relativePath(path);
  if (file !== undefined)
    return { file, ...(line === undefined ? {} : { line, endLine: Math.max(line, endLine ?? 0) }) };
  return causeOf(cause) ?? { file: relativePath(placeName(place)) ?? place.in };
}

/** The line of the Dockerfile that made something; undefined where it is not known. */
export function causeOf(cause: Place['cause']): FilePlace | undefined {
  const file = cause === undefined ? undefined : relativePath(cause.path);
  return cause === undefined || file === undefined ? undefined : { file, line: cause.line, endLine: cause.line };
}

/** What the target is called: the reference that it goes by, else the name of its file, never a path of this machine. */
export function targetName({ name, judgedBy }: ReportContext): string {
  const called = judgedBy?.judging.names?.[0] ?? name.replace(/^(?:archive|oci|dir|sbom|dockerfile|registry):/, '');
  const isPath = /^(?:[./~\\]|[A-Za-z]:\\)/.test(called);
  const shown = isPath ? (called.split(/[/\\]/).findLast((segment) => segment !== '') ?? '') : called;
  return plainText(shown, longestName) || 'image';
}
