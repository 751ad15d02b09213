import { SluiceError } from '../../util/error.ts';
import { asArray, asRecord, asString, parseJson } from '../../util/json.ts';
import { Found } from './found.ts';
import { integrityHashes } from './integrity.ts';
import { plainJson } from './jsonc.ts';
import { neededNames } from './needs.ts';

/**
 * What a bun.lock names (bun.sh, "Lockfile": JSON with comments and trailing commas, Bun 1.2 and later):
 * `packages` holds `[name@version, registry, {dependencies…}, integrity]` by place.
 * @throws SluiceError `json/…` when it isn't JSON, `npm/unreadable` when it isn't a bun.lock.
 */
export function readBunLock(bytes: Buffer): Found {
  const lock = asRecord(parseJson(plainJson(bytes)));
  if (lock === undefined || typeof lock.lockfileVersion !== 'number') {
    throw new SluiceError('npm/unreadable', 'this is not a bun.lock');
  }
  const found = new Found();
  for (const value of Object.values(asRecord(lock.workspaces) ?? {})) {
    const workspace = asRecord(value);
    const needs = neededNames(workspace?.dependencies, workspace?.optionalDependencies);
    found.application(workspace?.name, workspace?.version, { needs });
  }
  for (const value of Object.values(asRecord(lock.packages) ?? {})) declareEntry(asArray(value) ?? [], found);
  return found;
}

/** Places instead of versions (`workspace:`, `file:`, `github:` …) are no number, and so passed over. */
function declareEntry(entry: readonly unknown[], found: Found): void {
  const identity = asString(entry[0]) ?? '';
  const cut = identity.indexOf('@', 1);
  if (cut === -1) return;
  const info = asRecord(entry[2]);
  found.declare(identity.slice(0, cut), identity.slice(cut + 1), {
    hashes: integrityHashes(entry[3]),
    needs: neededNames(info?.dependencies, info?.optionalDependencies),
  });
}

/** Why a bun.lockb, Bun's older and binary lock file, says nothing: always thrown as `npm/unreadable`. */
export function refuseBunLockb(): never {
  const message = 'bun.lockb is binary and is not read; `bun install --save-text-lockfile` writes a bun.lock';
  throw new SluiceError('npm/unreadable', message);
}
