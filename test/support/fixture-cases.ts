import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { takeInventory } from '../../src/catalog/inventory.ts';
import type { ReadAs } from '../../src/catalog/read-as.ts';
import { Surveyor } from '../../src/catalog/surveyor.ts';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import type { TarEntry, TarHandler } from '../../src/format/tar/contract.ts';
import { digestOfHex } from '../../src/model/digest.ts';
import type { Package } from '../../src/model/package.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { LayerSurvey } from '../../src/model/survey.ts';

/** What a case says: packages and problems as the inventory has them, without what is always the same. */
export interface Said {
  readonly distribution?: string;
  readonly contentSets?: readonly string[];
  readonly packages: readonly Omit<Package, 'layer'>[];
  readonly problems: readonly Omit<Problem, 'layer'>[];
}

const packed = '.fixture.gz';

/**
 * What sluice says of a folder `in/` as if it were the one layer of an image. A file `x.fixture.gz` stands for `x`:
 * programs are kept packed. `dot-git` and the like need no other name: nothing here is ignored by git.
 */
export async function saidOf(folder: string): Promise<Said> {
  const survey = surveyOf(folder);
  const inventory = await takeInventory([survey], ecosystems, async (_layer, readAs) => surveyOf(folder, readAs).files);
  const { distribution, packages, problems, contentSets } = inventory;
  return {
    ...(distribution ? { distribution: `${distribution.id} ${distribution.version}` } : {}),
    packages: packages.map(({ layer: _layer, ...found }) => found),
    problems: problems.map(({ layer: _layer, ...problem }) => problem),
    ...(contentSets ? { contentSets } : {}),
  };
}

function surveyOf(folder: string, late?: ReadAs): LayerSurvey {
  const surveyor = new Surveyor(ecosystems);
  tell(folder, '', late ? surveyor.reread(late) : surveyor);
  const again = late ? new Map() : surveyor.hardLinks();
  if (again.size > 0) tell(folder, '', surveyor.reread(again));
  return surveyor.finish(digestOfHex('0'.repeat(64)), 0);
}

function tell(folder: string, path: string, handler: TarHandler): void {
  const items = readdirSync(join(folder, path), { withFileTypes: true });
  for (const item of items.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = item.name.endsWith(packed) ? item.name.slice(0, -packed.length) : item.name;
    const child = path === '' ? name : `${path}/${name}`;
    const real = join(folder, path, item.name);
    const entry: TarEntry = { path: child, type: 'dir', size: 0, mode: 0o755, uid: 0, gid: 0, link: '' };
    if (item.isSymbolicLink()) handler.entry({ ...entry, type: 'symlink', mode: 0o777, link: readlinkSync(real) });
    else if (item.isDirectory()) {
      handler.entry(entry);
      tell(folder, child, handler);
    } else {
      const bytes = item.name.endsWith(packed) ? gunzipSync(readFileSync(real)) : readFileSync(real);
      const mode = statSync(real).mode & 0o777;
      const sink = handler.entry({ ...entry, type: 'file', size: bytes.length, mode });
      if (sink && (bytes.length === 0 || sink.write(bytes) !== false)) sink.end();
    }
  }
}
