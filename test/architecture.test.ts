import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOrder, importsOf, readSources, type Sources, violations } from './support/architecture.ts';

const sources = readSources(resolve(import.meta.dirname, '..', 'src'));

describe('the sources', () => {
  test('keep to the architecture (each line says which file breaks it, and why that matters)', () => {
    expect(violations(sources)).toEqual([]);
  });

  test('were really read', () => {
    const imports = [...sources].flatMap(([path, text]) => importsOf(path, text));
    const ours = imports.filter(({ to }) => to !== undefined);
    expect(ours.filter(({ to }) => !sources.has(to ?? '')).map(({ from }) => from)).toEqual([]);
    // Counted in another way, so that the check can't overlook a way of writing an import.
    const written = [...sources.values()].join('\n').match(/(?:[\w*}] from |\bimport\(|^import )'[^']+'/gm) ?? [];
    expect(imports.length).toBe(written.length);
    expect(ours.length).toBeGreaterThan(sources.size);
  });

  test('fill folders of the order alone', () => {
    const folders = new Set([...sources.keys()].map((path) => path.split('/')[0] ?? ''));
    expect([...folders].filter((folder) => !folderOrder.includes(folder))).toEqual([]);
    expect(folders.size).toBeGreaterThan(5);
  });
});

/** A tree that breaks nothing, over which each example lays its one fault. */
const sound: Record<string, string> = {
  'util/text.ts': 'export const lines = 1;',
  'model/package.ts': "import { lines } from '../util/text.ts';\nexport interface Package {}",
  'version/contract.ts': 'export interface VersionOrder {}',
  'version/digits.ts': 'export const digits = 1;',
  'version/semver.ts': "import { digits } from './digits.ts';\nexport const order = {};",
  'version/go.ts': 'export const order = {};',
  'ecosystem/contract.ts': "import type { VersionOrder } from '../version/contract.ts';",
  'ecosystem/npm/index.ts':
    "import { order } from '../../version/semver.ts';\nimport { lock } from './lock.ts';\nexport const ecosystem = {};",
  'ecosystem/npm/lock.ts': "import type { Ecosystem } from '../contract.ts';\nexport const lock = 1;",
  'ecosystem/deb.ts': 'export const ecosystem = {};',
  'ecosystem/list.gen.ts':
    "import { ecosystem as npm } from './npm/index.ts';\nimport { ecosystem as deb } from './deb.ts';",
  'source/http.ts': "import { request } from 'node:https';",
  'catalog/worker.ts':
    "import { ecosystems } from '../ecosystem/list.gen.ts';\n// process.exit() and console.log are for cli/ alone.",
  'model/host.ts': "import { isIP } from 'node:net';",
  'report/json.ts': "import { cell } from './cell.ts';\nexport const report = {};",
  'report/table.ts': 'export const report = {};',
  'report/cell.ts': 'export const cell = 1;',
  'report/list.gen.ts': "import { report as json } from './json.ts';",
  'cli/main.ts': "process.stdout.write('');\nprocess.exitCode = await import('./scan.ts');",
  'cli/scan.ts': "import { reports } from '../report/list.gen.ts';\nconsole.log(process.env);",
};

function withFault(fault: Record<string, string>): Sources {
  return new Map(Object.entries({ ...sound, ...fault }));
}

/** Name, the fault, and how the one line about it begins. */
const faults: readonly [name: string, fault: Record<string, string>, line: string][] = [
  [
    'an import to the right',
    { 'util/text.ts': "import '../match/match.ts';" },
    'src/util/text.ts imports src/match/match.ts: match/ is later',
  ],
  [
    'an import of a type to the right',
    { 'model/package.ts': "import type {\n  Policy,\n} from '../policy/policy.ts';" },
    'src/model/package.ts imports src/policy/policy.ts: policy/ is later',
  ],
  [
    'a lazy import to the right',
    { 'report/cell.ts': "const { run } = await import('../admit/review.ts');" },
    'src/report/cell.ts imports src/admit/review.ts: admit/ is later',
  ],
  [
    'a re-export from the right',
    { 'match/match.ts': "export { decide } from '../policy/decide.ts';" },
    'src/match/match.ts imports src/policy/decide.ts: policy/ is later',
  ],
  [
    'an unknown folder',
    { 'helpers/all.ts': 'export const all = 1;' },
    'src/helpers/all.ts stands in no folder of the order',
  ],
  ['a file beside the folders', { 'main.ts': '' }, 'src/main.ts stands in no folder of the order'],
  [
    'an import from outside of src/',
    { 'cli/scan.ts': "import '../../test/make.ts';" },
    'src/cli/scan.ts imports test/make.ts: what is shipped',
  ],
  [
    'a circle of two files',
    { 'util/text.ts': "import './path.ts';", 'util/path.ts': "import './text.ts';" },
    'src/util/text.ts imports src/util/path.ts imports src/util/text.ts: files in a circle',
  ],
  [
    'a file that imports itself',
    { 'util/text.ts': "import './text.ts';" },
    'src/util/text.ts imports src/util/text.ts: files in a circle',
  ],
  [
    'an ecosystem that imports another',
    { 'ecosystem/deb.ts': "import { lock } from './npm/lock.ts';" },
    'src/ecosystem/deb.ts imports src/ecosystem/npm/lock.ts: a plugin that needs a sibling',
  ],
  [
    'an ecosystem of several files that imports another',
    { 'ecosystem/npm/lock.ts': "import { ecosystem } from '../deb.ts';" },
    'src/ecosystem/npm/lock.ts imports src/ecosystem/deb.ts: a plugin that needs a sibling',
  ],
  [
    'a version order that imports another',
    { 'version/go.ts': "import { order as semver } from './semver.ts';\nexport const order = semver;" },
    'src/version/go.ts imports src/version/semver.ts: a plugin that needs a sibling',
  ],
  [
    'a version helper that imports an order',
    { 'version/precedence.ts': "import { order } from './go.ts';" },
    'src/version/precedence.ts imports src/version/go.ts: a plugin that needs a sibling',
  ],
  [
    'a report that imports another',
    { 'report/table.ts': "import { report as json } from './json.ts';\nexport const report = json;" },
    'src/report/table.ts imports src/report/json.ts: a plugin that needs a sibling',
  ],
  [
    'a command that picks one report',
    { 'cli/scan.ts': "import { report } from '../report/json.ts';" },
    'src/cli/scan.ts imports src/report/json.ts: plugins of report/ are reached through',
  ],
  ...['catalog', 'match', 'policy', 'pipeline'].flatMap((engine): [string, Record<string, string>, string][] => [
    [
      `${engine}/ that knows an ecosystem`,
      { [`${engine}/run.ts`]: "import { ecosystem } from '../ecosystem/deb.ts';" },
      `src/${engine}/run.ts imports src/ecosystem/deb.ts: an engine that knows a plugin`,
    ],
    [
      `${engine}/ that knows a version order`,
      { [`${engine}/run.ts`]: "import { order } from '../version/semver.ts';" },
      `src/${engine}/run.ts imports src/version/semver.ts: an engine that knows a plugin`,
    ],
  ]),
  ...['node:http', 'node:https', 'node:net', 'node:tls', 'node:dns/promises', 'node:http2', 'http'].map(
    (module): [string, Record<string, string>, string] => [
      `${module} in match/`,
      { 'match/match.ts': `import { request } from '${module}';` },
      `src/match/match.ts imports ${module}: only source/`,
    ],
  ),
  ['fetch() in report/', { 'report/cell.ts': "await fetch('x');" }, 'src/report/cell.ts fetches: only source/'],
  ...[
    'process.argv',
    'process.env',
    'process.exit',
    'process.exitCode',
    'process.stdout',
    'process.stderr',
    'console.error',
  ].map((use): [string, Record<string, string>, string] => [
    `${use} in source/`,
    { 'source/http.ts': `const it = ${use};` },
    `src/source/http.ts uses ${use}: only cli/`,
  ]),
  [
    'node:process in util/',
    { 'util/text.ts': "import { argv } from 'node:process';" },
    "src/util/text.ts uses from 'node:process': only cli/",
  ],
];

describe('the check itself', () => {
  test('finds nothing in a sound tree', () => {
    expect(violations(withFault({}))).toEqual([]);
  });

  test.each(faults)('finds %s', (_name, fault, line) => {
    const found = violations(withFault(fault));
    expect(found.map((text) => text.slice(0, line.length))).toEqual([line]);
    expect(found[0]?.length).toBeGreaterThan(line.length);
  });

  test('reads imports in every way they can be written', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type {\n  B,\n  C,\n} from '../b.ts';",
      "import './c.ts';",
      "export * from './d.ts';",
      "export { e } from 'node:fs';",
      "const f = () => import('./f.ts');",
      "// import { no } from './no.ts';",
      "/* import './no.ts' */",
      "const text = 'words from elsewhere';",
    ].join('\n');
    expect(importsOf('x/y.ts', text).map(({ from, to }) => [from, to])).toEqual([
      ['./a.ts', 'x/a.ts'],
      ['../b.ts', 'b.ts'],
      ['./d.ts', 'x/d.ts'],
      ['node:fs', undefined],
      ['./c.ts', 'x/c.ts'],
      ['./f.ts', 'x/f.ts'],
    ]);
  });
});
