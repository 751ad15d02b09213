// Bundles sluice into dist/: a small entry, what a scan of a known image needs in one file, and the rest in chunks.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
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

const digest = digestOfSources();

const shared = {
  absWorkingDir: root,
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  chunkNames: '[name]-[hash]',
  entryNames: '[name]',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  define: { SLUICE_VERSION: JSON.stringify(version), SLUICE_BUILD: JSON.stringify(digest) },
  logLevel: 'warning',
  metafile: true,
};

/*
 * Node loads each file of a program in several steps, some of which wait: twenty small chunks cost a scan of a known
 * image a fifth of its time. So all modules that `scan` imports at once are one file, the core, and every other file
 * takes them from there: each module, and so each class, exists once.
 */
const coreName = `core-${digest.slice(0, 8)}`;
const coreEntry = `${root}src/cli/scan.ts`;

/** Modules that the core imports only when they are needed, by the name of the file that each becomes. */
const late = new Map();

/** Leaves `import()` of what is outside of the core to the running program. */
const leaveLate = (inCore) => ({
  name: 'leave-late',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      const file = resolve(resolveDir, path);
      if (kind !== 'dynamic-import' || inCore.has(file)) return undefined;
      const name = `${relative(`${root}src`, file).replace(/\.ts$/, '').replaceAll(sep, '-')}-${digest.slice(0, 8)}`;
      late.set(file, name);
      return { path: `./${name}.mjs`, external: true };
    });
  },
});

/** Takes the core's modules from the core. The entry alone has its own copy of the little that it needs. */
const takeFromCore = (modules) => ({
  name: 'take-from-core',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir, importer, kind, namespace }) => {
      if (namespace === 'core') return { path, external: true };
      const file = resolve(resolveDir, path);
      if (kind === 'dynamic-import' && file === coreEntry) return { path: `./${coreName}.mjs`, external: true };
      const own = importer.endsWith('cli/main.ts') && kind !== 'dynamic-import';
      return modules.has(file) && !own ? { path: file, namespace: 'core' } : undefined;
    });
    onLoad({ filter: /./, namespace: 'core' }, ({ path }) => {
      const { alias, names } = modules.get(path);
      const contents = `import { ${alias} } from './${coreName}.mjs';\nexport const { ${names.join(', ')} } = ${alias};`;
      return { contents: names.length > 0 ? contents : '', loader: 'js' };
    });
  },
});

/** The modules that the core's entry imports at once, in the order of their names. */
async function modulesOfCore() {
  const { metafile } = await build({
    ...shared,
    entryPoints: [coreEntry],
    write: false,
    plugins: [leaveLate(new Set())],
  });
  return Object.keys(metafile.inputs)
    .filter((path) => path.startsWith('src/'))
    .sort()
    .map((path) => `${root}${path}`);
}

async function buildCore(files) {
  const namespaces = files.map((file, i) => `export * as m${i} from ${JSON.stringify(file)};`);
  const contents = [`export { command } from ${JSON.stringify(coreEntry)};`, ...namespaces].join('\n');
  await build({
    ...shared,
    stdin: { contents, resolveDir: root, sourcefile: 'core.ts' },
    outdir: undefined,
    outfile: `dist/${coreName}.mjs`,
    plugins: [leaveLate(new Set(files))],
  });
  const built = await import(pathToFileURL(`${root}dist/${coreName}.mjs`).href);
  return new Map(files.map((file, i) => [file, { alias: `m${i}`, names: Object.keys(built[`m${i}`]) }]));
}

const files = await modulesOfCore();
late.clear();
const modules = await buildCore(files);
const { metafile } = await build({
  ...shared,
  entryPoints: {
    sluice: 'src/cli/main.ts',
    'survey-worker': 'src/catalog/survey-worker.ts',
    ...Object.fromEntries([...late].map(([file, name]) => [name, file])),
  },
  splitting: true,
  plugins: [takeFromCore(modules)],
});

// What an earlier build left goes last: a scan that runs meanwhile still finds its chunks.
const made = new Set([...Object.keys(metafile.outputs), `dist/${coreName}.mjs`]);
for (const name of readdirSync(`${root}dist`)) {
  if (!made.has(`dist/${name}`)) rmSync(`${root}dist/${name}`, { recursive: true });
}
