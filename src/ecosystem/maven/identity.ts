import { type Coordinates, isId, isVersion } from './coordinates.ts';
import type { FileNameParts } from './file-name.ts';
import { knownGroup, tomcatArtifact } from './known-groups.ts';
import type { Manifest } from './manifest.ts';
import type { PartialCoordinates, PomPlace } from './pom-properties.ts';

/** Where the classes of an archive lie. */
export interface ClassFolders {
  /** The folders that all classes have in common: `['org', 'springframework', 'beans']`. */
  readonly common: readonly string[];
  /** Whether any class lies below the folder, or the archive holds no class at all. */
  has(folder: string): boolean;
}

/** What is known of an archive when the guess begins. */
export interface Evidence {
  readonly file: FileNameParts;
  readonly manifest: Manifest;
  readonly classes: ClassFolders;
  /** Folders below `META-INF/maven` without a readable `pom.properties`. */
  readonly places: readonly PomPlace[];
}

/** Which of the `pom.properties` in an archive is the archive's own; the others came in by shading. */
export function ownPom(file: FileNameParts, poms: readonly PartialCoordinates[]): PartialCoordinates | undefined {
  const { stem, artifact, version } = file;
  const alone = poms.length === 1 ? poms[0] : undefined;
  return (
    poms.find((pom) => stem === `${pom.artifact}-${pom.version}`) ??
    poms.find((pom) => stem.startsWith(`${pom.artifact}-${pom.version}-`)) ??
    poms.find((pom) => pom.artifact === artifact || pom.artifact === stem || artifact.endsWith(`.${pom.artifact}`)) ??
    // Renamed on the way into the image, like `COPY target/shop-1.0.jar app.jar`.
    (alone && (version === undefined || version === alone.version) ? alone : undefined)
  );
}

/** Whether the archive is the Java runtime itself, which no advisory calls by Maven coordinates. */
function isJavaRuntime(manifest: Manifest): boolean {
  const title = manifest.get('implementation-title');
  return (
    title === 'Java Runtime Environment' ||
    manifest.get('specification-title')?.startsWith('Java Platform API') === true
  );
}

/** The best guess at the coordinates of an archive that has no `pom.properties` of its own; undefined without a version. */
export function guessCoordinates(evidence: Evidence): Coordinates | undefined {
  const { file, manifest } = evidence;
  if (isJavaRuntime(manifest)) return undefined;
  if (file.classifier === 'sources' || file.classifier === 'javadoc') return undefined;
  const version = file.version ?? manifestVersion(manifest);
  if (version === undefined) return undefined;
  if (manifest.get('implementation-title')?.startsWith('Apache Tomcat') && file.version === undefined) {
    const artifact = tomcatArtifact(file.stem);
    if (artifact !== undefined) return { group: 'org.apache.tomcat', artifact, version };
  }
  const artifact = guessArtifact(file, manifest);
  if (artifact === undefined) return undefined;
  return { group: guessGroup(artifact, version, evidence), artifact, version };
}

/**
 * The version by the manifest, for archives whose name has none. `Bundle-Version` is late: OSGi pads and rewrites
 * versions (2.4 is 2.4.0 there).
 */
function manifestVersion(manifest: Manifest): string | undefined {
  for (const name of ['plugin-version', 'implementation-version', 'bundle-version', 'specification-version']) {
    const word = manifest.get(name)?.split(' ', 1)[0];
    if (word !== undefined && isVersion(word)) return word;
  }
  return undefined;
}

/** The artifact: by the file name, which Maven gives; a name without a version was given by somebody else. */
function guessArtifact(file: FileNameParts, manifest: Manifest): string | undefined {
  if (file.version !== undefined) return file.artifact;
  const titles = [manifest.get('short-name'), manifest.get('implementation-title')];
  return (
    titles.find((title) => title && isId(title) && !title.includes('.')) ?? (isId(file.stem) ? file.stem : undefined)
  );
}

/**
 * The group, from the surest source to the weakest: a folder below META-INF/maven, the table of well-known ones, what
 * build tools put into the manifest, the folders of the classes. Nothing of these: the artifact itself, as Maven 1 had
 * it and many old artifacts on Maven Central still have.
 */
function guessGroup(artifact: string, version: string, evidence: Evidence): string {
  const { manifest, classes, places } = evidence;
  return (
    places.find((place) => place.artifact === artifact && isId(place.group))?.group ??
    knownGroup(artifact, version, classes.has) ??
    vendorGroup(manifest) ??
    groupOfSymbolicName(manifest.get('bundle-symbolicname'), artifact) ??
    groupOfSymbolicName(manifest.get('automatic-module-name'), artifact) ??
    groupOfClasses(classes.common, artifact) ??
    artifact
  );
}

/** `Group-Id` of Jenkins plugins; `Implementation-Vendor-Id`, where Maven's archiver puts the group. */
function vendorGroup(manifest: Manifest): string | undefined {
  for (const id of [manifest.get('group-id'), manifest.get('implementation-vendor-id')]) {
    // Apache Commons overrides it for all of its parts.
    if (id && id !== 'org.apache' && id.includes('.') && isId(id)) return id;
  }
  return undefined;
}

/**
 * Undoes how maven-bundle-plugin makes a symbolic name: `group.artifact`, and when the artifact begins with the last
 * word of the group, that word once (`org.apache.maven` and `maven-core` is `org.apache.maven.core`).
 */
function groupOfSymbolicName(name: string | undefined, artifact: string): string | undefined {
  const symbolic = name?.split(';', 1)[0]?.trim() ?? '';
  if (!isId(symbolic)) return undefined;
  const words = symbolic.split('.');
  for (let i = 1; i < words.length; i++) {
    const rest = words.slice(i).join('.');
    if (rest === artifact || (i > 1 && isJoined(artifact, words[i - 1] ?? '', rest)))
      return words.slice(0, i).join('.');
  }
  return undefined;
}

function isJoined(artifact: string, first: string, rest: string): boolean {
  return (
    artifact.length === first.length + 1 + rest.length && artifact.startsWith(`${first}-`) && artifact.endsWith(rest)
  );
}

/** `org/springframework/beans` of `spring-beans`: the common folder, less the word that the artifact adds to the group. */
function groupOfClasses(common: readonly string[], artifact: string): string | undefined {
  const words = common.slice(0, 4);
  if (words.length > 2 && artifact.toLowerCase().includes(words[words.length - 1] ?? '')) words.pop();
  const group = words.slice(0, 3).join('.');
  return words.length >= 2 && isId(group) ? group : undefined;
}
