import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { applyPatch } from 'diff';
import type { AdvisoryData } from '../../../src/advisory/data.ts';
import { memoryAdvisoryDb } from '../../../src/advisory/memory.ts';
import { ecosystems } from '../../../src/ecosystem/list.gen.ts';
import type { FilePatch } from '../../../src/match/fix/contract.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import { type FixOptions, fixTarget } from '../../../src/pipeline/fix/fix-target.ts';
import type { ScanOptions } from '../../../src/pipeline/options.ts';
import { scan } from '../../../src/pipeline/scan.ts';
import { judge } from '../../../src/policy/judge.ts';
import { defaultPolicy } from '../../../src/policy/policy.ts';
import type { Target } from '../../../src/source/target.ts';

/** A high flaw of a package: affected from the first version of each pair on, fixed in the second. */
export function flaw(
  id: string,
  ecosystem: string,
  name: string,
  pairs: readonly (readonly [string, string?])[],
  severity = 'HIGH',
): object {
  const ranges = pairs.map(([introduced, fixed]) => {
    return { type: 'ECOSYSTEM', events: [{ introduced }, ...(fixed === undefined ? [] : [{ fixed }])] };
  });
  return {
    id,
    modified: '2026-01-01T00:00:00Z',
    summary: `about ${id}`,
    database_specific: { severity },
    affected: [{ package: { ecosystem, name }, ranges, database_specific: { severity } }],
  };
}

/** Records as the data of a scan; the clock of {@link judging} finds it fresh. */
function dataOf(records: readonly object[]): AdvisoryData {
  const db = memoryAdvisoryDb(records as never, 'osv-export');
  return { sources: db.sources, feeds: [], open: async () => db };
}

const judging = { now: new Date('2026-01-02T00:00:00Z') };

/** How targets are scanned here: no connection, nothing kept. */
function scanning(records: readonly object[]): ScanOptions {
  return {
    ecosystems,
    access: { insecure: false, offline: true, lazy: false, env: {} },
    platform: { platform: { os: 'linux', architecture: 'amd64' }, explicit: false },
    data: dataOf(records),
    jobs: 1,
  };
}

/** What is fixed of a target by the default policy. */
export function fix(target: Target, records: readonly object[], more: Partial<FixOptions> = {}) {
  const gate = async () => (evidence: Evidence) => judge(evidence, defaultPolicy, judging);
  return fixTarget(target, { scan: scanning(records), gate, candidates: [], ...more });
}

/** Flaws in what is in a folder of sources, as `CVE-… name version`. */
export async function flawsIn(path: string, records: readonly object[]): Promise<string[]> {
  const { findings } = await scan({ kind: 'source', path }, scanning(records));
  return findings.map(({ id, name, version }) => `${id} ${name} ${version}`);
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Applies the printed patches to the texts, as `patch -p1` does. */
export function patched(
  files: Readonly<Record<string, string>>,
  patches: readonly FilePatch[],
): Readonly<Record<string, string>> {
  const after = { ...files };
  for (const { path, diff } of patches) {
    const text = applyPatch(files[path] ?? '', diff);
    if (text === false) throw new Error(`the patch of ${path} does not apply`);
    after[path] = text;
  }
  return after;
}
