import type { LockEditor } from './contract.ts';
import { editGemfileLock } from './gemfile-lock.ts';
import { editGoMod } from './go-mod.ts';
import { editGradleLock } from './gradle-lock.ts';
import { editPackageLock } from './package-lock.ts';
import { editPipfileLock } from './pipfile-lock.ts';
import { editPom } from './pom.ts';
import { editRequirements } from './requirements.ts';

/** Files that can be edited without asking a registry, by name. All others pin digests, or what only their tool can tell. */
const byName: ReadonlyMap<string, LockEditor> = new Map([
  ['package-lock.json', editPackageLock],
  ['npm-shrinkwrap.json', editPackageLock],
  ['Pipfile.lock', editPipfileLock],
  ['go.mod', editGoMod],
  ['pom.xml', editPom],
  ['Gemfile.lock', editGemfileLock],
  ['gems.locked', editGemfileLock],
  ['gradle.lockfile', editGradleLock],
]);

/** What edits a file of this name; undefined when nothing does. */
export function lockEditor(name: string): LockEditor | undefined {
  const known = byName.get(name);
  if (known) return known;
  if (name.startsWith('requirements') && name.endsWith('.txt')) return editRequirements;
  return name.endsWith('.lockfile') ? editGradleLock : undefined;
}
