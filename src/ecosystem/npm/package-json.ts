import type { PackageRecord, Presence } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { asArray, asRecord, asString, parseJson } from '../../util/json.ts';
import { fieldLimit, usableField } from './found.ts';
import { neededNames } from './needs.ts';

/**
 * The package that a package.json describes; undefined when it names none, as the `{"type":"module"}` of a subfolder.
 * The name is the file's own: an alias is installed in a folder of another name.
 * @throws SluiceError `json/…` when it isn't JSON, `npm/unreadable` when name or version can't be what they must be.
 */
export function packageJsonRecord(bytes: Buffer, presence: Presence): PackageRecord | undefined {
  const manifest = asRecord(parseJson(bytes));
  if (manifest === undefined) throw new SluiceError('npm/unreadable', 'package.json is not an object');
  const { name, version } = manifest;
  if (name === undefined && version === undefined) return undefined;
  if (!usableField(name)) throw new SluiceError('npm/unreadable', 'package.json has no usable name');
  if (!usableField(version)) throw new SluiceError('npm/unreadable', 'package.json has no usable version');
  const license = licenseOf(manifest);
  const needs = neededNames(manifest.dependencies, manifest.optionalDependencies);
  return { name, version, presence, ...(license && { license }), ...(needs && { needs }) };
}

/** `license` as an SPDX expression, or the older `{type}` and `licenses: [{type}]`, which offer a choice. */
function licenseOf(manifest: Record<string, unknown>): string | undefined {
  const single = licenseName(manifest.license);
  if (single !== undefined) return single;
  const names: string[] = [];
  for (const item of asArray(manifest.licenses ?? manifest.license) ?? []) {
    const name = licenseName(item);
    if (name !== undefined) names.push(name);
  }
  const joined = names.length > 1 ? `(${names.join(' OR ')})` : names[0];
  return joined !== undefined && joined.length <= fieldLimit ? joined : undefined;
}

function licenseName(value: unknown): string | undefined {
  const name = asString(value) ?? asString(asRecord(value)?.type);
  return name !== undefined && usableField(name) ? name : undefined;
}
