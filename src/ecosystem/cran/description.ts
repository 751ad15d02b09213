import type { PackageRecord } from '../../model/package.ts';
import { readRecords } from './fields.ts';
import { neededNames, statedLicense, usableField } from './records.ts';

/** What a DESCRIPTION file turned out to be. */
export type Description =
  /** Of a package that was installed. */
  | { readonly kind: 'package'; readonly record: PackageRecord }
  /** Of one that comes with R, of a source tree, or of something else. */
  | { readonly kind: 'other' }
  /** Of an installed package whose name or version is missing. */
  | { readonly kind: 'incomplete' };

/**
 * Reads a DESCRIPTION file ("Writing R Extensions", The DESCRIPTION file). R adds `Built` when it installs a package. What
 * comes with R itself (priority "base") is no package of CRAN.
 */
export function readDescription(bytes: Buffer): Description {
  const [fields] = readRecords(bytes);
  if (fields === undefined) return { kind: 'incomplete' };
  const name = fields.get('Package');
  const version = fields.get('Version');
  if (!fields.has('Built'))
    return name === undefined && version === undefined ? { kind: 'incomplete' } : { kind: 'other' };
  if (fields.get('Priority') === 'base') return { kind: 'other' };
  if (!usableField(name) || !usableField(version)) return { kind: 'incomplete' };
  const needs = neededNames([fields.get('Depends') ?? '', fields.get('Imports') ?? '']);
  return {
    kind: 'package',
    record: { name, version, presence: 'installed', ...statedLicense(fields.get('License')), ...needs },
  };
}
