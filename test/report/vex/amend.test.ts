import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amendOpenVex } from '../../../src/report/vex/amend.ts';
import { openVexDocument, type VexClaim } from '../../../src/report/vex/openvex.ts';
import { SluiceError } from '../../../src/util/error.ts';
import { openVexFaults } from './openvex-rules.ts';

const first = '2026-01-01T00:00:00Z';
const later = '2026-02-02T00:00:00Z';
const lodash = { '@id': 'pkg:npm/lodash@4.17.4', identifiers: { purl: 'pkg:npm/lodash@4.17.4' } };
const image = (...parts: string[]) => ({
  '@id': `sha256:${'a'.repeat(64)}`,
  hashes: { 'sha-256': 'a'.repeat(64) },
  subcomponents: parts.map((part) => ({ '@id': part })),
});
const fixed: VexClaim = { names: ['CVE-2026-1'], products: [lodash], status: 'fixed' };
const other: VexClaim = { names: ['CVE-2026-2'], products: [lodash], status: 'under_investigation' };
const origin = { author: 'Shop team', timestamp: first, tooling: 'another tool' };
const written = openVexDocument([fixed, other], origin);
const before = { ...written, role: 'Team', 'x-ours': { kept: true } };

describe('adding to an OpenVEX document', () => {
  test('keeps all else, with the time that it had', () => {
    const claim: VexClaim = { names: ['CVE-2026-3'], products: [lodash], status: 'affected', action: 'update' };
    const { document, ...tally } = amendOpenVex(before, [claim], later);
    expect(tally).toEqual({ added: 1, replaced: 0, unchanged: 0 });
    expect(document).toEqual({
      ...before,
      last_updated: later,
      version: 2,
      statements: [
        { ...written.statements[0], timestamp: first },
        { ...written.statements[1], timestamp: first },
        {
          vulnerability: { name: 'CVE-2026-3' },
          timestamp: later,
          products: [lodash],
          status: 'affected',
          action_statement: 'update',
        },
      ],
    });
    expect(openVexFaults({ ...document, 'x-ours': undefined })).toEqual(['document: unknown key x-ours']);
    expect(Object.keys(document)).toEqual(
      '@context @id author timestamp last_updated version tooling statements role x-ours'.split(' '),
    );
  });

  test('replaces what was said of the same flaw in the same products, by whichever of its names', () => {
    const claim: VexClaim = { names: ['GHSA-x', 'cve-2026-1'], products: [lodash], status: 'affected', action: 'wait' };
    const { document, ...tally } = amendOpenVex(before, [claim], later);
    expect(tally).toEqual({ added: 0, replaced: 1, unchanged: 0 });
    expect(document.statements).toEqual([
      {
        version: 1,
        vulnerability: { name: 'GHSA-x', aliases: ['cve-2026-1'] },
        timestamp: first,
        last_updated: later,
        products: [lodash],
        status: 'affected',
        action_statement: 'wait',
      },
      { ...written.statements[1], timestamp: first },
    ]);
    const again = amendOpenVex(document, [{ ...claim, action: 'update' }], later).document;
    expect((again.statements as { version: number }[])[0]!.version).toBe(2);
    expect([document.version, again.version]).toEqual([2, 3]);
  });

  test('changes nothing where the document says so already', () => {
    const { document, ...tally } = amendOpenVex(before, [fixed, other], later);
    expect(tally).toEqual({ added: 0, replaced: 0, unchanged: 2 });
    expect(document).toEqual(before);
  });

  test('tells products apart by their parts, in whatever order these stand', () => {
    const claim = (...parts: string[]): VexClaim => ({
      names: ['CVE-1'],
      products: [image(...parts)],
      status: 'fixed',
    });
    const document = openVexDocument([claim('pkg:npm/a@1', 'pkg:npm/b@1')], origin);
    const tally = (one: VexClaim) => {
      const { document: _document, ...rest } = amendOpenVex(document, [one], later);
      return rest;
    };
    expect(tally(claim('pkg:npm/b@1', 'pkg:npm/a@1'))).toEqual({ added: 0, replaced: 0, unchanged: 1 });
    expect(tally(claim('pkg:npm/a@1'))).toEqual({ added: 1, replaced: 0, unchanged: 0 });
  });

  test('knows an image by its digest, and keeps the names that it had', () => {
    const purl = `pkg:oci/app@sha256%3A${'a'.repeat(64)}?repository_url=registry.example%2Fapp`;
    const named = { ...image('pkg:npm/a@1'), '@id': purl };
    const claim: VexClaim = { names: ['CVE-1'], products: [image('pkg:npm/a@1')], status: 'fixed' };
    const document = openVexDocument([{ ...claim, products: [named, ...claim.products] }], origin);
    expect(amendOpenVex(document, [claim], later).unchanged).toBe(1);
    const changed = amendOpenVex(document, [{ ...claim, status: 'under_investigation' }], later);
    expect(changed.replaced).toBe(1);
    expect(changed.document.statements).toMatchObject([{ products: [claim.products[0], named] }]);
    const short = openVexDocument([claim], origin);
    expect(amendOpenVex(short, [{ ...claim, products: [named, ...claim.products] }], later).replaced).toBe(1);
  });

  test('is not content with an older statement that a newer one contradicts', () => {
    const both = { ...before, statements: [...before.statements, { ...before.statements[0], status: 'affected' }] };
    const { document, ...tally } = amendOpenVex(both, [fixed], later);
    expect(tally).toEqual({ added: 0, replaced: 1, unchanged: 0 });
    expect((document.statements as { status: string; last_updated?: string }[])[2]).toMatchObject({
      status: 'fixed',
      last_updated: later,
    });
  });

  test('refuses what is not OpenVEX 0.2.0, and a clock that went back', () => {
    const code = (value: unknown, when = later): string => {
      try {
        amendOpenVex(value, [fixed], when);
        return 'no error';
      } catch (thrown) {
        return (thrown as SluiceError).code;
      }
    };
    expect(code({ ...before, '@context': 'https://openvex.dev/ns' })).toBe('vex/not-openvex');
    expect(code({ ...before, '@context': 'https://openvex.dev/ns/v0.2.0/../x' })).toBe('vex/not-openvex');
    expect(code({ ...before, statements: [1] })).toBe('vex/not-openvex');
    expect(code({ ...before, statements: {} })).toBe('vex/not-openvex');
    expect(code([])).toBe('vex/not-openvex');
    expect(code(before, '2025-12-31T23:59:59Z')).toBe('vex/older');
    expect(code({ ...before, last_updated: '2026-03-01T00:00:00+01:00' })).toBe('vex/older');
  });

  test('never fails in another way, whatever the document holds', () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    const statement = fc.record(
      { vulnerability: json, products: json, status: json, timestamp: json, version: json },
      { requiredKeys: [] },
    );
    const document = fc.record({ timestamp: json, version: json, statements: fc.array(statement, { maxLength: 4 }) });
    fc.assert(
      fc.property(document, (given) => {
        const amended = amendOpenVex({ '@context': 'https://openvex.dev/ns/v0.2.0', ...given }, [fixed], later);
        expect(amended.added + amended.replaced + amended.unchanged).toBe(1);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(json, (given) => {
        expect(() => amendOpenVex(given, [fixed], later)).toThrow(SluiceError);
      }),
      { numRuns: 100 },
    );
  });
});
