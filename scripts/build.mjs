// Bundles sluice into dist/: a small entry, what is always needed together in one file each, and the rest in chunks.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { printed } from './bundle/printed.mjs';
import { builtins, dataAsJson, digest, root, shared } from './bundle/settings.mjs';

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
    library: 'src/library/index.ts',
    ...Object.fromEntries([...late].map(([file, name]) => [name, file])),
  },
  splitting: true,
  plugins: [builtins, dataAsJson, takeFromStages(modules)],
});

// The manual is made of the very tables that help is made of.
writeFileSync(`${root}dist/sluice.1`, printed([`${root}dist/sluice.mjs`, 'man']));

// What an earlier build left goes last: a scan that runs meanwhile still finds its chunks.
const made = new Set([
  ...Object.keys(metafile.outputs),
  ...stages.map(({ file }) => `dist/${file}`),
  'dist/sluice.mjs',
  'dist/sluice.1',
]);
for (const name of readdirSync(`${root}dist`)) {
  if (!made.has(`dist/${name}`)) rmSync(`${root}dist/${name}`, { recursive: true });
}
