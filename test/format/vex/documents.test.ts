import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseVex } from '../../../src/format/vex/parse-vex.ts';

const folder = join(import.meta.dirname, '..', '..', 'fixtures', 'vex');
const names = readdirSync(join(folder, 'documents'));

describe('a document of each format', () => {
  test.each(names)('%s is read as expected', (name) => {
    const expected: unknown = JSON.parse(readFileSync(join(folder, 'expected', name), 'utf8'));
    expect(parseVex(readFileSync(join(folder, 'documents', name)))).toEqual(expected);
  });

  test('all formats are there', () => {
    const formats = names.map((name) => parseVex(readFileSync(join(folder, 'documents', name))).format);
    expect([...new Set(formats)].sort()).toEqual(['csaf', 'cyclonedx', 'openvex']);
  });
});
