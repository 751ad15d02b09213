// sluice as one script and the few assets that it reads from memory: what becomes one file with Node itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { builtins, dataAsJson, root, shared } from './settings.mjs';

/** Where the survey threads' program is: an asset, not a file beside this one. */
const thread = `import { getAsset } from 'node:sea';
let thread;
export const bundledThread = () => (thread ??= { file: getAsset('survey-worker', 'utf8'), options: { eval: true } });`;

/** What draws on the terminal waits for a module before anything else, which only an ES module can. */
const screen = `import { getAsset } from 'node:sea';
import { constants, Script } from 'node:vm';
const options = { importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER };
const load = (url) => new Script('(url) => import(url)', options).runInThisContext()(url);
export const showScreen = async (...given) => {
  const source = Buffer.from(getAsset('screen')).toString('base64');
  return (await load(\`data:text/javascript;base64,\${source}\`)).showScreen(...given);
};`;

const waiting = 'process.exitCode = await main(process.argv.slice(2)).catch(fail);';

/** A script can't wait at its top. Until it is done, its exit code is that of a failure: what hangs and ends is no pass. */
const unwaited = `process.exitCode = 1;
main(process.argv.slice(2)).catch(fail).then((code) => {
  process.exitCode = code;
});`;

function mainScript() {
  const source = readFileSync(join(root, 'src/cli/main.ts'), 'utf8');
  if (!source.includes(waiting)) throw new Error(`src/cli/main.ts does not end with: ${waiting}`);
  return source.replace(waiting, unwaited);
}

const replaced = {
  'src/catalog/bundled-thread.ts': () => ({ contents: thread, loader: 'js' }),
  'src/cli/tui/screen.ts': () => ({ contents: screen, loader: 'js' }),
  'src/cli/main.ts': () => ({ contents: mainScript(), loader: 'ts' }),
};

const single = {
  name: 'single',
  setup({ onLoad }) {
    for (const [path, load] of Object.entries(replaced)) {
      const filter = new RegExp(`/${path.replaceAll('.', '\\.')}$`);
      // Not what stands for a module of Node that it imports, whose name ends alike.
      onLoad({ filter, namespace: 'file' }, load);
    }
  },
};

/** The script, and by name the assets: texts. */
export async function singleScript() {
  const main = await bundle('src/cli/main.ts', 'cjs', [single]);
  const worker = await bundle('src/catalog/survey-worker.ts', 'cjs', [single]);
  const shown = await bundle('src/cli/tui/screen.ts', 'esm', []);
  return { main, assets: { 'survey-worker': worker, screen: shown } };
}

async function bundle(entry, format, plugins) {
  const { outputFiles } = await build({
    ...shared,
    entryPoints: [entry],
    format,
    write: false,
    // The builtins come last: what stands in place of a module asks for them too.
    plugins: [...plugins, builtins, dataAsJson],
  });
  return outputFiles[0].text;
}
