// Writes the list of plugins of each plugin folder. With --check it writes nothing and fails when a list is stale.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src/', import.meta.url));

/** Folders of plugins: what a plugin exports, and what the list is called. */
const folders = [
  {
    folder: 'ecosystem',
    exported: 'ecosystem',
    list: 'ecosystems',
    type: 'Ecosystem',
    doc: 'All kinds of package, by name.',
  },
  { folder: 'report', exported: 'report', list: 'reports', type: 'Report', doc: 'All report formats, by name.' },
];

let stale = false;
for (const { folder, exported, list, type, doc } of folders) {
  const plugins = pluginsOf(folder, exported);
  const names = plugins.map(({ id }) => id.replace(/-(\w)/g, (_, c) => c.toUpperCase()));
  const text = [
    '// Written by `npm run gen`: do not edit.',
    `import type { ${type} } from './contract.ts';`,
    ...plugins.map(({ path }, i) => `import { ${exported} as ${names[i]} } from './${path}';`),
    '',
    `/** ${doc} */`,
    `export const ${list}: readonly ${type}[] = [${names.join(', ')}];`,
    '',
  ].join('\n');
  const file = `${src}${folder}/list.gen.ts`;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  stale = true;
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else console.error(`src/${folder}/list.gen.ts is stale: run npm run gen`);
}
if (stale && process.argv.includes('--check')) process.exit(1);

/** A plugin is a file, or a folder with an index.ts, that exports the name. */
function pluginsOf(folder, exported) {
  const found = [];
  for (const item of readdirSync(src + folder, { withFileTypes: true })) {
    const path = item.isDirectory() ? `${item.name}/index.ts` : item.name;
    if (!path.endsWith('.ts') || path.endsWith('.gen.ts') || path === 'contract.ts') continue;
    const file = `${src}${folder}/${path}`;
    if (!existsSync(file) || !readFileSync(file, 'utf8').includes(`export const ${exported}`)) continue;
    found.push({ id: item.name.replace(/\.ts$/, ''), path });
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}
