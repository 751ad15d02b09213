// Bundles sluice into dist/: one small entry, one chunk a command, one file for the survey threads.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

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
  define: { SLUICE_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
  metafile: true,
});

// What an earlier build left goes last: a scan that runs meanwhile still finds its chunks.
const made = new Set(Object.keys(metafile.outputs));
for (const name of readdirSync(`${root}dist`)) {
  if (!made.has(`dist/${name}`)) rmSync(`${root}dist/${name}`, { recursive: true });
}
