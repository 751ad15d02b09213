import type { GoModule } from '../../format/go-modinfo.ts';
import { unversioned } from './version-name.ts';

/** Names of the variables into which release builds write their own version. */
const variables = new Set([
  ...['version', 'gitversion', 'buildversion', 'appversion', 'releaseversion', 'currentversion', 'fullversion'],
  ...['versionstring', 'semver', 'semversion', 'tag', 'gittag', 'buildtag', 'releasetag', 'versiontag'],
]);
/** Longer linker flags are not looked through (bytes). */
const maxFlags = 65_536;
const semver = /^v?\d{1,9}\.\d{1,9}\.\d{1,9}(?:[-+][0-9A-Za-z.+-]{0,100})?$/;

/**
 * The version of a program's own module: what the go command stamped, else what the linker was told to write into a
 * variable named like a version (`-ldflags "-X main.version=1.4.2"`), else `(devel)`.
 */
export function mainVersion(main: GoModule, settings: ReadonlyMap<string, string>): string {
  const stamped = (main.replacement ?? main).version;
  if (stamped !== '' && stamped !== unversioned) return stamped;
  const flags = settings.get('-ldflags') ?? '';
  return flags === '' || flags.length > maxFlags ? unversioned : (versionOfFlags(flags, main.path) ?? unversioned);
}

/** The value of the likeliest variable: one of package main, else one of the module, else the first of any other. */
function versionOfFlags(flags: string, modulePath: string): string | undefined {
  let best: string | undefined;
  let bestRank = 0;
  for (const [name, value] of assignments(splitFlags(flags))) {
    const dot = name.lastIndexOf('.');
    // Some write more behind it: `v1.2.3 (2024-02-29)`.
    const [version = ''] = value.split(' ', 1);
    const variable = name
      .slice(dot + 1)
      .replaceAll('_', '')
      .toLowerCase();
    if (dot < 0 || !variables.has(variable) || !semver.test(version)) continue;
    const owner = name.slice(0, dot);
    const rank = owner === 'main' ? 3 : owner === modulePath || owner.startsWith(`${modulePath}/`) ? 2 : 1;
    if (rank <= bestRank) continue;
    bestRank = rank;
    best = version.startsWith('v') ? version : `v${version}`;
  }
  return best;
}

/**
 * The `name=value` pairs of `-X name=value` and `-X=name=value`, of which the last of a name counts. The first word may
 * name packages: `all=-X`.
 */
function assignments(words: readonly string[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const written = words[i] ?? '';
    const behindPattern = i === 0 && !written.startsWith('-') ? written.indexOf('=-') + 1 : 0;
    const word = written.slice(behindPattern).replace(/^--/, '-');
    const pair = word === '-X' ? words[++i] : word.startsWith('-X=') ? word.slice(3) : undefined;
    const equals = pair?.indexOf('=') ?? -1;
    if (pair !== undefined && equals > 0) pairs.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  return pairs;
}

/** Splits at blanks as the go command does: a word may be within single or double quotes, or hold quoted parts. */
function splitFlags(flags: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (const c of flags) {
    if (quote !== '') {
      if (c === quote) quote = '';
      else word += c;
    } else if (c === '"' || c === "'") {
      quote = c;
    } else if (c === ' ' || c === '\t' || c === '\n' || c === '\r') {
      if (word !== '') words.push(word);
      word = '';
    } else {
      word += c;
    }
  }
  if (word !== '') words.push(word);
  return words;
}
