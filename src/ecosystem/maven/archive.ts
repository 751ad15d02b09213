import { bufferAccess, type RandomAccess } from '../../format/random-access.ts';
import { readZipDirectory, readZipEntry, type ZipEntry } from '../../format/zip.ts';
import type { Presence } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { addFailure, addProblem, beginScan, endScan, mavenLimits, type Scan, spend } from './budget.ts';
import { classFolders } from './class-folders.ts';
import type { Coordinates } from './coordinates.ts';
import { isArchivePath } from './endings.ts';
import { splitFileName } from './file-name.ts';
import { bearsName, guessCoordinates, ownPom } from './identity.ts';
import { type Manifest, noManifest, parseManifest } from './manifest.ts';
import {
  innerPomPlace,
  type PartialCoordinates,
  type PomPlace,
  parsePomProperties,
  pomPlace,
} from './pom-properties.ts';

/** The size of an entry in a zip's directory is at least this. */
const leastEntryBytes = 46;
const manifestName = 'META-INF/MANIFEST.MF';

/** One archive: the file itself or one inside of it. */
interface Archive {
  readonly source: RandomAccess;
  /** Its name, for the coordinates in it. */
  readonly name: string;
  /** `''` for the file itself, else `!/lib/x.jar` … */
  readonly inside: string;
  readonly depth: number;
  /** Bytes of the archives that lie open around it. */
  readonly openBytes: number;
}

/** The entries of one archive that say something. */
interface Contents {
  readonly entries: readonly ZipEntry[];
  readonly poms: readonly [ZipEntry, PomPlace][];
  /** The `pom.properties` of libraries that lie unpacked in a folder of the archive. */
  readonly inner: readonly [ZipEntry, PomPlace][];
  /** Folders below META-INF/maven that hold a `pom.xml`. */
  readonly places: readonly PomPlace[];
  readonly manifest: ZipEntry | undefined;
  readonly nested: readonly ZipEntry[];
}

/** All packages in a Java archive and in the archives inside of it. Never throws: what is unreadable becomes a problem. */
export function scanArchive(path: string, bytes: Buffer): ReturnType<typeof endScan> {
  const scan = beginScan(path);
  const openBytes = Math.min(bytes.length, mavenLimits.openBytes - mavenLimits.leftBytes);
  visit(scan, { source: bufferAccess(bytes), name: path, inside: '', depth: 1, openBytes });
  return endScan(scan);
}

/** Recursion ends at `mavenLimits.depth`. */
function visit(scan: Scan, archive: Archive): void {
  let contents: Contents;
  try {
    const { directoryBytes } = mavenLimits;
    contents = sortOut(readZipDirectory(archive.source, { entries: scan.entries, directoryBytes }));
  } catch (error) {
    addFailure(scan, error, archive.inside);
    chargeFailure(scan, archive, error);
    return;
  }
  scan.entries -= contents.entries.length;
  addPackages(scan, archive, contents);
  for (const entry of contents.nested) {
    if (scan.spent) return;
    descend(scan, archive, entry);
  }
}

/** A directory may fail after its last entry but one: that work counts, or overlapping archives repeat it for ever. */
function chargeFailure(scan: Scan, archive: Archive, error: unknown): void {
  const unread = error instanceof SluiceError && error.code === 'zip/not-a-zip';
  if (!unread) scan.entries = Math.max(0, scan.entries - Math.floor(archive.source.size / leastEntryBytes));
}

function sortOut(entries: readonly ZipEntry[]): Contents {
  const poms: [ZipEntry, PomPlace][] = [];
  const inner: [ZipEntry, PomPlace][] = [];
  const places: PomPlace[] = [];
  const nested: ZipEntry[] = [];
  let manifest: ZipEntry | undefined;
  for (const entry of entries) {
    const { name } = entry;
    if (isArchivePath(name)) nested.push(entry);
    else if (name.endsWith('/pom.properties')) {
      const place = pomPlace(name, 'pom.properties');
      const below = place ?? innerPomPlace(name);
      if (below) (place ? poms : inner).push([entry, below]);
    } else if (name.endsWith('/pom.xml')) {
      const place = pomPlace(name, 'pom.xml');
      if (place) places.push(place);
    } else if (name.length === manifestName.length && name.toUpperCase() === manifestName) manifest ??= entry;
  }
  return { entries, poms, inner, places, manifest, nested };
}

function descend(scan: Scan, around: Archive, entry: ZipEntry): void {
  const inside = `${around.inside}!/${entry.name}`;
  if (around.depth >= mavenLimits.depth) {
    addProblem(scan, 'java/too-deep', `lies deeper than ${mavenLimits.depth} archives and is not read`, inside);
    return;
  }
  if (inside.length > mavenLimits.placeLength) {
    addProblem(scan, 'java/unreadable', `has a name of more than ${mavenLimits.placeLength} characters`, inside);
    return;
  }
  const limit = Math.min(mavenLimits.nestedBytes, mavenLimits.openBytes - around.openBytes);
  const body = readEntry(scan, around, entry, limit, inside);
  if (body === undefined) return;
  const openBytes = around.openBytes + body.length;
  visit(scan, { source: bufferAccess(body), name: entry.name, inside, depth: around.depth + 1, openBytes });
}

function readEntry(scan: Scan, archive: Archive, entry: ZipEntry, limit: number, inside: string): Buffer | undefined {
  try {
    // Above the limit nothing is unpacked, so it costs nothing. Packed bytes count, too: entries may overlap, and
    // unpack a large body of empty blocks to nothing.
    const cost = Math.max(entry.size, entry.compressedSize);
    if (cost <= limit && !spend(scan, cost, inside)) return undefined;
    return readZipEntry(archive.source, entry, limit);
  } catch (error) {
    addFailure(scan, error, inside);
    return undefined;
  }
}

function addPackages(scan: Scan, archive: Archive, contents: Contents): void {
  const poms = readPoms(scan, archive, contents.poms);
  const file = splitFileName(archive.name);
  let read: Manifest | undefined;
  const manifest = (): Manifest => {
    read ??= readManifest(scan, archive, contents.manifest);
    return read;
  };
  const own = ownPom(file, poms, manifest);
  const found = new Map<string, Coordinates>();
  for (const { group, artifact, version } of [...poms, ...readPoms(scan, archive, contents.inner)]) {
    if (version !== undefined) found.set(`${group}:${artifact}:${version}`, { group, artifact, version });
  }
  let self = own?.version === undefined ? undefined : (own as Coordinates);
  // Among other artifacts' pom.properties, only a name with a version, or the same name in the manifest, is a sign that
  // the archive itself is one, too.
  const isNamed = poms.length === 0 || own !== undefined || file.version !== undefined;
  if (self === undefined && (isNamed || bearsName(manifest(), file.stem))) {
    const places = own === undefined ? contents.places : [own, ...contents.places];
    self = guessCoordinates({ file, manifest: manifest(), classes: classFolders(contents.entries), places });
    if (self) found.set(`${self.group}:${self.artifact}:${self.version}`, self);
  }
  const isApplication = archive.depth === 1 && holdsApplication(archive.name, contents.nested);
  for (const one of found.values()) addPackage(scan, archive, one, isApplication && isSame(one, self));
}

function addPackage(scan: Scan, archive: Archive, found: Coordinates, isApplication: boolean): void {
  const presence: Presence = isApplication ? 'application' : 'installed';
  const record = { name: `${found.group}:${found.artifact}`, version: found.version, presence };
  scan.packages.push(archive.inside === '' ? record : { ...record, inside: archive.inside });
}

/** Whether the archive is a program with its libraries inside: a Spring Boot jar, or a war or ear with archives in it. */
function holdsApplication(name: string, nested: readonly ZipEntry[]): boolean {
  const ending = name.slice(-4).toLowerCase();
  if (ending === '.war' || ending === '.ear') return nested.length > 0;
  return nested.some((entry) => entry.name.startsWith('BOOT-INF/') || entry.name.startsWith('WEB-INF/lib/'));
}

function isSame(a: Coordinates, b: Coordinates | undefined): boolean {
  return a.group === b?.group && a.artifact === b.artifact && a.version === b.version;
}

function readPoms(scan: Scan, archive: Archive, poms: Contents['poms']): PartialCoordinates[] {
  const read: PartialCoordinates[] = [];
  for (const [entry, place] of poms) {
    const inside = `${archive.inside}!/${entry.name}`;
    const body = readEntry(scan, archive, entry, mavenLimits.pomBytes, inside);
    if (scan.spent) return read;
    if (body === undefined) continue;
    const coordinates = parsePomProperties(body, place);
    if (coordinates) read.push(coordinates);
    else addProblem(scan, 'java/unreadable', 'names no Maven artifact', inside);
  }
  return read;
}

function readManifest(scan: Scan, archive: Archive, entry: ZipEntry | undefined): Manifest {
  if (entry === undefined) return noManifest;
  const body = readEntry(scan, archive, entry, mavenLimits.manifestBytes, `${archive.inside}!/${entry.name}`);
  return body === undefined ? noManifest : parseManifest(body);
}
