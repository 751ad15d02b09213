import { isDigit, isId, isVersion } from './coordinates.ts';

/** What the name of an archive says. */
export interface FileNameParts {
  /** The whole name without folders and ending. */
  readonly stem: string;
  /** The artifact, or the stem again when there is no version in it. */
  readonly artifact: string;
  readonly version?: string;
  /** `sources`, `linux-x86_64` … behind the version. */
  readonly classifier?: string;
}

/** Words that belong to a version, not to an artifact or classifier. */
const qualifiers = new Set(
  'alpha beta milestone rc cr m final ga release snapshot sp pre preview incubating jre android build rev dev ea'.split(
    ' ',
  ),
);
/** Words behind a version that say which file of the artifact it is. */
const classifiers = new Set(
  'sources javadoc tests all shaded shadow uber fat standalone exec runner plain nodep linux osx macos darwin windows win32 no_aop'.split(
    ' ',
  ),
);
/** A longer name is no name of an artifact. */
const longestStem = 512;

/** Splits `artifact-version[-classifier].jar`, or `symbolic.name_version.jar` as OSGi writes it. */
export function splitFileName(path: string): FileNameParts {
  const base = path.slice(path.lastIndexOf('/') + 1);
  const stem = base.slice(0, Math.max(0, base.lastIndexOf('.')));
  if (stem.length > longestStem) return { stem, artifact: stem };
  return splitAtDash(stem) ?? splitAtUnderscore(stem) ?? { stem, artifact: stem };
}

/**
 * The version begins at the first word that begins with a digit, unless a word that is no qualifier and then another
 * number follow: `log4j-1.2-api-2.14.1` is version 2.14.1 of `log4j-1.2-api`, but `foo-1.0-beta-2` is 1.0-beta-2.
 */
function splitAtDash(stem: string): FileNameParts | undefined {
  const words = stem.split('-');
  let end = words.findIndex((word, i) => classifiers.has(word.toLowerCase()) && belongsToVersion(words[i - 1] ?? ''));
  if (end < 0) end = words.length;
  let first = words.findLastIndex((word, i) => i > 0 && i < end && beginsWithDigit(word));
  if (first < 0) return undefined;
  while (first > 1 && belongsToVersion(words[first - 1] ?? '')) first--;
  while (!beginsWithDigit(words[first] ?? '0')) first++;
  const artifact = words.slice(0, first).join('-');
  const version = words.slice(first, end).join('-');
  if (!isId(artifact) || !isVersion(version)) return undefined;
  const classifier = words.slice(end).join('-');
  return classifier === '' ? { stem, artifact, version } : { stem, artifact, version, classifier };
}

function beginsWithDigit(word: string): boolean {
  return isDigit(word.charCodeAt(0));
}

function belongsToVersion(word: string): boolean {
  if (beginsWithDigit(word)) return true;
  let letters = word.length;
  while (letters > 0 && isDigit(word.charCodeAt(letters - 1))) letters--;
  return qualifiers.has(word.slice(0, letters).toLowerCase());
}

function splitAtUnderscore(stem: string): FileNameParts | undefined {
  const at = stem.lastIndexOf('_');
  if (at <= 0 || !isDigit(stem.charCodeAt(at + 1))) return undefined;
  const artifact = stem.slice(0, at);
  const version = stem.slice(at + 1);
  // OSGi versions have three numbers at least; `akka-actor_2.12` is an artifact for Scala 2.12, and says no version.
  const isOsgi = version.split('.', 3).length === 3;
  return isId(artifact) && isVersion(version) && isOsgi ? { stem, artifact, version } : undefined;
}
