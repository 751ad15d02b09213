// The rules on configuration that ship with sluice, read and checked once for all: a scan then loads neither YAML nor CEL.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundled } from './bundled.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = ['rules/configuration', 'rules/dockerfile'];

/** The generated file with all rules, sorted by their names. */
export async function configurationRules() {
  const { compileRules } = await bundled({ entryPoints: ['src/configuration/file/compile-rules.ts'] });
  const rules = folders
    .flatMap((folder) => filesIn(folder))
    .flatMap((file) => inShort(() => compileRules(file, readFileSync(root + file))))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const [at, { id }] of rules.entries())
    if (rules[at + 1]?.id === id) throw new Error(`there are two rules ${id} in ${folders.join(' and ')}`);
  return [
    '// Written by `npm run gen`: do not edit.',
    `import type { ConfigurationRule } from './contract.ts';`,
    '',
    '/** All rules on configuration that ship with sluice, by name. */',
    'export const configurationRules: readonly ConfigurationRule[] = [',
    ...rules.map((rule) => `  ${JSON.stringify(rule)},`),
    '];',
    '',
  ].join('\n');
}

/** What is wrong with a file, without the stack: it would be the whole of what was bundled. */
function inShort(compile) {
  try {
    return compile();
  } catch (thrown) {
    const { message } = thrown;
    throw Object.assign(new Error(message), { stack: message });
  }
}

function filesIn(folder) {
  if (!existsSync(root + folder)) return [];
  return readdirSync(root + folder)
    .filter((name) => /^[a-z0-9-]+\.yaml$/.test(name))
    .sort()
    .map((name) => `${folder}/${name}`);
}
