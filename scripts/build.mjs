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

/*
 * An import of `node:fs` makes Node look at everything that it exports, which loads streams; asking for the module alone
 * does not, and saves an eighth of the time that a scan of a known image takes.
 */
const builtins = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    // Each importer has its own: a file that all share would be one more to load.
    onResolve({ filter: /^node:/ }, ({ path, importer }) => ({
      path: `${path} for ${importer}`,
      namespace: 'builtin',
      pluginData: path,
    }));
    onLoad({ filter: /./, namespace: 'builtin' }, ({ pluginData: name }) => {
      const exports = Object.getOwnPropertyNames(process.getBuiltinModule(name))
        .filter((key) => /^[a-z_$][\w$]*$/i.test(key) && key !== 'default')
        .map((key) => `export const ${key} = /* @__PURE__ */ (() => builtin.${key})();`);
      return { contents: `const builtin = process.getBuiltinModule('${name}');\n${exports.join('\n')}` };
    });
  },
};

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
  // A third less to compile, which is felt at every start.
  minifyIdentifiers: true,
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

/** Leaves `import()` of what is outside of the file that is being built to the running program. */
const leaveLate = (inside) => ({
  name: 'leave-late',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      const file = resolve(resolveDir, path);
      if (kind !== 'dynamic-import' || inside.has(file)) return undefined;
      if (file === coreEntry) return { path: `./${coreName}.mjs`, external: true };
      const name = `${relative(`${root}src`, file).replace(/\.ts$/, '').replaceAll(sep, '-')}-${digest.slice(0, 8)}`;
      late.set(file, name);
      return { path: `./${name}.mjs`, external: true };
    });
  },
});

/** Takes the core's modules from the core. */
const takeFromCore = (modules) => ({
  name: 'take-from-core',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir, importer, namespace }) => {
      if (namespace === 'core') return { path, external: true };
      const file = resolve(resolveDir, path);
      // Each importer has its own: a chunk that all share would be one more to load.
      return modules.has(file)
        ? { path: `${file} for ${importer}`, namespace: 'core', pluginData: modules.get(file) }
        : undefined;
    });
    onLoad({ filter: /./, namespace: 'core' }, ({ pluginData }) => {
      const { alias, names } = pluginData;
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
    plugins: [builtins, leaveLate(new Set())],
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
    plugins: [builtins, leaveLate(new Set(files))],
  });
  const built = await import(pathToFileURL(`${root}dist/${coreName}.mjs`).href);
  return new Map(files.map((file, i) => [file, { alias: `m${i}`, names: Object.keys(built[`m${i}`]) }]));
}

const files = await modulesOfCore();
late.clear();
const modules = await buildCore(files);
// The entry has its own copy of the little that it needs, so that `--help` loads nothing else.
const entry = { sluice: 'src/cli/main.ts' };
await build({ ...shared, entryPoints: entry, plugins: [builtins, leaveLate(new Set())] });
const { metafile } = await build({
  ...shared,
  entryPoints: {
    'survey-worker': 'src/catalog/survey-worker.ts',
    ...Object.fromEntries([...late].map(([file, name]) => [name, file])),
  },
  splitting: true,
  plugins: [builtins, takeFromCore(modules)],
});

// What an earlier build left goes last: a scan that runs meanwhile still finds its chunks.
const made = new Set([...Object.keys(metafile.outputs), `dist/${coreName}.mjs`, 'dist/sluice.mjs']);
for (const name of readdirSync(`${root}dist`)) {
  if (!made.has(`dist/${name}`)) rmSync(`${root}dist/${name}`, { recursive: true });
}
