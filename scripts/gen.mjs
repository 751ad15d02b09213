// Writes the list of plugins of each plugin folder, the packs of rules, the schemas, docs/policy.md, and the README's table of what is
// recognised. With --check it writes nothing and fails when one is stale.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configurationRules } from './configuration-rules.mjs';
import { htmlPage } from './html-page.mjs';
import { licenceFiles } from './licences.mjs';
import { packFiles } from './packs.mjs';
import { policyDocs } from './policy-docs.mjs';
import { recognisedTable } from './recognised.mjs';
import { schemaList } from './schemas.mjs';
import { secretRuleFiles } from './secret-rules.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const src = `${root}src/`;

/** Folders of plugins: what a plugin exports, and what the list is called. */
const folders = [
  {
    folder: 'ecosystem',
    exported: 'ecosystem',
    list: 'ecosystems',
    type: 'Ecosystem',
    doc: 'All kinds of package, by name.',
  },
];

/** Formats that are loaded with the list: a file of two kilobytes costs more to open than to carry along. */
const atHand = new Set(['json']);

let stale = false;
write('ecosystem/facts.gen.ts', factsOf('ecosystem'));
write('report/list.gen.ts', formatsOf('report'));
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
const packs = await packFiles();
for (const [name, text] of packs) write(name, text);
for (const name of readdirSync(`${src}policy/packs`))
  if (!packs.has(`policy/packs/${name}`)) remove(`policy/packs/${name}`);
write('configuration/rules.gen.ts', await configurationRules());
write('report/html/page.gen.ts', await htmlPage());
write('cli/schema/schemas.gen.ts', schemaList());
for (const [name, text] of await secretRuleFiles()) write(name, text);
for (const [name, text] of await licenceFiles()) write(name, text);
writeFile('docs/policy.md', await policyDocs());
// Last, for it is made from the lists.
await writeRecognised();
if (stale && process.argv.includes('--check')) process.exit(1);

function write(name, text) {
  writeFile(`src/${name}`, text);
}

function writeFile(name, text) {
  const file = root + name;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  stale = true;
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else console.error(`${name} is stale: run npm run gen`);
}

/** Takes away what nothing is generated into any more. */
function remove(name) {
  stale = true;
  if (!process.argv.includes('--check')) rmSync(`${src}${name}`);
  else console.error(`src/${name} is stale: run npm run gen`);
}

/** Puts the table of what is recognised between its marks in the README. */
async function writeRecognised() {
  const [begin, end] = ['<!-- recognised:begin -->', '<!-- recognised:end -->'];
  const text = readFileSync(`${root}README.md`, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no ${begin} … ${end}`);
  const table = await recognisedTable();
  writeFile('README.md', `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`);
}

/** The facts of each ecosystem that its source states as literals, so that whoever needs no reader loads none. */
function factsOf(folder) {
  const facts = pluginsOf(folder, 'ecosystem').map(({ path }) => {
    const literal = literals(`${folder}/${path}`);
    return {
      id: literal(/^ {2}id: '([a-z-]+)',$/m),
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

/** Reads a plugin's literals by their patterns. */
function literals(path) {
  const source = readFileSync(`${src}${path}`, 'utf8');
  return (pattern, missing) => {
    const found = pattern.exec(source)?.[1] ?? missing;
    if (found === undefined) throw new Error(`src/${path} has nothing like ${pattern}`);
    return found;
  };
}

/** The report formats, each of which is loaded only when it is asked for. */
function formatsOf(folder) {
  const formats = pluginsOf(folder, 'report').map(({ path }) => {
    const literal = literals(`${folder}/${path}`);
    const id = literal(/^ {2}id: '([a-z-]+)',$/m);
    const doc = literal(/^ {2}doc:\s+('[^'\n]*'|"[^"\n]*"),$/m);
    const versions = literal(/^ {2}versions: (\[[^\]]*\]),$/m, '');
    const known = versions === '' ? '' : ` versions: ${versions},`;
    const load = atHand.has(id) ? id : `(await import('./${path}')).report`;
    return `  { id: '${id}', doc: ${doc},${known} load: async () => ${load} },`;
  });
  return [
    '// Written by `npm run gen`: do not edit.',
    `import type { ListedReport } from './contract.ts';`,
    ...[...atHand].map((id) => `import { report as ${id} } from './${id}.ts';`),
    '',
    '/** All report formats, by name. */',
    'export const reports: readonly ListedReport[] = [',
    ...formats,
    '];',
    '',
  ].join('\n');
}

/** A plugin is a file, or a folder with an index.ts, that exports the name. */
function pluginsOf(folder, exported) {
  const found = [];
  const exporting = new RegExp(`^export const ${exported}\\b`, 'm');
  for (const item of readdirSync(src + folder, { withFileTypes: true })) {
    const path = item.isDirectory() ? `${item.name}/index.ts` : item.name;
    if (!path.endsWith('.ts') || path.endsWith('.gen.ts') || path === 'contract.ts') continue;
    const file = `${src}${folder}/${path}`;
    if (!existsSync(file) || !exporting.test(readFileSync(file, 'utf8'))) continue;
    found.push({ id: item.name.replace(/\.ts$/, ''), path });
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}
