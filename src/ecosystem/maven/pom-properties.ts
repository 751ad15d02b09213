import { type Coordinates, isId, isVersion } from './coordinates.ts';

/** Coordinates as far as a `pom.properties` and its folder tell them. */
export type PartialCoordinates = Omit<Coordinates, 'version'> & { readonly version: string | undefined };

/** The path of a `pom.properties` inside of an archive, taken apart: `META-INF/maven/<group>/<artifact>/pom.properties`. */
export interface PomPlace {
  readonly group: string;
  readonly artifact: string;
}

const folder = 'META-INF/maven/';
/** What stands below is no coordinate: Maven writes five lines. */
const mostLines = 200;
/** Where an archive tells of itself, and where classes of an application lie, with libraries unpacked between them. */
const roots = ['', 'BOOT-INF/classes/', 'WEB-INF/classes/'];

/** Takes apart a path below `META-INF/maven/`; undefined for any other path, and for a folder not two levels deep. */
export function pomPlace(name: string, file: 'pom.properties' | 'pom.xml'): PomPlace | undefined {
  const at = name.indexOf(folder);
  return at >= 0 && roots.includes(name.slice(0, at)) ? placeBelow(name, at, file) : undefined;
}

/** The same below any other folder: that of a library which a class loader of the archive's own reads from there. */
export function innerPomPlace(name: string): PomPlace | undefined {
  const at = name.lastIndexOf(`/${folder}`) + 1;
  return at > 0 && !roots.includes(name.slice(0, at)) ? placeBelow(name, at, 'pom.properties') : undefined;
}

function placeBelow(name: string, at: number, file: string): PomPlace | undefined {
  const parts = name.slice(at + folder.length).split('/');
  const [group, artifact, last] = parts;
  if (parts.length !== 3 || group === undefined || artifact === undefined || last !== file) return undefined;
  return { group, artifact };
}

/**
 * Reads what Maven's archiver wrote: `groupId`, `artifactId`, `version`. What the file doesn't say, its folder does.
 * Undefined when neither gives a valid name; without a valid version the version is undefined.
 */
export function parsePomProperties(bytes: Buffer, place: PomPlace): PartialCoordinates | undefined {
  const values = parseProperties(bytes.toString('latin1'));
  const group = [values.get('groupId'), place.group].find((id) => id !== undefined && isId(id));
  const artifact = [values.get('artifactId'), place.artifact].find((id) => id !== undefined && isId(id));
  if (group === undefined || artifact === undefined) return undefined;
  const version = values.get('version');
  return { group, artifact, version: version !== undefined && isVersion(version) ? version : undefined };
}

/** Java properties (java.util.Properties.load) as far as coordinates need them: no value runs over several lines. */
function parseProperties(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const raw of text.split(/[\r\n]/, mostLines)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith('!')) continue;
    const end = keyEnd(line);
    const rest = line.slice(end).trimStart();
    const value = rest.startsWith('=') || rest.startsWith(':') ? rest.slice(1).trimStart() : rest;
    values.set(unescapeText(line.slice(0, end)), unescapeText(value));
  }
  return values;
}

/** Where the key ends: at the first `=`, `:` or blank that no backslash guards. */
function keyEnd(line: string): number {
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (c === '\\') i++;
    else if (c === '=' || c === ':' || c === ' ' || c === '\t') return i;
  }
  return line.length;
}

function unescapeText(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_all, hex: string | undefined, other: string | undefined) =>
    hex === undefined ? (other ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
