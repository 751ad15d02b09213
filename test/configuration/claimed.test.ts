import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readRules } from '../../src/configuration/file/read-rules.ts';
import { claims } from '../../src/detect/documents/paths.ts';
import { Faults } from '../../src/policy/file/fault.ts';

const folder = 'rules/configuration';
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.yaml')) : [];

/** A path that a glob stands for. */
function pathOf(glob: string): string {
  return glob
    .replaceAll('**/', 'opt/x/')
    .replaceAll(/\{([^,}]*)[^}]*\}/g, '$1')
    .replaceAll('*', 'a')
    .replace(/^\/+/, '');
}

test('what rules that ship with sluice read is kept while a layer is surveyed, so that none is read twice', () => {
  const rules = files.flatMap((name) => readRules(readFileSync(`${folder}/${name}`), name, 'sluice', new Faults()));
  const read = rules.flatMap(({ rule: { documents, files: query } }) => [
    ...(documents?.paths ?? []),
    ...(query?.matches || query?.values ? query.paths : []),
  ]);
  expect(read.length).toBeGreaterThan(0);
  expect([...new Set(read)].filter((glob) => !claims(pathOf(glob)))).toEqual([]);
});
