import type { Presence } from '../../model/package.ts';
import { asArray, asRecord, asString } from '../../util/json.ts';
import type { SbomPackage, SbomProperty } from './document.ts';
import { listLimit, textLimit } from './limits.ts';

/** What a reader of a format collects of one component. */
export interface Draft {
  readonly purl?: string | undefined;
  readonly group?: string | undefined;
  readonly name: string;
  readonly version?: string | undefined;
  readonly type: string;
  readonly license?: string | undefined;
  readonly hashes?: readonly string[];
  readonly supplier?: string | undefined;
  /** CycloneDX `scope`. */
  readonly scope?: string | undefined;
  readonly presence?: Presence | undefined;
  /** Name and value, in the order of the document. */
  readonly properties?: readonly SbomProperty[];
  readonly paths?: readonly string[];
}

const layerText = /^\d{1,6}$/;

/** Makes the component of what was collected, with what sluice's own properties say of it. */
export function packageOf(draft: Draft): SbomPackage {
  const listed = (draft.properties ?? []).slice(0, listLimit);
  const properties = new Map<string, string>();
  const paths = new Set<string>();
  for (const [name, value] of listed) {
    if (!properties.has(name)) properties.set(name, value);
    if (isPathProperty(name)) addPath(paths, value);
  }
  for (const path of draft.paths ?? []) addPath(paths, path);
  const layer = properties.get('sluice:layer');
  const presence = presenceOf(properties.get('sluice:presence')) ?? draft.presence ?? presenceOfScope(draft.scope);
  const license = properties.get('sluice:license') ?? draft.license;
  const dev = isDevelopment(draft, properties);
  return {
    ...(draft.purl ? { purl: draft.purl } : {}),
    group: draft.group ?? '',
    name: draft.name,
    version: draft.version ?? '',
    type: draft.type.toLowerCase(),
    ...(license ? { license } : {}),
    hashes: draft.hashes ?? [],
    ...(draft.supplier ? { supplier: draft.supplier } : {}),
    ...(presence === undefined ? {} : { presence }),
    ...(dev ? { dev } : {}),
    properties,
    paths: [...paths].slice(0, listLimit).sort(),
    ...(layer !== undefined && layerText.test(layer) ? { layer: Number(layer) } : {}),
  };
}

/** The places where sluice, Trivy and Syft put a path; a location of Syft has a number of its own. */
function isPathProperty(name: string): boolean {
  if (name === 'sluice:path' || name === 'aquasecurity:trivy:FilePath') return true;
  return name.startsWith('syft:location:') && name.endsWith(':path');
}

function addPath(paths: Set<string>, path: string): void {
  if (path !== '') paths.add(path.startsWith('/') ? path : `/${path}`);
}

/** One of the three words, else undefined. */
export function presenceOf(word: string | undefined): Presence | undefined {
  return word === 'installed' || word === 'declared' || word === 'application' ? word : undefined;
}

/**
 * `excluded` is what is used for tests and the like (CycloneDX `scope`). `optional` says only that it may be absent when
 * the program runs: tools write it of what is installed as well, so that nothing is taken for absent because of it.
 */
function presenceOfScope(scope: string | undefined): Presence | undefined {
  return scope === 'excluded' ? 'declared' : undefined;
}

function isDevelopment({ scope }: Draft, properties: ReadonlyMap<string, string>): boolean {
  if (properties.has('sluice:presence')) return properties.get('sluice:dev') === 'true';
  return scope === 'excluded' || properties.get('cdx:npm:package:development') === 'true';
}

/** A text of bounded length; undefined when the value is none or empty. */
export function textOf(value: unknown): string | undefined {
  const text = asString(value)?.slice(0, textLimit);
  return text ? text : undefined;
}

/** The records of a list; none when it is no list. */
export function recordsOf(value: unknown): Record<string, unknown>[] {
  return (asArray(value) ?? []).map(asRecord).filter((item) => item !== undefined);
}

/** The texts of a list; none when it is no list. */
export function textsOf(value: unknown): string[] {
  return (asArray(value) ?? []).map(textOf).filter((item) => item !== undefined);
}

/** Digits in a hash of each algorithm, by its name without hyphens in lower case. */
const hashDigits = new Map([
  ['md5', 32],
  ['sha1', 40],
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

/** `SHA-256` and hex as `sha256:` and lower-case hex; undefined for an unknown algorithm or what is no such hash. */
export function hashOf(algorithm: unknown, value: unknown): string | undefined {
  const name = asString(algorithm)?.toLowerCase().replaceAll('-', '') ?? '';
  const hex = asString(value)?.toLowerCase() ?? '';
  return hashDigits.get(name) === hex.length && /^[0-9a-f]+$/.test(hex) ? `${name}:${hex}` : undefined;
}
