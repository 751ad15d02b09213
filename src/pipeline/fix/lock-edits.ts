import type { Ecosystem } from '../../ecosystem/contract.ts';
import { commandsAfter, commandsFor } from '../../format/lock/commands.ts';
import type { Edited, VersionChange } from '../../format/lock/contract.ts';
import { lockEditor } from '../../format/lock/editors.ts';
import { managePom } from '../../format/lock/pom.ts';
import { admitsGem } from '../../match/fix/gem-requirement.ts';
import { admitsNpm } from '../../match/fix/npm-range.ts';
import { compareText } from '../../util/compare-text.ts';
import { baseName, dirName } from '../../util/path.ts';
import type { SourceFolder } from './source-folder.ts';

/** A package that a file names, and that moved to another version there with the one that was to be moved. */
export interface Along {
  /** Path of the file in the source. */
  readonly path: string;
  readonly ecosystem: Ecosystem;
  readonly name: string;
  readonly to: string;
}

/** How a change is made: files that were edited for it, commands to run, and what to know. */
export interface Making {
  readonly files: readonly string[];
  readonly commands: readonly string[];
  readonly notes: readonly string[];
  /** What a text that stands for several versions moved with it. */
  readonly along?: readonly Along[];
}

/** Moves a package in one lock file of the source; what can't be edited rightly is left as it is, with the command that does it. */
export function moveInFile(folder: SourceFolder, path: string, ecosystem: Ecosystem, change: VersionChange): Making {
  const name = baseName(path);
  const text = folder.text(path);
  const byHand = (because: string, own?: readonly string[]): Making => {
    const commands = inFolder(dirName(path), own ?? commandsFor(ecosystem.id, name, change, text));
    const none = commands.length === 0 ? `: move ${change.name} to ${change.to} there` : '';
    return { files: [], commands, notes: [`${path}: ${because}${none}`] };
  };
  const editor = lockEditor(name);
  if (text === undefined) return byHand('it is no plain text file below the source folder');
  if (!editor) return byHand('only its own tool can write it, for it pins digests');
  const { order } = ecosystem;
  const meets = ecosystem.id === 'gem' ? admitsGem : admitsNpm;
  const admits = (range: string, version: string): boolean => meets(range, version, order);
  const sibling = (other: string): string | undefined => folder.text(joined(dirName(path), other));
  // An edit that was made before may have moved it along.
  const from = versionNow(ecosystem, path, folder.before(path) ?? text, text, change);
  if (from !== change.from && order.compare(from, change.to) >= 0) {
    return {
      files: [path],
      commands: [],
      notes: [`it moves to ${from} there, with what has its version from the same place`],
    };
  }
  const result = editor(name, text, { ...change, from }, { admits, sibling });
  if (result.kind === 'refused') return byHand(result.because, result.commands);
  const after = result.texts.get(name);
  const along = after === undefined ? undefined : movedAlong(ecosystem, path, text, after, { ...change, from });
  if (along === undefined) return byHand('the edited file would not say what it should');
  const made = applied(folder, dirName(path), result);
  const names = along.map((one) => one.name).join(', ');
  const others = names === '' ? [] : [`moved with it: ${names}; see that there is a ${change.to} of each`];
  const commands = inFolder(dirName(path), commandsAfter(name));
  return { ...made, notes: [...made.notes, ...others], commands, along };
}

/** The version of a package in a file that may have been edited: the old one, where that is still there. */
function versionNow(
  ecosystem: Ecosystem,
  path: string,
  before: string,
  text: string,
  { name, from }: VersionChange,
): string {
  if (before === text) return from;
  const [old, now] = [namedIn(ecosystem, path, before), namedIn(ecosystem, path, text)];
  const own = (keys: Iterable<string>) =>
    [...keys].filter((key) => key.toLowerCase().startsWith(`${name.toLowerCase()}\0`));
  if (own(now).some((key) => key.endsWith(`\0${from}`))) return from;
  const [come] = own(now).filter((key) => !old.has(key));
  return come === undefined ? from : come.slice(come.indexOf('\0') + 1);
}

/** Has a Maven project ask for a version of what others bring. */
export function manageInPom(folder: SourceFolder, path: string, change: VersionChange): Making {
  const text = folder.text(path);
  const result = text === undefined ? undefined : managePom(baseName(path), text, change);
  if (!result || result.kind === 'refused') {
    const because = result?.because ?? 'it is no plain text file below the source folder';
    return { files: [], commands: [], notes: [`${path}: ${because}: manage ${change.name} at ${change.to} there`] };
  }
  const notes = [`${change.name} is brought by other dependencies: the project manages its version from now on`];
  return { ...applied(folder, dirName(path), result), commands: [], notes };
}

function applied(
  folder: SourceFolder,
  at: string,
  result: Edited & { kind: 'edited' },
): Pick<Making, 'files' | 'notes'> {
  const files: string[] = [];
  for (const [name, text] of result.texts) {
    folder.edit(joined(at, name), text);
    files.push(joined(at, name));
  }
  return { files: files.sort(), notes: result.note === undefined ? [] : [result.note] };
}

/**
 * What moved along to the same version (a property may stand for several) where the edited file names the new version
 * instead of the old one; undefined where it does not, or anything else differs. Read by the reader that scans read it with.
 */
function movedAlong(
  ecosystem: Ecosystem,
  path: string,
  before: string,
  after: string,
  { name, from, to }: VersionChange,
): Along[] | undefined {
  const [old, now] = [namedIn(ecosystem, path, before), namedIn(ecosystem, path, after)];
  const same = [...old].find((key) => key.toLowerCase() === `${name}\0${from}`.toLowerCase());
  if (same === undefined || now.has(same)) return undefined;
  const nameIn = (key: string): string => key.slice(0, key.indexOf('\0'));
  const lost = [...old].filter((key) => !now.has(key));
  const come = [...now].filter((key) => !old.has(key));
  if (!lost.every((key) => now.has(`${nameIn(key)}\0${to}`))) return undefined;
  if (!come.every((key) => key.endsWith(`\0${to}`))) return undefined;
  return lost
    .filter((key) => key !== same)
    .map((key) => ({ path, ecosystem, name: nameIn(key), to }))
    .sort((a, b) => compareText(a.name, b.name));
}

/** What a file names, as `name\0version`. */
function namedIn(ecosystem: Ecosystem, path: string, text: string): Set<string> {
  const bytes = Buffer.from(text);
  const { packages } = ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
  return new Set(packages.map(({ name, version }) => `${name}\0${version}`));
}

function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Commands as they are run in a folder of the source. A folder that a shell would read as more is not named. */
function inFolder(folder: string, commands: readonly string[]): string[] {
  if (folder === '' || !/^[A-Za-z0-9_][A-Za-z0-9_./@+-]*$/.test(folder)) return [...commands];
  return commands.map((command) => `(cd ${folder} && ${command})`);
}
