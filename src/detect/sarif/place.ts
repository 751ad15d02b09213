import type { Place } from '../../model/placed-finding.ts';
import { asArray, asRecord, asString } from '../../util/json.ts';
import { line } from './rules.ts';

/** Most places of one finding. */
const mostPlaces = 20;
/** Longest path (characters). */
const longestPath = 1000;

/** Where a result is (SARIF 2.1.0 §3.28), in its order; what is in no file is in what the tool names. */
export function placesOf(locations: unknown): readonly Place[] {
  const found: Place[] = [];
  for (const location of (asArray(locations) ?? []).slice(0, mostPlaces)) {
    const place = inFile(location) ?? inNamed(location);
    if (place) found.push(place);
  }
  return found;
}

function inFile(location: unknown): Place | undefined {
  const physical = asRecord(asRecord(location)?.physicalLocation);
  const path = pathOf(asString(asRecord(physical?.artifactLocation)?.uri));
  if (path === undefined) return undefined;
  const region = asRecord(physical?.region);
  return {
    in: 'file',
    path,
    ...numbered('line', region?.startLine),
    ...numbered('column', region?.startColumn),
    ...numbered('endLine', region?.endLine),
    ...numbered('endColumn', region?.endColumn),
  };
}

function inNamed(location: unknown): Place | undefined {
  const [first] = asArray(asRecord(location)?.logicalLocations) ?? [];
  const logical = asRecord(first);
  const name = asString(logical?.fullyQualifiedName) ?? asString(logical?.name);
  return name === undefined || name.trim() === '' ? undefined : { in: 'configuration', name: line(name, 200) };
}

/** The path of a file from an address: decoded, without scheme and what leads nowhere. */
function pathOf(uri: string | undefined): string | undefined {
  if (uri === undefined || uri.length > longestPath || uri.trim() === '') return undefined;
  const plain = uri.replace(/^file:\/\/[^/]*(?=\/)/i, '').replace(/^(?:\.\/)+/, '');
  const path = line(decoded(plain), longestPath);
  return path === '' ? undefined : path;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function numbered<Name extends string>(name: Name, value: unknown): { readonly [Key in Name]?: number } {
  const isCount = typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 2 ** 31;
  return (isCount ? { [name]: value } : {}) as { readonly [Key in Name]?: number };
}
