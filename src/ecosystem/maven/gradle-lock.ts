import type { PackageRecord } from '../../model/package.ts';
import { type Problem, warning } from '../../model/problem.ts';
import { textLines } from '../../util/text-lines.ts';
import type { Parsed } from '../contract.ts';
import { isId, isVersion } from './coordinates.ts';
import { isWithinPackage } from './within-package.ts';

/** Most modules of one lock file; the largest builds have some thousands. */
const mostModules = 50_000;

const ending = '.lockfile';
/** Lock files of a whole build, of its scripts and of its settings. */
const names = new Set(['gradle.lockfile', 'buildscript-gradle.lockfile', 'settings-gradle.lockfile']);
/** Where Gradle before 7 wrote one lock file a configuration. */
const folder = 'gradle/dependency-locks/';

/** Configurations of tests, of the compiler and of tools that check the code, as Gradle and its plugins call them. */
const developing =
  /^test(?![a-z])|Test(?![a-z])|[aA]nnotationProcessor|^(?:kapt|ksp|kotlin[A-Z]|jacoco|checkstyle|pmd|spotbugs|detekt|ktlint|developmentOnly|errorprone)/;

/** Whether the path is that of a lock file that Gradle writes: of the build itself, or of its build script. */
export function isGradleLock(path: string): boolean {
  if (!path.endsWith(ending)) return false;
  const slash = path.lastIndexOf('/');
  return (isOfConfiguration(path, slash) || names.has(path.slice(slash + 1))) && !isWithinPackage(path);
}

function isOfConfiguration(path: string, slash: number): boolean {
  const start = slash + 1 - folder.length;
  return start >= 0 && path.startsWith(folder, start) && (start === 0 || path.charCodeAt(start - 1) === 0x2f);
}

/**
 * The modules of a Gradle lock file (Gradle User Manual, "Locking Dependency Versions"): lines `group:module:version=`
 * with the configurations that need the module, and one line `empty=`. In a file of one configuration the modules alone.
 */
export function readGradleLock(path: string, bytes: Buffer): Parsed {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1, -ending.length);
  const own = isOfConfiguration(path, slash) ? name : undefined;
  const isBuilds = /^(?:buildscript|settings)-/.test(name);
  const packages: PackageRecord[] = [];
  let bad = 0;
  for (const line of textLines(bytes.toString('utf8'))) {
    const text = line.trim();
    if (text === '' || text.startsWith('#') || text.startsWith('empty=')) continue;
    const record = recordOf(text, own, isBuilds);
    if (!record) bad++;
    else if (packages.length >= mostModules) {
      const message = `the file locks more than ${mostModules} modules; the rest is left out`;
      return { packages, problems: [warning('maven/too-many-packages', message, path)] };
    } else packages.push(record);
  }
  return { packages, problems: bad > 0 ? [unreadable(bad, path)] : [] };
}

function unreadable(lines: number, path: string): Problem {
  const message = `${lines} ${lines === 1 ? 'line is' : 'lines are'} no locked module`;
  return warning('maven/unreadable', message, path);
}

/** What only tests and the build itself need is not in the program. */
function recordOf(line: string, own: string | undefined, isBuilds: boolean): PackageRecord | undefined {
  const equals = line.indexOf('=');
  if (equals < 0 && own === undefined) return undefined;
  const [group = '', artifact = '', version = '', ...more] = line.slice(0, equals < 0 ? undefined : equals).split(':');
  if (more.length > 0 || !isId(group) || !isId(artifact) || !isVersion(version)) return undefined;
  const configurations = equals < 0 ? [own ?? ''] : line.slice(equals + 1).split(',');
  const dev = isBuilds || configurations.every((one) => developing.test(one));
  return { name: `${group}:${artifact}`, version, presence: 'declared', ...(dev ? { dev } : {}) };
}
