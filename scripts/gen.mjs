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
write('ecosystem/facts.gen.ts', factsOf('ecosystem'));
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
  write(`${folder}/list.gen.ts`, text);
}
if (stale && process.argv.includes('--check')) process.exit(1);

function write(name, text) {
  const file = src + name;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  stale = true;
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else console.error(`src/${name} is stale: run npm run gen`);
}

/** The facts of each ecosystem that its source states as literals, so that whoever needs no reader loads none. */
function factsOf(folder) {
  const facts = pluginsOf(folder, 'ecosystem').map(({ path }) => {
    const source = readFileSync(`${src}${folder}/${path}`, 'utf8');
    const literal = (pattern) => {
      const found = pattern.exec(source)?.[1];
      if (found === undefined) throw new Error(`src/${folder}/${path} has nothing like ${pattern}`);
      return found;
    };
    return {
      id: literal(/^ {2}id: '([a-z]+)',$/m),
      revision: literal(/^ {2}revision: (\d+),$/m),
      database: literal(/^ {2}database: (true|false),$/m),
      order: literal(/import \{ order \} from '(?:\.\.\/)+version\/([a-z0-9-]+)\.ts';/),
    };
  });
  const orders = [...new Set(facts.map(({ order }) => order))].sort();
  return [
    '// Written by `npm run gen`: do not edit.',
    ...orders.map((order) => `import { order as ${order} } from '../version/${order}.ts';`),
    `import type { EcosystemFacts } from './contract.ts';`,
    '',
    '/** The facts of all kinds of package, by name, without the readers. */',
    'export const ecosystemFacts: readonly EcosystemFacts[] = [',
    ...facts.map(
      ({ id, revision, database, order }) =>
        `  { id: '${id}', revision: ${revision}, database: ${database}, order: ${order} },`,
    ),
    '];',
    '',
  ].join('\n');
}

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
