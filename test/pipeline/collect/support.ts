import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ecosystems } from '../../../src/ecosystem/list.gen.ts';
import type { Wanted } from '../../../src/model/collected.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import { cachesIn } from '../../../src/pipeline/caches-in.ts';
import type { ScanOptions } from '../../../src/pipeline/options.ts';
import { scan } from '../../../src/pipeline/scan.ts';
import { identifyTarget } from '../../../src/source/target.ts';
import { afterFile } from '../../support/clean-up.ts';
import { archiveOf, buildImage, type Files, ociFiles } from '../../support/image-writer.ts';
import { tar } from '../../support/tar-writer.ts';

let scratch: string | undefined;
let serial = 0;

/** A path that nothing stands at yet, in a folder that is gone when the tests of the file are done. */
export function fresh(name: string): string {
  scratch ??= newScratch();
  return join(scratch, `${serial++}-${name}`);
}

function newScratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-collect-'));
  afterFile(() => {
    rmSync(folder, { recursive: true, force: true });
    scratch = undefined;
  });
  return folder;
}

/** Wants nothing. */
const nothing: Wanted = {
  ...{ files: [], accounts: false, packageFiles: false, certificates: false, baseTag: false },
};

/** Caches in a folder of their own. */
export const newCaches = () => cachesIn(fresh('cache'), 'test');

/** Times of a file written this very moment are not relied upon. */
export const settle = () => delay(80);

/** Scans a target for what a policy wants. */
export function collected(path: string, wanted: Partial<Wanted>, more: Partial<ScanOptions> = {}): Promise<Evidence> {
  return scan(identifyTarget(path), {
    ecosystems,
    access: { insecure: false, offline: true, env: {} },
    platform: { platform: { os: 'linux', architecture: 'amd64' }, explicit: false },
    wanted: () => ({ ...nothing, ...wanted }),
    ...more,
  });
}

/** Writes an image of these layers, each the entries of its tar. */
export function imageFile(
  layers: readonly Buffer[][],
  write: (image: ReturnType<typeof buildImage>) => Files = ociFiles,
  config = {},
): string {
  const path = fresh('image.tar');
  const built = buildImage({ layers: layers.map((entries) => ({ tar: tar(...entries) })), config });
  writeFileSync(path, archiveOf(write(built)));
  return path;
}
