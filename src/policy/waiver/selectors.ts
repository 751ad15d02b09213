import { parsePurl } from '../../model/parse-purl.ts';
import type { PurlParts } from '../../model/purl.ts';
import { compileGlob, compilePattern, type Matcher } from '../../util/glob.ts';
import type { Waiver } from './contract.ts';
import { compilePurlPattern, nameKey, type PurlPattern } from './purl-pattern.ts';

/** A package URL, read once for all that ask about it. */
export interface ReadPurl {
  readonly parts: PurlParts;
  readonly name: string;
}

/** The selectors of a waiver, compiled. */
export interface Selectors {
  /** In upper case: GitHub's ids are written in either. */
  readonly ids: ReadonlySet<string>;
  readonly packages: readonly PurlPattern[];
  readonly paths: readonly PathPattern[];
  readonly rules: readonly Matcher[];
}

/** A glob over paths, and what it begins with. */
export interface PathPattern {
  readonly literal: string;
  readonly exact: boolean;
  readonly matches: Matcher;
}

/** In a fleet the same waivers are held against image after image. */
const compiled = new WeakMap<Waiver, Selectors>();

/** Compiles the selectors of a waiver, once. @throws SluiceError `waivers/package`, `glob/...` */
export function compileSelectors(waiver: Waiver): Selectors {
  const known = compiled.get(waiver);
  if (known !== undefined) return known;
  const { ids, packages, paths, rules } = waiver;
  const selectors: Selectors = {
    ids: new Set(ids.map(idKey)),
    packages: packages.map(compilePurlPattern),
    paths: paths.map(pathPattern),
    rules: rules.map(compilePattern),
  };
  compiled.set(waiver, selectors);
  return selectors;
}

/** An id as ids are compared; `isNamed` (model/finding.ts) does alike. */
export function idKey(id: string): string {
  return id.trim().toUpperCase();
}

/** Compiles a glob over absolute paths. @throws SluiceError `glob/...` */
function pathPattern(glob: string): PathPattern {
  const special = glob.search(/[*?{\\]/);
  return {
    literal: special < 0 ? glob : glob.slice(0, special),
    exact: special < 0,
    matches: compileGlob(glob),
  };
}

/** Reads package URLs, each once. What is none is matched by no pattern. */
export function purlReader(): (purl: string) => ReadPurl | undefined {
  const known = new Map<string, ReadPurl | undefined>();
  return (purl) => {
    if (known.has(purl)) return known.get(purl);
    const parts = parsePurl(purl);
    const read = parts === undefined ? undefined : { parts, name: nameKey(parts) };
    known.set(purl, read);
    return read;
  };
}

/** Whether one of the patterns is over this package; without patterns every package is meant. */
export function isPackage(patterns: readonly PurlPattern[], purl: ReadPurl | undefined): boolean {
  if (patterns.length === 0) return true;
  return purl !== undefined && patterns.some((pattern) => pattern.matches(purl.parts, purl.name));
}

/**
 * Whether the globs are over all of these paths: what is found in two places, and waived in one, still counts. What has
 * no path is not meant by any.
 */
export function isWhere(globs: readonly PathPattern[], paths: readonly string[]): boolean {
  if (globs.length === 0) return true;
  return paths.length > 0 && paths.every((path) => globs.some((glob) => glob.matches(path)));
}
