// How sources are bundled, in whatever form: what becomes of Node's modules and of generated data, and what is put in.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { transform } from 'esbuild';

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What package.json says. */
export const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** Of every file that is bundled, and of the lock file, which pins the libraries. */
function digestOfSources() {
  const hash = createHash('sha256').update(readFileSync(`${root}package-lock.json`));
  const names = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  for (const name of names.sort()) hash.update(`\n${name}\n`).update(readFileSync(`${root}src/${name}`));
  return hash.digest('hex').slice(0, 32);
}

/** Stands for the sources. */
export const digest = digestOfSources();

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

/** Modules of Node, as they are required. */
const required = new RegExp(`^(?:node:)?(?:${builtinModules.join('|')})$`);

/*
 * An import of `node:fs` makes Node look at everything that it exports, which loads streams; asking for the module alone
 * does not, and saves an eighth of the time that a scan of a known image takes.
 */
export const builtins = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    // Each importer has its own: a file that all share would be one more to load.
    onResolve({ filter: /^node:/ }, ({ path, importer, kind }) =>
      kind === 'require-call'
        ? undefined
        : {
            path: `${path} for ${importer}`,
            namespace: 'builtin',
            pluginData: path,
          },
    );
    onLoad({ filter: /./, namespace: 'builtin' }, ({ pluginData: name }) => {
      const exports = Object.getOwnPropertyNames(process.getBuiltinModule(name))
        .filter((key) => /^[a-z_$][\w$]*$/i.test(key) && key !== 'default')
        .map((key) => exported(name, key));
      const whole = `export default ${lateBuiltins.has(name) ? '/* @__PURE__ */ (() => loaded())()' : 'builtin'};`;
      return { contents: `${opening(name)}\n${exports.join('\n')}\n${whole}` };
    });
    // Libraries that are no ES modules require what Node has, which a bundle of ES modules can't.
    onResolve({ filter: required }, ({ path, kind }) =>
      kind === 'require-call' ? { path: path.replace('node:', ''), namespace: 'required-builtin' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'required-builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}');`,
      loader: 'js',
    }));
  },
};

/** Characters of JSON from which it is worth a text of its own. */
const muchData = 10_000;

/** Generated data as a text of JSON, which is read in half the time that an expression of JavaScript takes. */
export const dataAsJson = {
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

/** Settings of esbuild for all that is bundled. */
export const shared = {
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
  // Their forms for Node ask for modules in a way that a bundle of ES modules does not know, and for files.
  alias: {
    yaml: `${root}node_modules/yaml/browser/index.js`,
    liquidjs: `${root}node_modules/liquidjs/dist/liquid.browser.mjs`,
  },
  // What ink loads only while programs with it are developed.
  external: ['react-devtools-core'],
  define: {
    SLUICE_VERSION: JSON.stringify(version),
    SLUICE_BUILD: JSON.stringify(digest),
    'process.env.NODE_ENV': '"production"',
  },
  logLevel: 'warning',
  metafile: true,
};
