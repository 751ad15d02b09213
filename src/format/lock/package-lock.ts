import { asRecord, asString } from '../../util/json.ts';
import { npmCommands } from './commands.ts';
import { type EditContext, type Edited, refused, type VersionChange } from './contract.ts';
import { type MemberPlace, memberAt, membersAt, without, withValue } from './json-places.ts';
import { raisedRange } from './npm-range-text.ts';
import { readJson } from './pipfile-lock.ts';
import { type Splice, spliced } from './splices.ts';

const modules = 'node_modules/';
const manifest = 'package.json';

/** Kinds of dependency that a package or project lists; those of a project that the manifest lists as well. */
const asked = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** Deepest folder of packages within packages that is looked through; real ones have a tenth. */
const mostNested = 100;

/** Most names under which a project may ask for one package: each is looked up by itself. */
const mostRaised = 20;

type Entries = ReadonlyMap<string, Record<string, unknown>>;

/**
 * Edits a package-lock.json of version 2 or 3 (docs.npmjs.com, package-lock.json), and in package.json what the project
 * asks for. Only where the result is what npm itself would write but for the digest: no dependent may ask for an older
 * version, and the package may need no others, for what its new version needs is not in the file.
 */
export function editPackageLock(file: string, text: string, change: VersionChange, context: EditContext): Edited {
  const lock = asRecord(readJson(text));
  const packages = asRecord(lock?.packages);
  if (!lock || !packages) return refused('a lock file of this old version holds too little: npm brings it up to date');
  const entries: Entries = new Map(
    Object.entries(packages).flatMap(([key, value]) => {
      const entry = asRecord(value);
      return entry ? [[key, entry] as const] : [];
    }),
  );
  const keys = new Set([...entries.keys()].filter((key) => isThis(key, entries.get(key)!, change)));
  if (keys.size === 0) return refused(`the file does not lock ${change.name} ${change.from}`);
  if (isOverridden(context.sibling(manifest), change)) {
    return refused(`package.json overrides ${change.name}`, []);
  }
  const asks = [...asksFor(keys, entries)];
  const projects = [...new Set(asks.map(({ dependent }) => dependent).filter((key) => !key.includes(modules)))];
  const raised: Raise[] = [];
  const held = dependentProblem(asks, change, context, raised);
  if (held !== undefined) {
    return refused(held.because, npmCommands(change, { projects, isHeld: held.dependent.includes(modules) }));
  }
  for (const key of keys) {
    const because = entryProblem(entries.get(key)!, change);
    if (because !== undefined) return refused(because, npmCommands(change, { projects, isHeld: false }));
  }
  const places = membersAt(text, memberAt(text, ['packages'])?.start ?? text.length);
  const splices = places.filter(({ key }) => keys.has(key)).flatMap((place) => entrySplices(text, place, change));
  splices.push(...legacySplices(text, memberAt(text, ['dependencies']), change));
  return withManifest(file, text, splices, raised, change, context);
}

function isThis(key: string, entry: Record<string, unknown>, { name, from }: VersionChange): boolean {
  const at = key.lastIndexOf(modules);
  if (at < 0 || entry.link === true || entry.version !== from) return false;
  return (asString(entry.name) ?? key.slice(at + modules.length)) === name;
}

/** Why the entry itself can't be edited. */
function entryProblem(entry: Record<string, unknown>, { name }: VersionChange): string | undefined {
  if (entry.inBundle === true) return `${name} comes bundled inside another package`;
  const resolved = asString(entry.resolved);
  if (resolved !== undefined && !/^https?:/.test(resolved)) return `${name} is not taken from a registry`;
  const needs = ['dependencies', 'optionalDependencies', 'peerDependencies'].some(
    (kind) => Object.keys(asRecord(entry[kind]) ?? {}).length > 0,
  );
  return needs ? `${name} needs other packages, and only npm can tell which its new version needs` : undefined;
}

/** Whether the project puts its own word over what dependencies ask for (npm's documentation, "overrides"). */
function isOverridden(text: string | undefined, { name }: VersionChange): boolean {
  const overrides = JSON.stringify(asRecord(text === undefined ? undefined : readJson(text))?.overrides) ?? '';
  return overrides.includes(`${JSON.stringify(name)}:`) || overrides.includes(`${JSON.stringify(name).slice(0, -1)}@`);
}

/** A range that a project asks for, and the higher one in its place. */
interface Raise {
  /** Folder of the project. */
  readonly project: string;
  readonly kind: string;
  readonly folder: string;
  readonly range: string;
}

/** Why a package that uses one of these can't use the new version. What the projects themselves ask for is raised instead. */
function dependentProblem(
  asks: readonly Ask[],
  { name, to }: VersionChange,
  context: EditContext,
  raised: Raise[],
): { readonly because: string; readonly dependent: string } | undefined {
  // What another package asks for comes first: no project can change that.
  const isProject = ({ dependent }: Ask): boolean => !dependent.includes(modules);
  for (const ask of [...asks.filter((one) => !isProject(one)), ...asks.filter(isProject)]) {
    const { dependent, kind, folder, range } = ask;
    const plain = range.startsWith('npm:') ? range.slice(range.lastIndexOf('@') + 1) : range;
    if (context.admits(plain, to)) continue;
    const higher = isProject(ask) && plain === range ? raisedRange(range, to) : undefined;
    if (higher === undefined) return { because: `${dependentName(dependent)} asks for ${name} ${range}`, dependent };
    raised.push({ project: dependent, kind, folder, range: higher });
  }
  return undefined;
}

/** What one package, or the project, asks of another. */
interface Ask {
  readonly dependent: string;
  readonly kind: string;
  /** The name that it is asked for by. */
  readonly folder: string;
  readonly range: string;
}

/** All that is asked of the packages at these places. */
function* asksFor(keys: ReadonlySet<string>, entries: Entries): Generator<Ask, void, undefined> {
  const folders = new Set([...keys].map((key) => key.slice(key.lastIndexOf(modules) + modules.length)));
  for (const [dependent, entry] of entries) {
    for (const kind of asked) {
      for (const [folder, range] of Object.entries(asRecord(entry[kind]) ?? {})) {
        if (!folders.has(folder) || !keys.has(resolvedFrom(dependent, folder, entries) ?? '')) continue;
        yield { dependent, kind, folder, range: asString(range) ?? '' };
      }
    }
  }
}

function dependentName(key: string): string {
  if (key === '') return 'the project';
  const at = key.lastIndexOf(modules);
  return at < 0 ? key : key.slice(at + modules.length);
}

/** The entry that a package finds by a name: in its own node_modules, else in one above (Node.js, "node_modules folders"). */
function resolvedFrom(dependent: string, name: string, entries: Entries): string | undefined {
  for (let at = dependent, depth = 0; depth < mostNested; at = parentOf(at), depth++) {
    const key = at === '' ? modules + name : `${at}/${modules}${name}`;
    if (entries.has(key)) return key;
    if (at === '') return undefined;
  }
  return undefined;
}

/** The package, or project, whose node_modules this one lies in. */
function parentOf(key: string): string {
  const at = key.lastIndexOf(`/${modules}`);
  return at < 0 ? '' : key.slice(0, at);
}

/** The new version, where it is taken from as far as that follows from the version, and no digest. */
function entrySplices(text: string, entry: MemberPlace, { name, from, to }: VersionChange): Splice[] {
  const members = membersAt(text, entry.start);
  const splices: Splice[] = [];
  for (const member of members) {
    if (member.key === 'version') splices.push(withValue(member, to));
    // What the registry said of the old version holds for that alone.
    else if (member.key === 'integrity' || member.key === 'deprecated') splices.push(without(members, member));
    else if (member.key === 'resolved') splices.push(resolvedSplice(text, members, member, { name, from, to }));
  }
  return splices;
}

/** Registries name the archive of a package by its version (`…/-/x-1.0.0.tgz`). */
function resolvedSplice(
  text: string,
  members: readonly MemberPlace[],
  member: MemberPlace,
  { name, from, to }: VersionChange,
): Splice {
  const url = asString(readJson(text.slice(member.start, member.end))) ?? '';
  const base = name.slice(name.lastIndexOf('/') + 1);
  const tail = `/-/${base}-${from}.tgz`;
  if (!url.endsWith(tail)) return without(members, member);
  return withValue(member, `${url.slice(0, -tail.length)}/-/${base}-${to}.tgz`);
}

/** Version 2 says everything once more, as a tree for older npm: what lies below a package stands in it. */
function legacySplices(text: string, tree: MemberPlace | undefined, change: VersionChange): Splice[] {
  const splices: Splice[] = [];
  const waiting = tree ? [tree] : [];
  for (let level = waiting.pop(); level; level = waiting.pop()) {
    for (const place of membersAt(text, level.start)) {
      const members = membersAt(text, place.start);
      const version = members.findLast(({ key }) => key === 'version');
      const isOld = version && text.slice(version.start, version.end) === JSON.stringify(change.from);
      if (place.key === change.name && isOld) splices.push(...entrySplices(text, place, change));
      const below = members.findLast(({ key }) => key === 'dependencies');
      if (below) waiting.push(below);
    }
  }
  return splices;
}

/** What projects ask for is raised in the package.json of each, and in the lock file's copy of it. */
function withManifest(
  file: string,
  text: string,
  splices: Splice[],
  raised: readonly Raise[],
  { name }: VersionChange,
  context: EditContext,
): Edited {
  const texts = new Map<string, string>();
  if (raised.length > mostRaised) return refused(`projects ask for ${name} in more than ${mostRaised} places`);
  for (const { project, kind, folder, range } of raised) {
    const path = project === '' ? manifest : `${project}/${manifest}`;
    const own = texts.get(path) ?? context.sibling(path);
    if (own === undefined) return refused(`${path}, which asks for ${name}, is not at hand`);
    const [mine, copy] = [memberAt(own, [kind, folder]), memberAt(text, ['packages', project, kind, folder])];
    if (!mine || !copy || own.slice(mine.start, mine.end) !== text.slice(copy.start, copy.end)) {
      return refused(`${path} and the lock file do not ask for the same`);
    }
    texts.set(path, spliced(own, [withValue(mine, range)]));
    splices.push(withValue(copy, range));
  }
  texts.set(file, spliced(text, splices));
  return { kind: 'edited', texts };
}
