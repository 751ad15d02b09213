import type { Package } from '../model/package.ts';

/** What distributions put before and behind the name of a module in the name of its package. */
const prefixes = [
  'python3-',
  'python-',
  'py3-',
  'py-',
  'ruby-',
  'rubygem-',
  'node-',
  'nodejs-',
  'npm-',
  'php-',
  'perl-',
  'lib',
];
const suffixes = ['-perl', '-ruby', '-java', '-python', '-js', '-php'];

/**
 * Whether a package of a distribution is, by its name or its source's, what a language's own metadata calls by another:
 * Debian's `python3-jinja2`, of the source `jinja2`, is PyPI's `Jinja2`. A package that brings many modules, such as one
 * of `nodejs` with all of npm's, is none of them.
 */
export function isSameSoftware({ name }: Pick<Package, 'name'>, owner: Pick<Package, 'name' | 'origin'>): boolean {
  const own = moduleName(name);
  return own !== '' && [owner.name, owner.origin?.name ?? ''].some((text) => namesIn(normal(text)).includes(own));
}

/** Without npm's scope and Maven's group, which distributions leave out. */
function moduleName(name: string): string {
  return normal(name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf(':')) + 1));
}

function normal(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** What a module may be called for a package to have this name. */
function namesIn(name: string): string[] {
  const bare = [
    name,
    ...prefixes.filter((prefix) => name.startsWith(prefix)).map((prefix) => name.slice(prefix.length)),
  ];
  return bare.flatMap((text) => [
    text,
    ...suffixes.filter((suffix) => text.endsWith(suffix)).map((suffix) => text.slice(0, -suffix.length)),
  ]);
}
