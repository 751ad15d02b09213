import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { licenceFacts } from '../../src/detect/licences/facts.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { licencesJson } from '../../src/report/licences/json.ts';
import { licencesTable } from '../../src/report/licences/table.ts';
import { evidence, found } from '../policy/make.ts';

const schema = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../schema/sluice-licences-v1.json'), 'utf8'));
const isValid = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema);

function sample(): Evidence {
  const packages = [
    found('able', { license: 'MIT' }),
    found('baker', { license: 'MIT' }),
    found('charlie', { license: 'GPLv3+' }),
    found('dog', {}),
    found('evil\u001b[31m', { license: 'LicenseRef-\u202eevil' }),
  ];
  const files = [{ path: '/srv/COPYING', expression: 'AGPL-3.0-only', likeness: 0.99, layer: 1, from: 'own' as const }];
  const distribution = { id: 'alpine', version: '3.20', like: [], name: 'Alpine Linux v3.20' };
  return evidence({
    target: { kind: 'image', platform: 'linux/amd64', distribution, layers: [] },
    packages,
    licences: licenceFacts(packages, files, 0),
    problems: [{ code: 'npm/malformed', message: 'not JSON', path: '/x', layer: 0, blinding: false }],
  });
}

test('the table has each class with its licences and who is under them, the strictest first', () => {
  expect(licencesTable(sample(), { name: 'shop:1', colour: false, width: 80 })).toBe(
    `shop:1  Alpine Linux v3.20, linux/amd64

forbidden: what most companies can't do (1)
  AGPL-3.0-only  1  /srv/COPYING

restricted: the source of the whole work must be given (1)
  GPL-3.0-or-later  1  charlie

unknown: nobody could tell (2)
  of words that are not known  1  evil\\x1b[31m
  none is stated               1  dog

notice: its makers must be named (2)
  MIT  2  able, baker

1 file could not be read in full: see -o json
`,
  );
  expect(licencesTable(evidence(), { name: 'x', colour: false, width: 80 })).toBe('x\n\nno licences\n');
});

test('a class of many licences is cut, and long lines are', () => {
  const packages = Array.from({ length: 40 }, (_, i) => found(`p${i}`, { license: `MIT AND LicenseRef-${i}` }));
  const wide = Array.from({ length: 40 }, (_, i) => found(`wide-name-${i}`, { license: 'ISC' }));
  const all = [...packages, ...wide];
  const lines = licencesTable(evidence({ packages: all, licences: licenceFacts(all, [], 0) }), {
    name: 'x',
    colour: false,
    width: 60,
  }).split('\n');
  expect(lines.filter((line) => line.includes('more: see -o json'))).toEqual(['  and 16 more: see -o json']);
  expect(Math.max(...lines.map((line) => line.length))).toBe(60);
});

test('JSON is of its schema, the same for the same evidence, and harmless', () => {
  const text = licencesJson(sample());
  const value = JSON.parse(text);
  isValid(value);
  expect(isValid.errors).toBeNull();
  expect(text).toBe(licencesJson(sample()));
  expect(/[\u0000-\u0009\u000b-\u001f\u202e]/.test(text)).toBe(false);
  expect(value.classes).toEqual({ permitted: 0, notice: 2, reciprocal: 0, restricted: 1, forbidden: 1, unknown: 2 });
  expect(value.licences[2]).toEqual({
    expression: 'GPL-3.0-or-later',
    stated: 'GPLv3+',
    class: 'restricted',
    package: 'pkg:npm/charlie@1.0.0',
    name: 'charlie',
    version: '1.0.0',
    layer: 0,
    from: 'own',
  });
});
