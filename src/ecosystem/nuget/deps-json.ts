import type { PackageRecord } from '../../model/package.ts';
import { asRecord, asString, parseJson } from '../../util/json.ts';
import { contentHashes, Found, identityOf, isField, neededNames } from './found.ts';

type Json = Record<string, unknown>;

/** Kinds of files that a program loads; what is for the compiler alone (`compile`) is not among them. */
const assetKinds = ['runtime', 'native', 'runtimeTargets', 'resources'];
/** Stands in a package where a framework has the files itself. */
const placeholder = '_._';
const runtimePack = 'runtimepack.';
/** A library for any framework: what it depends on is not put beside it. */
const portableLibrary = '.NETStandard,';

/** A shared framework that a `.deps.json` describes: `shared/<name>/<version>/<name>.deps.json`. */
interface Framework {
  readonly name: string;
  readonly version: string;
}

/**
 * What a `.deps.json` names (dotnet/runtime, "runtimeconfig.json and deps.json"): packages are installed when it lists
 * files of theirs that the program loads; those that a framework stands in for, and those of the build, are declared.
 * Nothing when it is some other program's file.
 * @throws SluiceError `json/…` when it isn't JSON.
 */
export function readDepsJson(bytes: Buffer, path: string): Found {
  const found = new Found();
  const root = asRecord(parseJson(bytes));
  const libraries = asRecord(root?.libraries);
  const targets = asRecord(root?.targets);
  if (root === undefined || libraries === undefined || targets === undefined) return found;
  const targetName = asString(asRecord(root.runtimeTarget)?.name) ?? asString(root.runtimeTarget) ?? '';
  const target = member(targets, targetName) ?? lastOf(targets);
  const framework = frameworkOf(path);
  const rid = targetName.includes('/') ? targetName.slice(targetName.indexOf('/') + 1) : '';
  const own = framework === undefined ? undefined : runtimePackage(framework, rid);
  if (own !== undefined) found.keep(own);
  const portable = targetName.startsWith(portableLibrary);
  for (const [key, value] of Object.entries(libraries)) {
    const library = asRecord(value);
    const record = library && recordOf(key, library, member(target, key), portable);
    if (record && !(framework && isOfFramework(record.name, framework, rid))) found.keep(record);
  }
  return found;
}

function recordOf(key: string, library: Json, entry: Json | undefined, portable: boolean): PackageRecord | undefined {
  const identity = identityOf(key);
  if (identity === undefined) return undefined;
  const { version } = identity;
  const needs = neededNames(Object.keys(asRecord(entry?.dependencies) ?? {}).map(withoutPack));
  switch (asString(library.type)?.toLowerCase()) {
    case 'project':
    case 'msbuildproject':
      return { name: identity.name, version, presence: 'application', ...needs };
    case 'package': {
      const presence = !portable && hasAssets(entry) ? 'installed' : 'declared';
      return { name: identity.name, version, presence, ...contentHashes(library.sha512), ...needs };
    }
    case 'runtimepack': {
      return { name: withoutPack(identity.name), version, presence: 'installed' };
    }
    default:
      // An assembly that was referred to by its file is of no package.
      return undefined;
  }
}

/** The name of the package that a runtime pack is. */
function withoutPack(name: string): string {
  return name.startsWith(runtimePack) ? name.slice(runtimePack.length) : name;
}

function hasAssets(entry: Json | undefined): boolean {
  return assetKinds.some((kind) =>
    Object.keys(asRecord(entry?.[kind]) ?? {}).some((file) => !file.endsWith(placeholder)),
  );
}

function frameworkOf(path: string): Framework | undefined {
  const [shared, name = '', version = '', file] = path.split('/').slice(-4);
  if (shared !== 'shared' || file !== `${name}.deps.json` || !isField(name) || !isField(version)) return undefined;
  return { name, version };
}

/**
 * The package by which advisories know a shared framework: since 3.0 that of its runtime. The file names it by the
 * version of its build (`3.1.23-servicing.22122.4`), which would be older than what the folder says.
 */
function runtimePackage({ name, version }: Framework, rid: string): PackageRecord {
  const old = version.startsWith('1.') || version.startsWith('2.');
  return { name: old || rid === '' ? name : `${name}.Runtime.${rid}`, version, presence: 'installed' };
}

function isOfFramework(name: string, framework: Framework, rid: string): boolean {
  const own = framework.name;
  return [own, `${own}.Internal`, `${own}.Runtime.${rid}`, `runtime.${rid}.${own}`].includes(name);
}

/** An object's own member, whatever `Object.prototype` has. */
function member(record: Json | undefined, key: string): Json | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? asRecord(record[key]) : undefined;
}

function lastOf(targets: Json): Json | undefined {
  return asRecord(Object.values(targets).at(-1));
}
