import { SluiceError } from '../../util/error.ts';
import { textLines } from '../../util/text-lines.ts';
import { archiveHashes, archiveIdentity, isHex, neededNames, usableField } from './identity.ts';
import { Locked } from './locked.ts';
import { type YamlItem, yamlItems } from './yaml-items.ts';

/** Categories and groups of what no program needs when it runs. */
const devCategories = new Set(['dev', 'test', 'docs', 'lint']);

/**
 * Reads a conda-lock.yml (conda.github.io/conda-lock, version 1): the list `package`, one item a package and platform.
 * @throws SluiceError `conda/unreadable` when it isn't one.
 */
export function readCondaLock(bytes: Buffer): Locked {
  const text = textOf(bytes);
  const locked = new Locked();
  for (const item of yamlItems(text, 'package:')) {
    const { fields, lists } = item;
    const details = {
      hashes: archiveHashes(fields.get('hash.sha256'), fields.get('hash.md5')),
      needs: neededNames(lists.get('dependencies') ?? []),
      dev: devCategories.has(fields.get('category') ?? ''),
    };
    if (fields.get('manager') === 'pip') addPypi(item, details, locked);
    else addConda(item, details, locked);
  }
  if (!hasLine(text, 'package:') && !hasLine(text, 'package: []') && !isBlank(text))
    throw new SluiceError('conda/unreadable', 'this is not a conda-lock.yml');
  return locked;
}

/**
 * Reads a pixi.lock (pixi.sh, "Lock file", versions 4 to 7): the list `packages`.
 * @throws SluiceError `conda/unreadable` when it isn't one.
 */
export function readPixiLock(bytes: Buffer): Locked {
  const text = textOf(bytes);
  const locked = new Locked();
  for (const item of yamlItems(text, 'packages:')) {
    const { fields, lists } = item;
    const hashes = archiveHashes(fields.get('sha256'), fields.get('md5'));
    const needs = neededNames(lists.get('depends') ?? lists.get('requires_dist') ?? []);
    const isPypi = fields.has('pypi') || fields.get('kind') === 'pypi';
    const license = fields.get('license');
    if (isPypi) addPypi(item, { hashes, needs }, locked);
    else addConda(item, { hashes, needs, license }, locked);
  }
  if (!hasLine(text, 'environments:') && !hasLine(text, 'packages: []') && !isBlank(text)) {
    throw new SluiceError('conda/unreadable', 'this is not a pixi.lock');
  }
  return locked;
}

/**
 * Reads an explicit list (`conda list --explicit`, `conda-lock --kind explicit`): the line `@EXPLICIT`, and places of
 * archives, with a digest behind `#`.
 * @throws SluiceError `conda/unreadable` when it isn't one.
 */
export function readExplicit(bytes: Buffer): Locked {
  const text = textOf(bytes);
  const locked = new Locked();
  let marked = false;
  for (const line of textLines(text)) {
    if (line.startsWith('#')) continue;
    marked ||= line.trim() === '@EXPLICIT';
    if (marked) addArchive(line.trim(), locked);
  }
  if (!marked && !isBlank(text))
    throw new SluiceError('conda/unreadable', 'this is not an explicit list of conda packages');
  return locked;
}

function addArchive(line: string, locked: Locked): void {
  const identity = archiveIdentity(line);
  if (identity === undefined) return;
  const digest = line.slice(line.indexOf('#') + 1).replace(/^sha256:/, '');
  locked.addConda(identity, { hashes: archiveHashes(digest, isHex(digest, 32) ? digest : undefined) });
}

type Details = Parameters<Locked['addConda']>[1];

/** Where the archive lies says all; older files of pixi say each part by itself. */
function addConda({ fields }: YamlItem, details: Details, locked: Locked): void {
  const identity = archiveIdentity(fields.get('url') ?? fields.get('conda') ?? '');
  const name = identity?.name ?? fields.get('name');
  const version = identity?.version ?? fields.get('version');
  if (!usableField(name) || !usableField(version)) return;
  const build = identity?.build ?? fields.get('build');
  const subdir = identity?.subdir ?? fields.get('subdir') ?? fields.get('platform');
  locked.addConda({ name, version, build, channel: identity?.channel, subdir }, details);
}

/** What comes from a folder has no version, or is the program itself. */
function addPypi({ fields }: YamlItem, details: Details, locked: Locked): void {
  const [name, version] = [fields.get('name'), fields.get('version')];
  const place = fields.get('url') ?? fields.get('pypi') ?? '';
  if (usableField(name) && usableField(version) && place.includes('://')) locked.addPypi(name, version, details);
}

function textOf(bytes: Buffer): string {
  return bytes.toString('utf8');
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

function hasLine(text: string, line: string): boolean {
  return (
    text.startsWith(`${line}\n`) || text.includes(`\n${line}\n`) || text.includes(`\n${line}\r\n`) || text === line
  );
}
