// The packs of rules that ship with sluice, read and checked once for all: a scan without a policy file then loads
// neither YAML nor CEL.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundled } from './bundled.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}policies/packs/`;
const head = '// Written by `npm run gen`: do not edit.';

/** The pack that holds where there is no policy: what every scan loads. */
const standard = 'default';

/** The generated files by their paths below src/: the list, and one for each pack. */
export async function packFiles() {
  const { compilePack } = await loadCompiler();
  const names = readdirSync(folder)
    .filter((name) => /^[a-z0-9-]+\.yaml$/.test(name))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
  const others = names.filter((name) => name !== standard);
  const files = new Map([['policy/packs.gen.ts', listOf(packOf(standard, compilePack), names)]]);
  for (const name of others) {
    const lines = [
      head,
      `import type { Pack } from '../file/document.ts';`,
      '',
      `/** The pack ${name}. */`,
      `export const pack: Pack = ${packOf(name, compilePack)};`,
      '',
    ];
    files.set(`policy/packs/${name}.gen.ts`, lines.join('\n'));
  }
  return files;
}

/** The reader of policy files. */
function loadCompiler() {
  return bundled({ entryPoints: ['src/policy/file/compile-pack.ts'] });
}

/** A pack as a literal, a rule on a line. */
function packOf(name, compilePack) {
  const pack = compilePack(name, readFileSync(`${folder}${name}.yaml`));
  const { rules, ...layer } = pack.document.layer;
  const marked = { ...pack, document: { ...pack.document, layer: { ...layer, rules: '\0' } } };
  const lines = rules.map((rule) => `\n    ${JSON.stringify(rule)},`);
  const [before, after] = JSON.stringify(marked).split(JSON.stringify('\0'));
  return `${before}[${lines.join('')}\n  ]${after}`;
}

function listOf(pack, names) {
  const entry = (name) =>
    name === standard
      ? `  '${name}': async () => defaultPack,`
      : `  '${name}': async () => (await import('./packs/${name}.gen.ts')).pack,`;
  return [
    head,
    `import type { Pack, Packs } from './file/document.ts';`,
    '',
    '/** The pack that holds where there is no policy. */',
    `export const defaultPack: Pack = ${pack};`,
    '',
    '/** All packs, by name; those but the default one are loaded when they are used. */',
    'export const packs: Packs = {',
    ...names.map(entry),
    '};',
    '',
  ].join('\n');
}
