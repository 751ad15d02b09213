import { type EditContext, type Edited, edited, refused, type VersionChange } from './contract.ts';
import { placedLines, type Splice, spliced } from './splices.ts';

/**
 * Edits a gradle.lockfile (Gradle, "Locking versions"): `group:artifact:version=configurations`, a line each. It holds no
 * digests, and a build that resolves to anything else fails.
 */
export function editGradleLock(file: string, text: string, change: VersionChange, _context: EditContext): Edited {
  const wanted = `${change.name}:${change.from}=`;
  const splices: Splice[] = [];
  for (const line of placedLines(text)) {
    if (!line.text.startsWith(wanted)) continue;
    const start = line.start + change.name.length + 1;
    splices.push({ start, end: start + change.from.length, text: change.to });
  }
  if (splices.length === 0) return refused(`the file does not lock ${change.name}`);
  // Writing the locks anew would take back what the build itself asks for.
  const note = `where the build itself names ${change.name} ${change.from}, name ${change.to} there as well`;
  return edited(file, spliced(text, splices), note);
}
