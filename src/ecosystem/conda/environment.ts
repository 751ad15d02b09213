import { textLines } from '../../util/text-lines.ts';
import { usableField } from './identity.ts';
import { Locked } from './locked.ts';
import { indentation, yamlScalar } from './yaml-items.ts';

/**
 * The packages that an environment.yml names exactly (docs.conda.io, "Managing environments"): `name==1.2.3`,
 * `name=1.2.3=build`, and what `pip` is to install by `name==1.2.3`. `name=1.2` stands for whatever begins so. Files of
 * this name may be anything, and one that is another's says nothing.
 */
export function readEnvironment(bytes: Buffer, dev: boolean): Locked {
  const locked = new Locked();
  let inDependencies = false;
  let pipDepth = -1;
  for (const line of textLines(bytes.toString('utf8'))) {
    const depth = indentation(line);
    const isItem = line.startsWith('- ', depth);
    if (depth === line.length || line.charAt(depth) === '#') continue;
    if (depth === 0 && !isItem) {
      inDependencies = line.trimEnd() === 'dependencies:';
      pipDepth = -1;
    } else if (inDependencies && isItem) {
      if (depth <= pipDepth) pipDepth = -1;
      const item = withoutComment(line.slice(depth + 2));
      if (item === 'pip:') pipDepth = depth;
      else if (pipDepth !== -1) addPip(item, dev, locked);
      else addSpec(item, dev, locked);
    }
  }
  return locked;
}

function addSpec(item: string, dev: boolean, locked: Locked): void {
  const cut = item.indexOf('::');
  const channel = cut === -1 ? undefined : item.slice(0, cut);
  const spec = item.slice(cut === -1 ? 0 : cut + 2).replaceAll(' ', '');
  const end = spec.indexOf('=');
  if (end <= 0) return;
  const isExact = spec.charAt(end + 1) === '=';
  const [version, build] = spec.slice(end + (isExact ? 2 : 1)).split('=', 2);
  const name = spec.slice(0, end);
  if (!isExact && build === undefined) return;
  if (!usableField(name) || !isVersion(version) || !isPlain(name) || build?.includes('*')) return;
  locked.addConda({ name, version, build, channel }, { dev });
}

function addPip(item: string, dev: boolean, locked: Locked): void {
  const end = item.indexOf('==');
  if (end <= 0) return;
  const extras = item.indexOf('[');
  const name = item.slice(0, extras !== -1 && extras < end ? extras : end).trim();
  const version = item
    .slice(end + 2)
    .split(';', 1)[0]
    ?.trim();
  if (usableField(name) && isPlain(name) && isVersion(version)) locked.addPypi(name, version, { dev });
}

/** One version and no range, wildcard or alternative. */
function isVersion(text: string | undefined): text is string {
  return usableField(text) && isPlain(text) && /^[0-9]/.test(text);
}

/** The characters of names and versions, and of a local part or epoch. */
function isPlain(text: string): boolean {
  return /^[A-Za-z0-9._+!-]+$/.test(text);
}

function withoutComment(text: string): string {
  const end = text.indexOf(' #');
  return yamlScalar(end === -1 ? text : text.slice(0, end));
}
