import type { PackageRecord } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { asArray, asRecord, asString, parseJson } from '../../util/json.ts';
import { readRecords } from './fields.ts';
import { neededNames, packageLimit, type Records, statedLicense, usableField } from './records.ts';

/**
 * What a renv.lock names (rstudio.github.io/renv, "The lockfile"): the records of `Packages`, of any source. They say what
 * they need in `Requirements`, since version 1.1 in the fields of their DESCRIPTION files.
 * @throws SluiceError `json/…` when it isn't JSON, `cran/unreadable` when it isn't a lock file.
 */
export function readRenvLock(bytes: Buffer): Records {
  const lock = asRecord(parseJson(bytes));
  const packages = asRecord(lock?.Packages);
  if (packages === undefined && asRecord(lock?.R) === undefined) {
    throw new SluiceError('cran/unreadable', 'this is not a renv.lock');
  }
  const records: PackageRecord[] = [];
  for (const [key, value] of Object.entries(packages ?? {})) {
    const entry = asRecord(value);
    const name = entry?.Package ?? key;
    if (entry === undefined || !usableField(name) || !usableField(entry.Version)) continue;
    if (records.length >= packageLimit) return { records, full: true };
    const lists = [entry.Requirements, entry.Depends, entry.Imports].flatMap(textsOf);
    const needs = neededNames(lists);
    records.push({ name, version: entry.Version, presence: 'declared', ...statedLicense(entry.License), ...needs });
  }
  return { records, full: false };
}

/**
 * What a packrat.lock names (Packrat's documentation): a record that begins with `PackratFormat`, and one for each package.
 * @throws SluiceError `cran/unreadable` when it isn't one.
 */
export function readPackratLock(bytes: Buffer): Records {
  const records: PackageRecord[] = [];
  let known = false;
  for (const fields of readRecords(bytes)) {
    known ||= fields.has('PackratFormat');
    const name = fields.get('Package');
    const version = fields.get('Version');
    if (!usableField(name) || !usableField(version)) continue;
    if (records.length >= packageLimit) return { records, full: true };
    records.push({ name, version, presence: 'declared', ...neededNames([fields.get('Requires') ?? '']) });
  }
  if (!known && bytes.length > 0) throw new SluiceError('cran/unreadable', 'this is not a packrat.lock');
  return { records, full: false };
}

/** The texts of a list, or the one text that stands for it. */
function textsOf(value: unknown): string[] {
  const texts: string[] = [];
  for (const item of asArray(value) ?? [value]) {
    const text = asString(item);
    if (text !== undefined) texts.push(text);
  }
  return texts;
}
