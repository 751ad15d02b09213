import type { PackageRecord } from '../../model/package.ts';
import { warning } from '../../model/problem.ts';
import { SluiceError } from '../../util/error.ts';
import type { Parsed } from '../contract.ts';
import { isId, isVersion } from './coordinates.ts';
import { type PomElement, pomTree } from './pom-tree.ts';
import { isWithinPackage } from './within-package.ts';

/** Most dependencies of one project. */
const mostDependencies = 20_000;
/** How many times placeholders in what placeholders were filled in with are filled in. */
const mostRounds = 5;
/** Longest text that placeholders may grow to, in characters, and longest value of a property: names and versions are shorter. */
const longest = 256;

/** Whether the path is that of a project's description. Those in an archive's META-INF/maven tell what the archive is. */
export function isPom(path: string): boolean {
  if (!path.endsWith('pom.xml')) return false;
  if (path.length > 7 && path.charCodeAt(path.length - 8) !== 0x2f) return false;
  return !path.includes('META-INF/maven/') && !isWithinPackage(path);
}

/**
 * The dependencies that a project states with their versions (Maven POM reference). What its parent manages is not in
 * the file: a dependency whose version stands elsewhere is left out. XML that is no project says nothing.
 */
export function readPom(path: string, bytes: Buffer): Parsed {
  if (bytes.length === 0) return { packages: [], problems: [] };
  let project: PomElement;
  try {
    project = pomTree(bytes);
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    return { packages: [], problems: [warning('maven/unreadable', thrown.message, path)] };
  }
  if (project.name !== 'project') return { packages: [], problems: [] };
  const packages = new Map<string, PackageRecord>();
  for (const record of recordsOf(project)) {
    const key = `${record.name}@${record.version}`;
    // What the program needs as well is not for tests alone.
    if (packages.get(key)?.dev !== true && packages.has(key)) continue;
    if (packages.size >= mostDependencies && !packages.has(key)) {
      const message = `the project names more than ${mostDependencies} dependencies; the rest is left out`;
      return { packages: [...packages.values()], problems: [warning('maven/too-many-packages', message, path)] };
    }
    packages.set(key, record);
  }
  return { packages: [...packages.values()], problems: [] };
}

function* recordsOf(project: PomElement): Generator<PackageRecord, void, undefined> {
  const filled = placeholdersOf(project);
  const managed = new Map<string, PomElement>();
  for (const one of dependenciesIn(child(project, 'dependencyManagement'))) {
    const name = nameOf(one, filled);
    if (!managed.has(name)) managed.set(name, one);
  }
  for (const one of dependenciesIn(project)) {
    const name = nameOf(one, filled);
    const [group = '', artifact = ''] = name.split(':');
    const manager = managed.get(name);
    const version = pinned(filled(textOf(one, 'version') || textOf(manager, 'version')));
    const scope = filled(textOf(one, 'scope') || textOf(manager, 'scope'));
    if (!isId(group) || !isId(artifact) || version === undefined || scope === 'system') continue;
    yield { name, version, presence: 'declared', ...(scope === 'test' ? { dev: true } : {}) };
  }
}

/** `[1.0]` asks for just that version; other ranges, and placeholders that nobody fills in here, are none. */
function pinned(text: string): string | undefined {
  const version = /^\[([^[\](),]+)\]$/.exec(text)?.[1] ?? text;
  return isVersion(version) && !/[[\](),{}]/.test(version) ? version : undefined;
}

function child(element: PomElement | undefined, name: string): PomElement | undefined {
  return element?.children.find((one) => one.name === name);
}

function textOf(element: PomElement | undefined, name: string): string {
  return child(element, name)?.text ?? '';
}

function dependenciesIn(element: PomElement | undefined): readonly PomElement[] {
  return child(element, 'dependencies')?.children.filter(({ name }) => name === 'dependency') ?? [];
}

function nameOf(dependency: PomElement, filled: (text: string) => string): string {
  return `${filled(textOf(dependency, 'groupId'))}:${filled(textOf(dependency, 'artifactId'))}`;
}

/** Fills in `${name}` by the project's properties and its own coordinates; empty when that becomes too long. */
function placeholdersOf(project: PomElement): (text: string) => string {
  const parent = child(project, 'parent');
  const values = new Map<string, string>();
  for (const { name, text } of child(project, 'properties')?.children ?? []) values.set(name, text);
  for (const name of ['groupId', 'artifactId', 'version']) {
    const inherited = textOf(parent, name);
    const own = textOf(project, name) || (name === 'artifactId' ? '' : inherited);
    for (const prefix of ['project.', 'pom.', '']) if (!values.has(prefix + name)) values.set(prefix + name, own);
    for (const prefix of ['project.', '']) values.set(`${prefix}parent.${name}`, inherited);
  }
  return (text) => filledIn(text, values);
}

/** Values hold placeholders of values, each of which may stand many times: the length is watched, or it doubles each round. */
function filledIn(text: string, values: ReadonlyMap<string, string>): string {
  let out = text.length > longest ? '' : text;
  for (let round = 0; round < mostRounds && out.includes('${'); round++) {
    let room = longest;
    out = out.replace(/\$\{([^{}]{1,100})\}/g, (whole, name: string) => {
      const value = values.get(name) ?? whole;
      room -= value.length;
      return room < 0 ? '' : value;
    });
    if (room < 0 || out.length > longest) return '';
  }
  return out;
}
