// Bundles sluice into dist/: one small entry, one chunk a command, one file for the survey threads.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** Of every file that is bundled, and of the lock file, which pins the libraries. */
function digestOfSources() {
  const hash = createHash('sha256').update(readFileSync(`${root}package-lock.json`));
  const names = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  for (const name of names.sort()) hash.update(`\n${name}\n`).update(readFileSync(`${root}src/${name}`));
  return hash.digest('hex').slice(0, 32);
}

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { sluice: 'src/cli/main.ts', 'survey-worker': 'src/catalog/survey-worker.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  define: { SLUICE_VERSION: JSON.stringify(version), SLUICE_BUILD: JSON.stringify(digestOfSources()) },
  logLevel: 'warning',
  metafile: true,
});

// What an earlier build left goes last: a scan that runs meanwhile still finds its chunks.
const made = new Set(Object.keys(metafile.outputs));
for (const name of readdirSync(`${root}dist`)) {
  if (!made.has(`dist/${name}`)) rmSync(`${root}dist/${name}`, { recursive: true });
}
