import type { PackageRecord } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { asArray, asRecord, parseJson } from '../../util/json.ts';
import { usableField } from './distribution.ts';

/** Longest list of licences (characters) that is kept. */
const licenseLimit = 200;

/**
 * The installed distribution of a MYMETA.json (CPAN::Meta::Spec), as cpanm and Carton keep it. What it needs is told in
 * modules, which say nothing of the distribution that they are in, and not read.
 * @throws SluiceError `json/…` when it isn't JSON, `cpan/unreadable` when it names no distribution and version.
 */
export function readMeta(bytes: Buffer): PackageRecord {
  const meta = asRecord(parseJson(bytes));
  const version = typeof meta?.version === 'number' ? String(meta.version) : meta?.version;
  const name = usableField(meta?.name) ? meta.name.replaceAll('::', '-') : undefined;
  if (!usableField(name) || !usableField(version)) {
    throw new SluiceError('cpan/unreadable', 'it names no distribution and version');
  }
  return { name, version, presence: 'installed', ...licenseOf(meta?.license) };
}

/** Its own names of licences (`perl_5`, `artistic_2`); of several it isn't said whether all or one apply. */
function licenseOf(value: unknown): { license?: string } {
  const names: string[] = [];
  for (const item of asArray(value) ?? [value]) if (usableField(item) && item !== 'unknown') names.push(item);
  const license = names.join(', ');
  return license === '' || license.length > licenseLimit ? {} : { license };
}
