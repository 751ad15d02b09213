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
    export { orderOfEcosystem } from './src/advisory/ecosystem-order.ts';
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

/**
 * Names from the export, spread evenly over all ecosystems and their records, and as many that no advisory has. Each with
 * a version as a package has it that is kept up to date: the last one that its record calls fixed.
 */
export async function namesToLookUp(bundle, osv) {
  const { readZipDirectory, readZipEntry, fileAccess } = await import(pathToFileURL(bundle).href);
  const { openSync, fstatSync, closeSync } = await import('node:fs');
  const exports = ecosystemsOf(osv).map((ecosystem) => {
    const fd = openSync(join(osv, ecosystem, 'all.zip'), 'r');
    const source = fileAccess(fd, 0, fstatSync(fd).size);
    return { ecosystem, fd, source, entries: readZipDirectory(source).filter(({ name }) => name.endsWith('.json')) };
  });
  const names = [];
  // The small ones first: what they lack, the others have to give.
  exports.sort((a, b) => a.entries.length - b.entries.length);
  for (const [at, { ecosystem, fd, source, entries }] of exports.entries()) {
    const share = Math.ceil((lookups - names.length) / 2 / (exports.length - at));
    const step = Math.max(1, Math.floor(entries.length / share));
    let taken = 0;
    for (let i = 0; i < entries.length && taken < share; i += step) {
      const record = JSON.parse(readZipEntry(source, entries[i], 1 << 26).toString('utf8'));
      const found = record.affected?.find((affected) => affected.package?.ecosystem?.split(':')[0] === ecosystem);
      if (!found) continue;
      const { ecosystem: release, name } = found.package;
      const version = lastFix(found) ?? '1.0';
      names.push([release, name, version], [release, `${name}-absent`, version]);
      taken++;
    }
    closeSync(fd);
  }
  return names.slice(0, lookups);
}

function lastFix({ ranges = [] }) {
  const fixes = ranges.flatMap(({ type, events }) =>
    type === 'GIT' ? [] : events.flatMap(({ fixed }) => fixed ?? []),
  );
  return fixes.at(-1);
}

/** What the advisory data has to keep to, and what was measured: `ok` is undefined where it was not. */
export function advisoryTargets(results, lookups) {
  const update = results.find(({ name }) => name === 'sluice db update');
  const rows = [
    ['all records indexed, s of CPU', update?.cpu && update.cpu.min / 1000, 15],
    ['all records indexed, MiB of memory', update?.rss?.median, 300],
    ['index opened and 1,000 packages looked up, ms', lookups && lookups.openMs + lookups.lookupMs, 30],
  ];
  return rows.map(([name, value, most]) => ({ name, value, most, ok: value === undefined ? undefined : value < most }));
}

/** The targets as text. */
export function targetsText(targets) {
  return targets
    .filter(({ ok }) => ok !== undefined)
    .map(({ name, value, most, ok }) => `${ok ? 'met   ' : 'MISSED'}  ${name}: ${value.toFixed(1)}, at most ${most}`)
    .join('\n');
}
