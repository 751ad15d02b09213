import type { PackageRecord } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { textLines } from '../../util/text-lines.ts';
import { packageId, usableField } from './records.ts';

/** Fields that are read; the rest (a description, every module's name) is most of such a file. */
const wanted = new Set(['name', 'package-name', 'version', 'license', 'depends']);
/** Longest licence that is an identifier or expression. */
const licenseLimit = 200;
/** Most packages that one package is taken to need. */
const needsLimit = 1000;

/**
 * The installed package of a *.conf file of GHC's package database (GHC User's Guide, "InstalledPackageInfo: a package
 * specification"). A library within a package has a name of its own there, and the package's in `package-name`.
 * @throws SluiceError `hackage/unreadable` when it names no package and version.
 */
export function readPackageConf(bytes: Buffer): PackageRecord {
  const fields = readFields(bytes.toString('utf8'));
  const name = fields.get('package-name') ?? fields.get('name');
  const version = fields.get('version');
  if (!usableField(name) || !usableField(version)) {
    throw new SluiceError('hackage/unreadable', 'it names no package and version');
  }
  const license = fields.get('license');
  const needs = neededNames(fields.get('depends') ?? '', name);
  return {
    name,
    version,
    presence: 'installed',
    ...(license === undefined || license === '' || license.length > licenseLimit ? {} : { license }),
    ...(needs.length === 0 ? {} : { needs }),
  };
}

/** `field: value` at the beginning of a line, and lines that start with a blank go on with it; the first of each counts. */
function readFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  let pieces: string[] = [];
  let field = '';
  const finish = (): void => {
    if (field !== '' && !fields.has(field)) fields.set(field, pieces.join(' ').trim());
  };
  for (const line of textLines(text)) {
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (field !== '') pieces.push(line.trim());
      continue;
    }
    const cut = line.indexOf(':');
    if (cut <= 0) continue;
    finish();
    const key = line.slice(0, cut).trimEnd().toLowerCase();
    field = wanted.has(key) ? key : '';
    pieces = [line.slice(cut + 1).trim()];
  }
  finish();
  return fields;
}

/** `base-4.15.1.0 text-1.2.5.0-ab12…`, in older databases with commas between them. */
function neededNames(depends: string, own: string): string[] {
  const names = new Set<string>();
  for (const unit of depends.split(/[\s,]/)) {
    const name = packageId(unit)?.name;
    if (name !== undefined && name !== own && names.size < needsLimit) names.add(name);
  }
  return [...names].sort();
}
