import { blinding, type Problem } from '../../model/problem.ts';
import type { SeenEntry } from './entries.ts';

/** Characters of a link that are looked at (Linux, PATH_MAX). */
const looked = 4_096;

/** A way through a process to its root or working folder (proc(5)), such as `/proc/self/root/opt/settings`. */
const intoProcess = /(?:^|\/)proc\/[^/]{1,20}\/(?:task\/[^/]{1,20}\/)?(?:root|cwd)(?:\/|$)/;

/**
 * Links that lead through the kernel's folder of processes: in a container they come back into the image, so that a
 * program finds a file where none is found here. Of the first it is told that nobody can say what stands there.
 */
export function linksIntoProcesses(entries: readonly SeenEntry[]): Problem[] {
  const link = entries.find((entry) => entry.kind === 'symlink' && intoProcess.test(entry.link.slice(0, looked)));
  if (!link) return [];
  const message = 'the link leads through a process: what stands there can only be told while the container runs';
  return [blinding('files/process-link', message, `/${link.path}`)];
}
