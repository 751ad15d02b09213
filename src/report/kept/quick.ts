import type { Finding } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import { severities } from '../../model/severity.ts';
import type { Read } from './values.ts';

/** Members by name, of whatever type. */
type Given<T> = { readonly [K in keyof T]-?: unknown };

const severityWords: ReadonlySet<unknown> = new Set(severities);
const presenceWords: ReadonlySet<unknown> = new Set(['installed', 'declared', 'application']);
const fixWords: ReadonlySet<unknown> = new Set(['wont-fix', 'deferred', 'end-of-life', 'investigating']);

/**
 * Reads by a shape, unless a value is told to be right at once. Reports have thousands of findings and packages; by
 * their members' names each takes ten times as long, which is most of what a verdict on a kept report takes.
 */
export function unless<T extends object>(isRight: (value: Given<T>) => boolean, read: Read<T>): Read<T> {
  return (value, strict) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && !strict && isRight(value as Given<T>) ? (value as T) : read(value, strict);
  };
}

/** Whether a finding is right by its shape and has nothing that only few have. What it refuses may still be right. */
export function isPlainFinding(given: Given<Finding>): boolean {
  return (
    given.kind === 'vulnerability' &&
    typeof given.id === 'string' &&
    areTexts(given.aliases) &&
    areTexts(given.advisories) &&
    severityWords.has(given.severity) &&
    typeof given.severitySource === 'string' &&
    isScore(given.score) &&
    isText(given.vector) &&
    typeof given.package === 'string' &&
    typeof given.name === 'string' &&
    typeof given.version === 'string' &&
    presenceWords.has(given.presence) &&
    areTexts(given.fixed) &&
    (given.fixState === undefined || fixWords.has(given.fixState)) &&
    isCount(given.layer) &&
    (given.from === 'base' || given.from === 'own') &&
    areTexts(given.paths) &&
    typeof given.title === 'string' &&
    areTexts(given.cwes) &&
    isText(given.published) &&
    isText(given.fixPublished) &&
    (given.disputed === undefined || given.disputed === true) &&
    given.exploited === undefined &&
    isEpss(given.epss) &&
    isScore(given.risk) &&
    given.statements === undefined &&
    given.answered === undefined
  );
}

/** Whether a package is right by its shape. What it refuses may still be right. */
export function isPlainPackage(given: Given<Omit<Package, 'inside'>>): boolean {
  return (
    typeof given.purl === 'string' &&
    typeof given.ecosystem === 'string' &&
    typeof given.name === 'string' &&
    typeof given.version === 'string' &&
    presenceWords.has(given.presence) &&
    isOrigin(given.origin) &&
    areTexts(given.paths) &&
    isCount(given.layer) &&
    isText(given.arch) &&
    isText(given.license) &&
    isText(given.vendor) &&
    isText(given.module) &&
    isText(given.build) &&
    (given.dev === undefined || typeof given.dev === 'boolean') &&
    (given.hashes === undefined || areTexts(given.hashes)) &&
    (given.needs === undefined || areTexts(given.needs)) &&
    isText(given.ownedBy)
  );
}

function isText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function areTexts(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) if (typeof value[i] !== 'string') return false;
  return true;
}

function isScore(value: unknown): boolean {
  return value === undefined || Number.isFinite(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isEpss(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { score, percentile } = value as { readonly score?: unknown; readonly percentile?: unknown };
  return Number.isFinite(score) && Number.isFinite(percentile);
}

function isOrigin(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { name, version } = value as { readonly name?: unknown; readonly version?: unknown };
  return typeof name === 'string' && typeof version === 'string';
}
