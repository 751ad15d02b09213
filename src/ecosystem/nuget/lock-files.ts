import { SluiceError } from '../../util/error.ts';
import { asRecord, asString, parseJson } from '../../util/json.ts';
import { contentHashes, Found, identityOf, neededNames } from './found.ts';

/**
 * What a packages.lock.json names (NuGet documentation, "Lock files"), for all of its frameworks. Projects have no
 * version there.
 * @throws SluiceError `json/…` when it isn't JSON, `nuget/unreadable` when it isn't such a file.
 */
export function readPackagesLock(bytes: Buffer): Found {
  const frameworks = asRecord(asRecord(parseJson(bytes))?.dependencies);
  if (frameworks === undefined) throw unreadable('the lock file names no dependencies');
  const found = new Found();
  for (const packages of Object.values(frameworks)) {
    for (const [name, value] of Object.entries(asRecord(packages) ?? {})) {
      const entry = asRecord(value);
      const version = asString(entry?.resolved);
      if (entry === undefined || version === undefined) continue;
      const needs = neededNames(Object.keys(asRecord(entry.dependencies) ?? {}));
      found.keep({ name, version, presence: 'declared', ...contentHashes(entry.contentHash), ...needs });
    }
  }
  return found;
}

/**
 * What a project.assets.json names: what `dotnet restore` chose, for all of its targets.
 * @throws SluiceError `json/…` when it isn't JSON, `nuget/unreadable` when it isn't such a file.
 */
export function readProjectAssets(bytes: Buffer): Found {
  const assets = asRecord(parseJson(bytes));
  const libraries = asRecord(assets?.libraries);
  if (assets === undefined || libraries === undefined) throw unreadable('the file of assets names no libraries');
  const needs = neededByKey(asRecord(assets.targets) ?? {});
  const found = new Found();
  const project = asRecord(assets.project);
  const name = asString(asRecord(project?.restore)?.projectName);
  const version = asString(project?.version);
  if (name !== undefined && version !== undefined) found.keep({ name, version, presence: 'application' });
  for (const [key, value] of Object.entries(libraries)) {
    const library = asRecord(value);
    const identity = identityOf(key);
    if (library === undefined || identity === undefined) continue;
    const needed = neededNames(needs.get(key) ?? []);
    if (library.type === 'project') found.keep({ ...identity, presence: 'application', ...needed });
    else if (library.type === 'package') {
      found.keep({ ...identity, presence: 'declared', ...contentHashes(library.sha512), ...needed });
    }
  }
  return found;
}

/** What each `Name/Version` depends on in any target. */
function neededByKey(targets: Record<string, unknown>): ReadonlyMap<string, ReadonlySet<string>> {
  const needs = new Map<string, Set<string>>();
  for (const target of Object.values(targets)) {
    for (const [key, value] of Object.entries(asRecord(target) ?? {})) {
      const names = needs.get(key) ?? new Set();
      for (const name of Object.keys(asRecord(asRecord(value)?.dependencies) ?? {})) names.add(name);
      needs.set(key, names);
    }
  }
  return needs;
}

function unreadable(message: string): SluiceError {
  return new SluiceError('nuget/unreadable', message);
}
