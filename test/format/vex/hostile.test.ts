import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { componentLimit, statementLimit } from '../../../src/format/vex/limits.ts';
import { parseVex } from '../../../src/format/vex/parse-vex.ts';
import { SluiceError } from '../../../src/util/error.ts';
import { codeOf, fixed, openVex, read } from './forms.ts';

const folder = join(import.meta.dirname, '..', '..', 'fixtures', 'vex', 'documents');
const documents = readdirSync(folder).map((name) => readFileSync(join(folder, name)));

/** Reads bytes of any kind; whatever it is must come to a document of the promised shape, or be refused with a code. */
function readsOrRefuses(bytes: Buffer): void {
  try {
    const { statements, unread } = parseVex(bytes);
    for (const { vulnerabilities, products, status, timestamp, justification, says } of statements) {
      expect(vulnerabilities.length > 0 && products.length > 0).toBe(true);
      expect(status !== 'not_affected' || (justification ?? says) !== undefined).toBe(true);
      expect(timestamp).toMatch(/^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)?$/);
      for (const product of products) expect(product.ids.length + product.hashes.length).toBeGreaterThan(0);
    }
    for (const line of unread) expect(line).toMatch(/^[^\n\r\u001b]{1,3000}$/);
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    expect(thrown.code).toMatch(/^(?:vex|json)\//);
  }
}

describe('hostile input', () => {
  test('random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readsOrRefuses(Buffer.from(bytes))));
  });

  test('values of any kind in the place of any other', () => {
    const value = fc.jsonValue({ maxDepth: 2 });
    fc.assert(
      fc.property(fc.constantFrom(...documents), fc.nat(), value, (bytes, at, other) => {
        const text = bytes.toString('utf8');
        const places = [...text.matchAll(/": ("[^"]*"|\[|\{)/g)];
        const place = places[at % places.length];
        const document: unknown = JSON.parse(text);
        let seen = 0;
        const changed = JSON.stringify(document, (_key, inner: unknown) => (seen++ === at % 200 ? other : inner));
        readsOrRefuses(Buffer.from(changed ?? ''));
        readsOrRefuses(Buffer.from(text.slice(0, place?.index ?? 0)));
      }),
      { numRuns: 300 },
    );
  });

  test('bytes that are turned over', () => {
    fc.assert(
      fc.property(fc.constantFrom(...documents), fc.nat(), fc.nat({ max: 255 }), (bytes, at, byte) => {
        const changed = Buffer.from(bytes);
        changed[at % changed.length] = byte;
        readsOrRefuses(changed);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['an empty file', '', 'vex/empty'],
    ['a list', '[]', 'vex/unknown'],
    ['something else', '{}', 'vex/unknown'],
    ['no JSON', 'VEX', 'json/malformed'],
    ['brackets without end', '['.repeat(10_000), 'json/too-deep'],
    ['CSAF of another time', '{"document":{"csaf_version":"1.2"}}', 'vex/unknown'],
    ['XML', '<bom/>', 'json/malformed'],
  ])('%s is refused', (_what, text, code) => {
    expect(codeOf(() => parseVex(Buffer.from(text)))).toBe(code);
  });

  test('more statements than are read', () => {
    const small = { vulnerability: 'C', products: ['p'], status: 'fixed' };
    expect(codeOf(() => read(openVex(Array.from({ length: statementLimit }, () => small))))).toBe('none');
    expect(codeOf(() => read(openVex(Array.from({ length: statementLimit + 1 }, () => small))))).toBe('vex/too-many');
  });

  test('more products than are read', () => {
    const half = Array.from({ length: componentLimit / 2 }, () => 'p');
    expect(codeOf(() => read(openVex([{ ...fixed, products: half }])))).toBe('none');
    // One list of parts is shared by all products: the bytes are few, and the parts are many.
    const shared = { ...fixed, products: half.slice(0, 2_000), subcomponents: half.slice(0, 2_000) };
    expect(codeOf(() => read(openVex([shared])))).toBe('vex/too-many');
  });

  test('names that objects have of themselves are names', () => {
    const products = {
      branches: [],
      relationships: [],
      full_product_names: [{ product_id: '__proto__', name: 'constructor' }],
    };
    const text = `{"document":{"csaf_version":"2.0"},"product_tree":${JSON.stringify(products)},"vulnerabilities":[{"cve":"__proto__","product_status":{"fixed":["__proto__","constructor"]}}]}`;
    expect(parseVex(Buffer.from(text)).statements).toEqual([
      {
        vulnerabilities: ['__proto__'],
        status: 'fixed',
        products: [{ ids: ['constructor'], hashes: [], subcomponents: [] }],
        timestamp: '',
      },
    ]);
  });
});
