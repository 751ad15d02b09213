import { describe, expect, test } from 'vitest';
import { mayBeVex } from '../../../src/format/vex/envelope.ts';
import { parseVexOf } from '../../../src/format/vex/parse-vex.ts';
import { codeOf, fixed, openVex, read } from './forms.ts';

const hex = '4'.repeat(64);
const { products: _none, ...bare } = fixed;

function statement(predicate: unknown, parts: object = {}): object {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'registry.example/shop', digest: { sha256: hex } }],
    predicateType: 'https://openvex.dev/ns/v0.2.0',
    predicate,
    ...parts,
  };
}

function envelope(payload: unknown): object {
  return {
    payloadType: 'application/vnd.in-toto+json',
    payload: Buffer.from(JSON.stringify(payload)).toString('base64'),
    signatures: [{ sig: 'AA==' }],
  };
}

const ofSubject = [{ ids: [], hashes: [`sha256:${hex}`], subcomponents: [] }];

describe('an attestation', () => {
  test.each([
    ['an in-toto statement', statement(openVex([bare]))],
    ['a DSSE envelope', envelope(statement(openVex([bare])))],
    [
      'a sigstore bundle',
      {
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        dsseEnvelope: envelope(statement(openVex([bare]))),
      },
    ],
    ["cosign's wrapping", statement({ Data: openVex([bare]), Timestamp: '' })],
  ])('as %s is about its subjects where it names no product', (_what, value) => {
    expect(read(value).statements.map(({ products }) => products)).toEqual([ofSubject]);
  });

  test('its subjects go before what else it may be about, unless that is the same', () => {
    const about = { ids: ['x'], hashes: [] };
    const bytes = Buffer.from(JSON.stringify(statement(openVex([bare]))));
    expect(parseVexOf(bytes, [about]).document.statements[0]?.products).toEqual(ofSubject);
    expect(parseVexOf(bytes, [about], () => true).document.statements[0]?.products).toEqual([
      { ...about, subcomponents: [] },
    ]);
    expect(parseVexOf(bytes, [about], () => true).subjects).toEqual([{ ids: [], hashes: [`sha256:${hex}`] }]);
  });

  test('CycloneDX may be in it as well', () => {
    const cdx = {
      bomFormat: 'CycloneDX',
      components: [{ 'bom-ref': 'a', purl: 'pkg:npm/a' }],
      vulnerabilities: [{ id: 'CVE-1', analysis: { state: 'resolved' }, affects: [{ ref: 'a' }] }],
    };
    expect(read(statement(cdx, { predicateType: 'https://cyclonedx.org/bom' })).format).toBe('cyclonedx');
  });

  test.each([
    ['a payload that is no base64', { payloadType: 'x', payload: '{}' }, 'vex/envelope'],
    ['a payload that is no JSON', { payloadType: 'x', payload: 'AAAA' }, 'json/malformed'],
    ['a payload that is no object', envelope(5), 'vex/envelope'],
    ['an envelope without a statement', envelope(openVex([fixed])), 'vex/envelope'],
    ['an envelope in an envelope', envelope(envelope(statement(openVex([fixed])))), 'vex/envelope'],
    ['a statement without a predicate', statement(undefined), 'vex/envelope'],
    [
      'a predicate of another type',
      statement({ builder: {} }, { predicateType: 'https://slsa.dev/provenance/v1' }),
      'vex/unknown',
    ],
  ])('%s is refused', (_what, value, code) => {
    expect(codeOf(() => read(value))).toBe(code);
  });

  test('types of predicates that may be VEX', () => {
    const types = [
      'https://openvex.dev/ns',
      'https://openvex.dev/ns/v0.2.0',
      'https://cyclonedx.org/bom',
      'https://spdx.dev/Document',
      'https://slsa.dev/provenance/v1',
    ];
    expect(types.map(mayBeVex)).toEqual([true, true, true, false, false]);
  });
});
