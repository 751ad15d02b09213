// The licences of what is bundled: each library that a byte of dist/ is from, by its name, version and own text.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { builtins, dataAsJson, root, shared } from './settings.mjs';

const entries = ['src/cli/main.ts', 'src/catalog/survey-worker.ts', 'src/library/index.ts'];
const licenceFile = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/** The folders of node_modules that something bundled is from, sorted. */
export async function bundledPackages() {
  const { metafile } = await build({
    ...shared,
    entryPoints: entries,
    outdir: 'none',
    write: false,
    splitting: true,
    plugins: [builtins, dataAsJson],
  });
  const folders = new Set();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      // A name that esbuild itself gave, as to a module of Node, has a space in it.
      const folder = /^[^ :]*\bnode_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  return [...folders].sort();
}

/** All notices as one text. Throws when a package names no licence. */
export async function notices() {
  const line = '='.repeat(80);
  const sections = (await bundledPackages()).map((folder) => {
    const manifest = JSON.parse(readFileSync(`${root}${folder}/package.json`, 'utf8'));
    const texts = licenceTexts(`${root}${folder}`);
    const title = `${line}\n${manifest.name} ${manifest.version} (${manifest.license})`;
    return [title, ...(texts.length > 0 ? texts : [namedLicence(manifest)])].join('\n\n');
  });
  return `sluice contains the following software of others, under its own licences.\n\n${sections.join('\n\n')}\n`;
}

/** What stands in place of a licence file that a package does not have: the text that its manifest names. */
function namedLicence({ name, license, author }) {
  const listed = new URL(`node_modules/spdx-license-list/licenses/${license}.json`, pathToFileURL(root));
  if (!existsSync(listed))
    throw new Error(`${name} has no licence file, and ${license} is no licence of the SPDX list`);
  const by = typeof author === 'string' ? author : author?.name;
  const { licenseText } = JSON.parse(readFileSync(listed, 'utf8'));
  return `The package has no licence file. Its author${by ? `, ${by},` : ''} names ${license}:\n\n${licenseText.trim()}`;
}

function licenceTexts(folder) {
  return readdirSync(folder)
    .filter((name) => licenceFile.test(name))
    .sort()
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8').replaceAll('\r\n', '\n').trim());
}
