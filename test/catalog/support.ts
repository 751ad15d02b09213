import { type ReadLate, takeInventory } from '../../src/catalog/inventory.ts';
import { Surveyor } from '../../src/catalog/surveyor.ts';
import type { ClaimedFile, Ecosystem } from '../../src/ecosystem/contract.ts';
import type { TarEntry } from '../../src/format/tar/contract.ts';
import { TarWalker } from '../../src/format/tar/walker.ts';
import { digestOfHex } from '../../src/model/digest.ts';
import type { PackageRecord } from '../../src/model/package.ts';
import { blinding } from '../../src/model/problem.ts';
import type { LayerSurvey } from '../../src/model/survey.ts';
import type { VersionOrder } from '../../src/version/contract.ts';
import { tar } from '../support/tar-writer.ts';

const order: VersionOrder = { id: 'text', valid: () => true, compare: (a, b) => (a < b ? -1 : Number(a > b)) };

/** A package manager whose database holds `name version` lines; `broken` makes it a problem, `throw` a bug. */
export const lines: Ecosystem = {
  id: 'lines',
  title: 'test packages',
  recognises: [],
  revision: 1,
  database: true,
  databasePaths: ['var/lib/lines/db', 'var/lib/lines/db.d'],
  limit: 10_000,
  order,
  claims: (path) => path === 'var/lib/lines/db' || path.startsWith('var/lib/lines/db.d/'),
  parse: (file) => parseLines(file),
  purl: ({ name, version }) => `pkg:lines/${name}@${version}`,
  native: ({ id }) => id === 'lineos',
  advisories: () => undefined,
};

/** Programs: files that may be executed and begin with `#!lines`. */
export const programs: Ecosystem = {
  ...lines,
  id: 'programs',
  database: false,
  databasePaths: [],
  claims: (path, head) => (path === '' || path.startsWith('bin/')) && (head.mode & 0o111) !== 0,
  sniff: (first) => first.toString('latin1', 0, 7) === '#!lines',
  purl: ({ name, version }) => `pkg:programs/${name}@${version}`,
};

function parseLines(file: ClaimedFile): ReturnType<Ecosystem['parse']> {
  const packages: PackageRecord[] = [];
  const problems = [];
  for (const line of file.bytes.toString('latin1').split('\n')) {
    if (line === 'throw') throw new Error('a bug');
    if (line === 'broken') problems.push(blinding('lines/broken', 'a line is broken', file.path));
    const [name = '', version] = line.split(' ');
    if (version !== undefined && name !== '#!lines') packages.push({ name, version, presence: 'installed' });
  }
  return { packages, problems };
}

/** The survey of a layer given as tar entries, hard links' bodies read as in a real layer. */
export function surveyOf(
  entries: readonly Buffer[],
  ecosystems: readonly Ecosystem[] = [lines, programs],
): LayerSurvey {
  const archive = tar(...entries);
  const surveyor = new Surveyor(ecosystems);
  new TarWalker(surveyor).write(archive);
  const links = surveyor.hardLinks();
  if (links.size > 0) new TarWalker(surveyor.reread(links)).write(archive);
  return surveyor.finish(digestOfHex('0'.repeat(64)), archive.length);
}

/** The survey of entries without bodies. */
export function surveyOfEntries(entries: readonly TarEntry[]): LayerSurvey {
  const surveyor = new Surveyor([]);
  for (const entry of entries) surveyor.entry(entry);
  return surveyor.finish(digestOfHex('0'.repeat(64)), 0);
}

/** What an image of these layers holds: its distribution, `name@version [paths] layer` and its problems. */
export async function inventoryOf(layers: readonly (readonly Buffer[])[], ecosystems = [lines, programs]) {
  const surveys = layers.map((entries) => surveyOf(entries, ecosystems));
  const late: number[] = [];
  const readLate: ReadLate = async (layer, readAs) => {
    late.push(layer);
    const again = new Surveyor(ecosystems);
    new TarWalker(again.reread(readAs)).write(tar(...(layers[layer] ?? [])));
    return again.finish(digestOfHex('0'.repeat(64)), 0).files;
  };
  const inventory = await takeInventory(surveys, ecosystems, readLate);
  const packages = inventory.packages.map(
    ({ name, version, paths, layer }) => `${name} ${version} ${paths.join(',')} ${layer}`,
  );
  return { distribution: inventory.distribution?.id, packages, problems: inventory.problems, late };
}
