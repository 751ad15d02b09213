// Bundles sluice into dist/: a small entry, what is always needed together in one file each, and the rest in chunks.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { build, transform } from 'esbuild';

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

/** Modules that are only loaded when one of their functions is called: `gate` takes no digest, and these load many others. */
const lateBuiltins = new Set(['node:crypto', 'node:v8']);

function opening(name) {
  return lateBuiltins.has(name)
    ? `let builtin;\nconst loaded = () => (builtin ??= process.getBuiltinModule('${name}'));`
    : `const builtin = process.getBuiltinModule('${name}');`;
}

/** One export of a module of Node. Of one that is loaded late, the functions that are in use wait for their first call. */
function exported(name, key) {
  if (!lateBuiltins.has(name)) return `export const ${key} = /* @__PURE__ */ (() => builtin.${key})();`;
  const { value } = Object.getOwnPropertyDescriptor(process.getBuiltinModule(name), key) ?? {};
  return typeof value === 'function' && /^[a-z]/.test(key)
    ? `export const ${key} = (...given) => loaded().${key}(...given);`
    : `export const ${key} = /* @__PURE__ */ (() => loaded().${key})();`;
}

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
        .map((key) => exported(name, key));
      return { contents: `${opening(name)}\n${exports.join('\n')}` };
    });
  },
};

/** Characters of JSON from which it is worth a text of its own. */
const muchData = 10_000;

/** Generated data as a text of JSON, which is read in half the time that an expression of JavaScript takes. */
const dataAsJson = {
  name: 'data-as-json',
  setup({ onLoad }) {
    onLoad({ filter: /\.gen\.ts$/ }, async ({ path }) => {
      const source = readFileSync(path, 'utf8');
      if (source.length < muchData || /^import (?!type )|\bimport\(/m.test(source)) return undefined;
      const { code } = await transform(source, { loader: 'ts', format: 'esm' });
      const exports = Object.entries(await import(`data:text/javascript,${encodeURIComponent(code)}`));
      return { contents: exports.map(([name, value]) => `export const ${name} = ${dataText(value)};`).join('\n') };
    });
  },
};

function dataText(value) {
  const json = JSON.stringify(value);
  if (typeof value !== 'object' || json.length < muchData) return json;
  if (!isDeepStrictEqual(JSON.parse(json), value)) throw new Error('generated data is more than JSON');
  return `/* @__PURE__ */ JSON.parse(${JSON.stringify(json)})`;
}

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
  // Its form for Node asks for modules in a way that a bundle of ES modules does not know.
  alias: { yaml: `${root}node_modules/yaml/browser/index.js` },
  define: { SLUICE_VERSION: JSON.stringify(version), SLUICE_BUILD: JSON.stringify(digest) },
  logLevel: 'warning',
  metafile: true,
};

/*
 * Node loads each file of a program in several steps, some of which wait: twenty small chunks cost a scan of a known
 * image a fifth of its time. So the modules that are always needed together are one file, a stage: the core is what
 * `scan` imports at once, which is all that a known image needs; then all kinds of package, which the threads need as
 * well, what matches packages with new data, what reads layers, and what each thing that is looked for beside packages
 * needs. Every other file takes these modules from there: each module, and so each class, exists once.
 */
const stages = [
  // What is small and needed beside the core by commands that need none of the other stages goes with it.
  { file: `core-${digest.slice(0, 8)}.mjs`, entries: ['cli/scan.ts', 'model/parse-purl.ts', 'util/short-run.ts'] },
  { file: `ecosystems-${digest.slice(0, 8)}.mjs`, entries: ['ecosystem/list.gen.ts'] },
  {
    file: `matching-${digest.slice(0, 8)}.mjs`,
    entries: ['pipeline/scan-image.ts', 'pipeline/placed/look-image.ts', 'advisory/open.ts'],
  },
  {
    file: `surveying-${digest.slice(0, 8)}.mjs`,
    entries: [
      ...['pipeline/look-into.ts', 'pipeline/scan-folder.ts', 'pipeline/placed/layer-look.ts'],
      ...['catalog/survey-layer.ts', 'format/decompress/open.ts'],
    ],
  },
  // A file of its own, for what is kept elsewhere goes by the rules' digest.
  { file: `secret-rules-${digest.slice(0, 8)}.mjs`, entries: ['detect/secrets/rules.gen.ts'] },
  {
    file: `secrets-${digest.slice(0, 8)}.mjs`,
    entries: [
      ...['catalog/looking/ready-look.ts', 'detect/secrets/scanner.ts'],
      ...['pipeline/placed/look-anew.ts', 'pipeline/placed/look-folder.ts'],
    ],
  },
  {
    file: `licences-${digest.slice(0, 8)}.mjs`,
    entries: ['detect/licences/claims.ts', 'detect/licences/identify.ts', 'pipeline/placed/licences.ts'],
  },
  {
    file: `settings-${digest.slice(0, 8)}.mjs`,
    entries: [
      ...['pipeline/placed/configuration.ts', 'configuration/rules.gen.ts', 'configuration/evaluate.ts'],
      'policy/expression/engine.ts',
    ],
  },
  { file: `words-${digest.slice(0, 8)}.mjs`, entries: ['report/verdict-text.ts', 'report/text-fix.ts'] },
  { file: `gate-${digest.slice(0, 8)}.mjs`, entries: ['cli/gate.ts'] },
].map(({ file, entries }) => ({ file, entries: entries.map((name) => `${root}src/${name}`) }));
const stageOf = new Map(stages.flatMap(({ file, entries }) => entries.map((entry) => [entry, file])));

/** Modules that are only imported when they are needed, by the name of the file that each becomes. */
const late = new Map();

/** Leaves `import()` of what is outside of the file that is being built to the running program. */
const leaveLate = (inside, found = late) => ({
  name: 'leave-late',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      const file = resolve(resolveDir, path);
      if (kind !== 'dynamic-import' || inside.has(file)) return undefined;
      const stage = stageOf.get(file);
      if (stage) return { path: `./${stage}`, external: true };
      const name = `${relative(`${root}src`, file).replace(/\.ts$/, '').replaceAll(sep, '-')}-${digest.slice(0, 8)}`;
      found.set(file, name);
      return { path: `./${name}.mjs`, external: true };
    });
  },
});

/** Takes modules from the stages that have them. */
const takeFromStages = (modules) => ({
  name: 'take-from-stages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir, importer, namespace }) => {
      if (namespace === 'stage') return { path, external: true };
      const file = resolve(resolveDir, path);
      const stage = stageOf.get(file);
      if (kind === 'dynamic-import' && stage) return { path: `./${stage}`, external: true };
      // Each importer has its own: a chunk that all share would be one more to load.
      return modules.has(file)
        ? { path: `${file} for ${importer}`, namespace: 'stage', pluginData: modules.get(file) }
        : undefined;
    });
    onLoad({ filter: /./, namespace: 'stage' }, ({ pluginData }) => {
      const { stage, alias, names } = pluginData;
      const contents = `import { ${alias} } from './${stage}';\nexport const { ${names.join(', ')} } = ${alias};`;
      return { contents: names.length > 0 ? contents : '', loader: 'js' };
    });
  },
});

/** The modules that a stage's entries import at once and no earlier stage has, in the order of their names. */
async function modulesOf({ entries }, earlier) {
  const { metafile } = await build({
    ...shared,
    entryPoints: entries,
    write: false,
    // What is late is only known once it is known what the stage has.
    plugins: [builtins, dataAsJson, leaveLate(new Set(), new Map()), takeFromStages(earlier)],
  });
  return Object.keys(metafile.inputs)
    .filter((path) => path.startsWith('src/'))
    .sort()
    .map((path) => `${root}${path}`);
}

/** Builds a stage and returns what the later ones take from it: for each module, the name of its namespace and its exports. */
async function buildStage(stage, earlier) {
  const files = await modulesOf(stage, earlier);
  const prefix = `m${stages.indexOf(stage)}_`;
  const own = stage.entries.map((entry) => `export * from ${JSON.stringify(entry)};`);
  const namespaces = files.map((file, i) => `export * as ${prefix}${i} from ${JSON.stringify(file)};`);
  await build({
    ...shared,
    stdin: { contents: [...own, ...namespaces].join('\n'), resolveDir: root, sourcefile: 'stage.ts' },
    outdir: undefined,
    outfile: `dist/${stage.file}`,
    plugins: [builtins, dataAsJson, leaveLate(new Set(files)), takeFromStages(earlier)],
  });
  const built = await import(pathToFileURL(`${root}dist/${stage.file}`).href);
  return files.map((file, i) => {
    const alias = `${prefix}${i}`;
    return [file, { stage: stage.file, alias, names: Object.keys(built[alias]) }];
  });
}

const modules = new Map();
for (const stage of stages) for (const [file, taken] of await buildStage(stage, modules)) modules.set(file, taken);
// The entry has its own copy of the little that it needs, so that `--help` loads nothing else.
const entry = { sluice: 'src/cli/main.ts' };
await build({ ...shared, entryPoints: entry, plugins: [builtins, dataAsJson, leaveLate(new Set())] });
const { metafile } = await build({
  ...shared,
  entryPoints: {
    'survey-worker': 'src/catalog/survey-worker.ts',
    ...Object.fromEntries([...late].map(([file, name]) => [name, file])),
  },
  splitting: true,
  plugins: [builtins, dataAsJson, takeFromStages(modules)],
});

// What an earlier build left goes last: a scan that runs meanwhile still finds its chunks.
const made = new Set([
  ...Object.keys(metafile.outputs),
  ...stages.map(({ file }) => `dist/${file}`),
  'dist/sluice.mjs',
]);
for (const name of readdirSync(`${root}dist`)) {
  if (!made.has(`dist/${name}`)) rmSync(`${root}dist/${name}`, { recursive: true });
}
