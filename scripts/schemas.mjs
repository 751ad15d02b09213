// The JSON Schemas of schema/ as a module, so that `sluice schema` has them without any other file.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../schema/', import.meta.url));

/** What each is of, by the name that `sluice schema` knows it by; those of files that people write first. */
const edited = {
  policy: 'a policy: sluice.yaml',
  waivers: 'waivers: sluice.waivers.yaml',
  cases: 'cases of a policy: NAME.test.yaml',
  rules: 'rules on images, Dockerfiles and settings, with their tests',
  triage: 'decisions on flaws, for sluice vex create --triage',
};
const written = {
  report: 'the JSON report of a scan, which --baseline and sluice gate read',
  event: 'the line that --event writes',
  fleet: 'a line of a scan of many images',
  audit: 'the audit record of a verdict',
  diff: 'sluice diff -o json',
  explain: 'sluice explain -o json',
  fix: 'sluice fix -o json',
  inventory: 'sluice inventory -o json',
  licences: 'sluice licences -o json',
  'policy-diff': 'sluice policy diff -o json',
  'vex-explain': 'sluice vex explain -o json',
};

/** The text of src/cli/schema/schemas.gen.ts. */
export function schemaList() {
  const docs = new Map([
    ...Object.entries(edited).map(([name, doc]) => [name, { doc, edited: true }]),
    ...Object.entries(written).map(([name, doc]) => [name, { doc, edited: false }]),
  ]);
  const files = readdirSync(folder).filter((file) => /^sluice-.*v\d+\.json$/.test(file));
  const byName = new Map(files.map((file) => [nameOf(file), file]));
  const names = [...docs.keys(), ...[...byName.keys()].filter((name) => !docs.has(name)).sort()];
  const rows = names.map((name) => {
    const file = byName.get(name);
    if (file === undefined) throw new Error(`schema/ has no ${name}`);
    const schema = JSON.parse(readFileSync(folder + file, 'utf8'));
    const { doc = schema.title, edited: byPeople = false } = docs.get(name) ?? {};
    return `  ${JSON.stringify({ name, file, doc, edited: byPeople, schema })},`;
  });
  return [
    '// Written by `npm run gen`: do not edit.',
    "import type { ListedSchema } from './contract.ts';",
    '',
    '/** All schemas, those of files that people write first. */',
    'export const schemas: readonly ListedSchema[] = [',
    ...rows,
    '];',
    '',
  ].join('\n');
}

/** `sluice-waivers-v1.json` is `waivers`, and sluice-v1.json the report. */
function nameOf(file) {
  return /^sluice-(.*?)-?v\d+\.json$/.exec(file)?.[1] || 'report';
}
