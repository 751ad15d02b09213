import { parsePurl } from '../../model/parse-purl.ts';
import type { PurlParts } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { compilePattern, type Matcher } from '../../util/glob.ts';

/** Types whose names know no case (purl specification, the types' own rules); names of all others are as they are. */
const caseless: ReadonlySet<string> = new Set([
  'alpm',
  'apk',
  'bitbucket',
  'composer',
  'conda',
  'deb',
  'github',
  'githubactions',
  'hex',
  'pypi',
]);

/** A pattern over package URLs, read. */
export interface PurlPattern {
  /** `type/namespace/name` up to the first `*`: what the names that match begin with. */
  readonly literal: string;
  /** Whether {@link literal} is the whole name. */
  readonly exact: boolean;
  /** Whether a package URL matches; `name` is its {@link nameKey}. */
  matches(parts: PurlParts, name: string): boolean;
}

/**
 * Reads a pattern over package URLs: `*` is any text, a version or qualifiers that are left out may be any, those that
 * are given must be there.
 * @throws SluiceError `waivers/package`, `glob/too-long`
 */
export function compilePurlPattern(text: string): PurlPattern {
  const parts = parsePurl(text);
  if (parts === undefined) {
    const hint = text.startsWith('pkg:')
      ? 'as in pkg:deb/debian/openssl or pkg:npm/lodash@4.17.*; the type can hold no *'
      : `a package URL begins with pkg: and its type, as in pkg:npm/${text.slice(0, 40)}`;
    throw new SluiceError('waivers/package', 'this is no package URL', hint);
  }
  refuseEmpty(text);
  const whole = nameKey(parts);
  const star = whole.indexOf('*');
  const name = compilePattern(whole);
  const version = parts.version === undefined ? undefined : compilePattern(parts.version);
  const qualifiers = Object.entries(parts.qualifiers ?? {}).map(([key, value]): readonly [string, Matcher] => [
    key,
    compilePattern(value ?? ''),
  ]);
  const subpath = parts.subpath === undefined ? undefined : compilePattern(parts.subpath);
  return {
    literal: star < 0 ? whole : whole.slice(0, star),
    exact: star < 0,
    matches: (found, key) =>
      name(key) &&
      (version === undefined || (found.version !== undefined && version(found.version))) &&
      (subpath === undefined || (found.subpath !== undefined && subpath(found.subpath))) &&
      qualifiers.every(([one, matches]) => {
        const value = found.qualifiers?.[one];
        return value !== undefined && matches(value);
      }),
  };
}

/**
 * What is begun and left empty would be read as left out, and be over more than its author sees; an encoded `*` would
 * become one that stands for any text. @throws SluiceError `waivers/package`
 */
function refuseEmpty(text: string): void {
  const wrong = (why: string, hint: string): SluiceError => new SluiceError('waivers/package', why, hint);
  if (/%2a/i.test(text)) throw wrong('it has an encoded *', 'write * where any text is meant; a * itself has no sign');
  const [path = '', query, ...more] = (text.split('#')[0] ?? '').split('?');
  if (path.endsWith('@'))
    throw wrong('there is no version behind @', 'write it, or leave out the @ where any is meant');
  if (text.endsWith('#'))
    throw wrong('there is nothing behind #', 'write a path below the package, or leave out the #');
  const pairs = query === undefined ? [] : query.split('&');
  if (more.length > 0 || pairs.some((pair) => !/^[^=]+=./.test(pair)))
    throw wrong('behind ? stand qualifiers, each with a value', 'as in ?arch=amd64; any text is *, there is no ?');
}

/** `deb/debian/openssl`: what a package URL names, without version, in the case that its type compares by. */
export function nameKey({ type, namespace, name }: PurlParts): string {
  const text = `${type}/${namespace === undefined ? '' : `${namespace}/`}${name}`;
  if (!caseless.has(type)) return text;
  return type === 'pypi' ? text.toLowerCase().replaceAll('_', '-') : text.toLowerCase();
}
