// Figures of the advisory index: names to look up, taken from the export itself, and the process that looks them up.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** How many names are looked up; half of them are not in the data. */
const lookups = 1000;

/** The ecosystems of an export folder. */
function ecosystemsOf(osv) {
  return readdirSync(osv)
    .filter((name) => existsSync(join(osv, name, 'all.zip')))
    .sort();
}

/** Bundles the part of sluice that is measured alone, which dist/ does not export. */
export async function bundleReader(work) {
  const { build } = await import('esbuild');
  const outfile = join(work, 'advisories-bundle.mjs');
  const contents = `
    export { openAdvisoryDb } from './src/advisory/open.ts';
    export { matchPackages } from './src/match/match.ts';
    export { ecosystems } from './src/ecosystem/list.gen.ts';
    export { readZipDirectory, readZipEntry } from './src/format/zip.ts';
    export { fileAccess } from './src/format/random-access.ts';
  `;
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    logLevel: 'warning',
  });
  return outfile;
}

/** Names from the export, spread evenly over all records, and as many that no advisory has. */
export async function namesToLookUp(bundle, osv) {
  const { readZipDirectory, readZipEntry, fileAccess } = await import(pathToFileURL(bundle).href);
  const { openSync, fstatSync, closeSync } = await import('node:fs');
  const names = [];
  const ecosystems = ecosystemsOf(osv);
  const each = Math.ceil(lookups / 2 / ecosystems.length);
  for (const ecosystem of ecosystems) {
    const fd = openSync(join(osv, ecosystem, 'all.zip'), 'r');
    const source = fileAccess(fd, 0, fstatSync(fd).size);
    const entries = readZipDirectory(source).filter(({ name }) => name.endsWith('.json'));
    const step = Math.max(1, Math.floor(entries.length / each));
    for (let i = 0; i < entries.length && i < step * each; i += step) {
      const record = JSON.parse(readZipEntry(source, entries[i], 1 << 26).toString('utf8'));
      const named = record.affected?.find(
        (affected) => affected.package?.ecosystem?.split(':')[0] === ecosystem,
      )?.package;
      if (named) names.push([named.ecosystem, named.name], [named.ecosystem, `${named.name}-absent`]);
    }
    closeSync(fd);
  }
  return names.slice(0, lookups);
}
