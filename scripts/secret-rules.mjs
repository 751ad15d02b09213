// The secret rules that ship with sluice, read and checked once for all: a scan loads no TOML.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundled } from './bundled.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}rules/secrets/`;
const checksFolder = `${root}src/detect/secrets/checks/`;
const head = '// Written by `npm run gen`: do not edit.';

/** The generated files by their paths below src/: the rules, what their patterns tell, and the list of the checks. */
export async function secretRuleFiles() {
  const { rules, search } = await rulesFiles();
  return new Map([
    ['detect/secrets/rules.gen.ts', rules],
    ['detect/secrets/search.gen.ts', search],
    ['detect/secrets/checks/list.gen.ts', checksFile()],
  ]);
}

async function rulesFiles() {
  const { readSecretRules, joinRuleSets, needsEngine, writeShapes, prepareSearch, writeWords } = await bundled({
    stdin: {
      contents: [
        `export { readSecretRules } from './src/detect/secrets/toml/read-rule-set.ts';`,
        `export { writeShapes } from './src/detect/secrets/shape.ts';`,
        `export { prepareSearch, writeWords } from './src/detect/secrets/search.ts';`,
        `export { needsEngine } from './src/detect/secrets/pattern/compile.ts';`,
        `export { joinRuleSets } from './src/detect/secrets/toml/join-rule-sets.ts';`,
      ].join('\n'),
      resolveDir: root,
    },
  });
  const names = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith('.toml')).sort();
  const sets = [];
  for (const name of names) {
    sets.push(await readSecretRules(readFileSync(`${folder}${name}`, 'utf8'), `rules/secrets/${name}`));
  }
  const { digest, rules, allowances } = joinRuleSets(sets);
  for (const { id, pattern, path, allowances: own } of rules) {
    const patterns = [pattern, path, ...own.flatMap((one) => [...one.patterns, ...one.paths])];
    const slow = patterns.find((one) => one !== undefined && needsEngine(one));
    if (slow !== undefined) throw new Error(`the rule ${id} has a pattern that is not linear: ${slow}`);
  }
  const text = [
    head,
    `import type { SecretRuleSet } from './contract.ts';`,
    '',
    '/** The rules for secrets that ship with sluice. */',
    'export const secretRules: SecretRuleSet = {',
    `  digest: ${JSON.stringify(digest)},`,
    '  rules: [',
    ...rules.map((rule) => `    ${JSON.stringify({ ...rule, proven: true })},`),
    '  ],',
    `  allowances: ${JSON.stringify(allowances)},`,
    '};',
    '',
  ].join('\n');
  // A check is none of what is written: any will do.
  const anyChecks = { get: () => ({}) };
  const words = writeWords(prepareSearch([{ digest, rules, allowances }], anyChecks));
  return { rules: text, search: searchFile(writeShapes(digest, rules), words) };
}

function searchFile({ digest, sets, rules }, { states, coded }) {
  const { columns, endings, words, ...counts } = states;
  return [
    head,
    `import type { WrittenSearch } from './search.ts';`,
    '',
    '/** What the rules that ship with sluice come to, so that no pattern is read before something is found. */',
    'export const writtenSearch: WrittenSearch = {',
    '  shapes: {',
    `    digest: ${JSON.stringify(digest)},`,
    `    sets: ${JSON.stringify(sets)},`,
    '    rules: [',
    ...rules.map((rule) => `      ${JSON.stringify(rule)},`),
    '    ],',
    '  },',
    '  words: {',
    `    states: { ...${JSON.stringify(counts)}, endings: ${JSON.stringify(endings)}, words: ${JSON.stringify(words)}, columns: ${JSON.stringify(columns)} },`,
    `    coded: ${JSON.stringify(coded)},`,
    '  },',
    '};',
    '',
  ].join('\n');
}

/** Each file of the folder that exports a check, by its name. */
function checksFile() {
  const names = readdirSync(checksFolder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.gen.ts') && name !== 'contract.ts')
    .filter((name) => /^export const check\b/m.test(readFileSync(checksFolder + name, 'utf8')))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort();
  const local = (name) => name.replace(/-(\w)/g, (_, char) => char.toUpperCase());
  return [
    head,
    ...names.map((name) => `import { check as ${local(name)} } from './${name}.ts';`),
    `import type { SecretCheck } from './contract.ts';`,
    '',
    '/** All checks, by name. */',
    'export const checks: ReadonlyMap<string, SecretCheck> = new Map<string, SecretCheck>([',
    ...names.map((name) => `  ['${name}', ${local(name)}],`),
    ']);',
    '',
  ].join('\n');
}
