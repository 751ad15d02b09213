import { buildPurl } from '../../../model/purl.ts';

/** How a kind of package is named in package URLs. */
interface Kind {
  readonly type: string;
  /** `any`: there is a namespace that others don't name; `slash`, `colon`: it stands in the name, before the sign. */
  readonly namespace: 'none' | 'any' | 'slash' | 'colon';
}

const kinds: readonly Kind[] = [
  { type: 'apk', namespace: 'any' },
  { type: 'deb', namespace: 'any' },
  { type: 'rpm', namespace: 'any' },
  { type: 'alpm', namespace: 'any' },
  { type: 'npm', namespace: 'slash' },
  { type: 'pypi', namespace: 'none' },
  { type: 'gem', namespace: 'none' },
  { type: 'golang', namespace: 'slash' },
  { type: 'cargo', namespace: 'none' },
  { type: 'nuget', namespace: 'none' },
  { type: 'composer', namespace: 'slash' },
  { type: 'hex', namespace: 'none' },
  { type: 'pub', namespace: 'none' },
  { type: 'maven', namespace: 'any' },
];

/** What tools call kinds of package, in lower case: Syft's types and languages, OSV's ecosystems. */
const byName: ReadonlyMap<string, string> = new Map(
  Object.entries({
    apk: 'apk',
    alpine: 'apk',
    deb: 'deb',
    debian: 'deb',
    ubuntu: 'deb',
    rpm: 'rpm',
    'red hat': 'rpm',
    almalinux: 'rpm',
    'rocky linux': 'rpm',
    alpm: 'alpm',
    npm: 'npm',
    javascript: 'npm',
    python: 'pypi',
    pypi: 'pypi',
    gem: 'gem',
    ruby: 'gem',
    rubygems: 'gem',
    'go-module': 'golang',
    go: 'golang',
    'rust-crate': 'cargo',
    rust: 'cargo',
    'crates.io': 'cargo',
    dotnet: 'nuget',
    nuget: 'nuget',
    'php-composer': 'composer',
    php: 'composer',
    packagist: 'composer',
    hex: 'hex',
    'dart-pub': 'pub',
    dart: 'pub',
    pub: 'pub',
    'java-archive': 'maven',
    java: 'maven',
    maven: 'maven',
  }),
);

/** The type in package URLs of what a tool calls a kind of package, with or without a release (`Debian:12`). */
export function purlType(kind: string): string | undefined {
  return byName.get((kind.split(':')[0] ?? '').trim().toLowerCase());
}

/**
 * Patterns for packages by the names that tools give them. `name` may hold `*`; without a type every kind is meant, and
 * without a name every package of the type.
 */
export function purlPatterns(
  type: string | undefined,
  name: string | undefined,
  version: string | undefined,
): string[] {
  const meant = type === undefined ? kinds : kinds.filter((kind) => kind.type === type);
  return meant.map((kind) => patternOf(kind, name ?? '*', version));
}

function patternOf({ type, namespace }: Kind, whole: string, version: string | undefined): string {
  const colon = whole.lastIndexOf(':');
  const slash = whole.lastIndexOf('/');
  const cut = type === 'maven' && colon > 0 ? colon : namespace === 'slash' ? slash : -1;
  const name = whole.slice(cut + 1);
  const given = cut > 0 ? whole.slice(0, cut) : undefined;
  // Every package of a type that has namespaces: the one `*` is over both.
  const space = given ?? (namespace === 'any' && whole !== '*' ? '*' : undefined);
  const purl = buildPurl({
    type,
    name: mark(name),
    ...(space === undefined ? {} : { namespace: mark(space) }),
    ...(version === undefined ? {} : { version }),
  });
  return purl.replaceAll('%EE%80%80', '*');
}

/** A sign of the private use area stands for `*` while the rest is percent-encoded. */
function mark(text: string): string {
  return text.replaceAll('*', '\ue000');
}
