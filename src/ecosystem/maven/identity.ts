import { type Coordinates, isDigit, isId, isVersion } from './coordinates.ts';
import type { FileNameParts } from './file-name.ts';
import { knownGroup, tomcatArtifact } from './known-groups.ts';
import { type Manifest, versionAttributes } from './manifest.ts';
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

/**
 * Which of the `pom.properties` in an archive is the archive's own; the others came in by shading. The manifest is only
 * asked for where names do not tell.
 */
export function ownPom(
  file: FileNameParts,
  poms: readonly PartialCoordinates[],
  readManifest: () => Manifest,
): PartialCoordinates | undefined {
  const { stem, artifact, version } = file;
  const alone = poms.length === 1 ? poms[0] : undefined;
  return (
    poms.find((pom) => stem === `${pom.artifact}-${pom.version}`) ??
    poms.find((pom) => stem.startsWith(`${pom.artifact}-${pom.version}-`)) ??
    poms.find((pom) => pom.artifact === artifact || pom.artifact === stem || artifact.endsWith(`.${pom.artifact}`)) ??
    // Renamed on the way into the image, like `COPY target/shop-1.0.jar app.jar`.
    (alone && (version === undefined ? !bearsName(readManifest(), stem) : version === alone.version)
      ? alone
      : undefined)
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
    const group = artifact?.startsWith('tomcat-embed') ? 'org.apache.tomcat.embed' : 'org.apache.tomcat';
    if (artifact !== undefined) return { group, artifact, version };
  }
  const artifact = guessArtifact(file, manifest);
  if (artifact === undefined) return undefined;
  return { group: guessGroup(artifact, version, evidence), artifact, version };
}

/** A commit behind a version (`3.4.10-39d3…`), which would sort it behind its own release. */
const commit = /-[0-9a-f]{40}$/;

/**
 * The version by the manifest, for archives whose name has none. `Bundle-Version` is late: OSGi pads and rewrites
 * versions (2.4 is 2.4.0 there). What begins with a digit goes first: `private-2008/06/01` is no release.
 */
function manifestVersion(manifest: Manifest): string | undefined {
  const words: string[] = [];
  for (const name of versionAttributes) {
    const word = manifest.get(name)?.split(' ', 1)[0];
    if (word !== undefined && isVersion(word)) words.push(word);
  }
  const version = words.find((word) => isDigit(word.charCodeAt(0))) ?? words[0];
  return version?.replace(commit, '');
}

/** The artifact: by the file name, which Maven gives; a name without a version was given by somebody else. */
function guessArtifact(file: FileNameParts, manifest: Manifest): string | undefined {
  if (file.version !== undefined) return file.artifact;
  const { stem } = file;
  const titles = [manifest.get('short-name'), manifest.get('implementation-title')];
  const title = titles.find((one) => one && isId(one) && !one.includes('.'))?.toLowerCase();
  const named = stem.toLowerCase();
  // Titles are for people (`JUnit`, `XOM`), artifacts hardly ever have capitals; and a title leaves out what sbt puts
  // behind (`akka-actor_2.12`).
  const isOwn = title === undefined || named === title || named.startsWith(`${title}_`);
  return isOwn ? (isId(stem) ? stem : undefined) : title;
}

/** Whether the manifest calls the archive as its file is called: then it tells of it, not of something shaded into it. */
export function bearsName(manifest: Manifest, stem: string): boolean {
  const names = [manifest.get('implementation-title'), manifest.get('bundle-symbolicname')?.split(';', 1)[0]?.trim()];
  return names.some((name) => name !== undefined && name.toLowerCase() === stem.toLowerCase());
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
    buildInfoGroup(manifest) ??
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

/** `Implementation-Title: group#module;version`, as Gradle's build information plugin writes it. */
function buildInfoGroup(manifest: Manifest): string | undefined {
  const title = manifest.get('implementation-title') ?? '';
  const group = title.slice(0, Math.max(0, title.indexOf('#')));
  return group.includes('.') && isId(group) ? group : undefined;
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

/** Organisations whose every project has a group of its own below: `org.apache.thrift`, never `org.apache`. */
const organisations = new Set(
  'org.apache org.codehaus org.eclipse com.google com.sun com.oracle com.github io.github net.sf net.sourceforge'.split(
    ' ',
  ),
);

/** `org/springframework/beans` of `spring-beans`: the common folder, less the word that the artifact adds to the group. */
function groupOfClasses(common: readonly string[], artifact: string): string | undefined {
  const words = common.slice(0, 4);
  const last = words[words.length - 1] ?? '';
  const above = words.slice(0, -1).join('.');
  if (words.length > 2 && artifact.toLowerCase().includes(last) && !organisations.has(above)) words.pop();
  const group = words.slice(0, 3).join('.');
  return words.length >= 2 && isId(group) ? group : undefined;
}
