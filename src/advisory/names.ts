import { SluiceError } from '../util/error.ts';

/** The longest name of an ecosystem or package that is indexed, in characters. */
export const maxNameLength = 1024;

const maxEcosystemLength = 64;
const ecosystemBase = /^[A-Za-z0-9][A-Za-z0-9 ._-]*$/;
const pypiSeparators = /[-_.]+/g;

/** The base name of an OSV ecosystem: the text before the first colon (`Alpine` of `Alpine:v3.18`). */
export function baseOf(ecosystem: string): string {
  const colon = ecosystem.indexOf(':');
  return colon < 0 ? ecosystem : ecosystem.slice(0, colon);
}

/** Ecosystems whose names differ in more than their case; their records are written in any. */
const caseless = new Set(['NuGet', 'GitHub Actions', 'SwiftURL', 'Packagist', 'Hex']);

/** The name under which a package is indexed and looked up. PyPI: PEP 503; some in lower case; all others as they are written. */
export function indexName(base: string, name: string): string {
  if (caseless.has(base)) return name.toLowerCase();
  if (base !== 'PyPI' || isNormalized(name)) return name;
  return name.toLowerCase().replace(pypiSeparators, '-');
}

/** Lower case letters, digits and single hyphens, as nearly all names are that are looked up. */
function isNormalized(name: string): boolean {
  let last = 0;
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    const plain = (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
    if (!plain && (code !== 0x2d || last === 0x2d)) return false;
    last = code;
  }
  return true;
}

/** The key of one package in an index. */
export function indexKey(ecosystem: string, name: string): string {
  return keyOf(ecosystem, indexName(baseOf(ecosystem), name));
}

/** The key of a package whose name is as {@link indexName} makes it. */
export function keyOf(ecosystem: string, name: string): string {
  return `${ecosystem}\u0000${name}`;
}

/** Whether the text is a base name of an ecosystem that may become a folder or part of a URL: stops `../../etc`. */
export function isEcosystemBase(text: string): boolean {
  return text.length <= maxEcosystemLength && ecosystemBase.test(text) && !text.includes('..') && text.trim() === text;
}

/**
 * Reads the name of an ecosystem that a person typed; a release (`Debian:12`) stands for its base.
 * @throws SluiceError `advisory/ecosystem-name` when it is none.
 */
export function parseEcosystemBase(text: string): string {
  const base = baseOf(text);
  if (isEcosystemBase(base)) return base;
  throw new SluiceError('advisory/ecosystem-name', `${JSON.stringify(text.slice(0, 100))} is no name of an ecosystem`);
}
