import { describe, expect, test } from 'vitest';
import { codeOf, read } from './forms.ts';

function bom(vulnerability: object, parts: object = {}): object {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    components: [{ 'bom-ref': 'a', purl: 'pkg:npm/a@1.0.0' }],
    vulnerabilities: [{ id: 'CVE-2024-1', affects: [{ ref: 'a' }], ...vulnerability }],
    ...parts,
  };
}

describe('CycloneDX', () => {
  test.each([
    ['resolved', 'fixed'],
    ['resolved_with_pedigree', 'fixed'],
    ['exploitable', 'affected'],
    ['in_triage', 'under_investigation'],
    ['false_positive', 'not_affected'],
  ])('the state %s is %s', (state, status) => {
    expect(read(bom({ analysis: { state } })).statements[0]?.status).toBe(status);
  });

  test.each([
    ['code_not_present', 'vulnerable_code_not_present'],
    ['code_not_reachable', 'vulnerable_code_not_in_execute_path'],
    ['protected_by_mitigating_control', 'inline_mitigations_already_exist'],
    ['protected_at_perimeter', 'protected_at_perimeter'],
    ['requires_configuration', 'requires_configuration'],
  ])('the justification %s is %s', (justification, word) => {
    expect(read(bom({ analysis: { state: 'not_affected', justification } })).statements[0]?.justification).toBe(word);
  });

  test('a justification that is not known is none', () => {
    expect(read(bom({ analysis: { state: 'not_affected', justification: 'trust_me' } }))).toMatchObject({
      statements: [],
      unread: [
        'vulnerability 1 (CVE-2024-1) has a justification that is not known: "trust_me"',
        'vulnerability 1 (CVE-2024-1) says not_affected without a justification or an impact statement, and is not gone by',
      ],
    });
  });

  test('without a word on what the document is about, the component is the product', () => {
    expect(read(bom({ analysis: { state: 'resolved' } })).statements[0]?.products).toEqual([
      { ids: ['pkg:npm/a@1.0.0'], hashes: [], subcomponents: [] },
    ]);
  });

  test.each([
    [
      'an image by its version',
      { type: 'container', name: 'shop', version: `sha256:${'1'.repeat(64)}` },
      ['shop'],
      [`sha256:${'1'.repeat(64)}`],
    ],
    ['an image by its tag', { type: 'container', name: 'host/shop', version: '1.0' }, ['host/shop:1.0'], []],
    ['something without a name', { type: 'application' }, ['something without a name'], []],
    ['an application', { type: 'application', name: 'shop', version: '1.0' }, ['shop 1.0'], []],
    [
      'a purl',
      { type: 'application', name: 'shop', version: '1.0', purl: 'pkg:oci/shop' },
      ['pkg:oci/shop', 'shop 1.0'],
      [],
    ],
    [
      'an image that sluice listed',
      {
        type: 'container',
        name: 'x',
        properties: [
          { name: 'sluice:kind', value: 'image' },
          { name: 'sluice:image:digest', value: `sha256:${'3'.repeat(64)}` },
        ],
      },
      ['x'],
      [`sha256:${'3'.repeat(64)}`],
    ],
  ])('it may be about %s', (_what, component, ids, hashes) => {
    const { statements } = read(bom({ analysis: { state: 'resolved' } }, { metadata: { component } }));
    expect(statements[0]?.products).toEqual([
      { ids, hashes, subcomponents: [{ ids: ['pkg:npm/a@1.0.0'], hashes: [] }] },
    ]);
  });

  test.each([
    ['urn:cdx:1e671687-395b-41f5-a30f-a58921a69b79/1#a', ['pkg:npm/a@1.0.0']],
    ['urn:cdx:1e671687-395b-41f5-a30f-a58921a69b79/1#pkg:npm/b@2.0.0?x=%20', ['pkg:npm/b@2.0.0?x=%20']],
    ['urn:cdx:1e671687-395b-41f5-a30f-a58921a69b79/1#pkg%3Anpm%2Fb%402.0.0', ['pkg:npm/b@2.0.0']],
    ['pkg:npm/c@3', ['pkg:npm/c@3']],
  ])('the reference %s leads to %j', (ref, ids) => {
    const document = bom(
      { analysis: { state: 'resolved' }, affects: [{ ref }] },
      { serialNumber: 'urn:uuid:1E671687-395b-41f5-a30f-a58921a69b79' },
    );
    expect(read(document).statements[0]?.products.map((product) => product.ids)).toEqual([ids]);
  });

  test('into another document: what is there is a part of what that one is about, or of what this one is', () => {
    const ref = 'urn:cdx:2e671687-395b-41f5-a30f-a58921a69b79/1#pkg:npm/b@2.0.0';
    const parts = { analysis: { state: 'resolved' }, affects: [{ ref }] };
    const subcomponents = [{ ids: ['pkg:npm/b@2.0.0'], hashes: [] }];
    const image = { ids: [], hashes: [`sha256:${'3'.repeat(64)}`] };
    const component = { type: 'container', name: 'shop', version: '1' };
    const products = [
      read(bom(parts)),
      read(bom(parts), [image]),
      read(bom(parts, { metadata: { component } }), [image]),
    ].map(({ statements }) => statements[0]?.products);
    expect(products).toEqual([
      [{ ids: ['urn:cdx:2e671687-395b-41f5-a30f-a58921a69b79/1'], hashes: [], subcomponents }],
      [{ ...image, subcomponents }],
      [{ ids: ['shop:1'], hashes: [], subcomponents }],
    ]);
  });

  test('one that leads nowhere is told', () => {
    const { statements, unread } = read(
      bom({ analysis: { state: 'resolved' }, affects: [{ ref: 'urn:cdx:x/1#y' }, {}] }),
    );
    expect([statements, unread]).toEqual([
      [],
      [
        'vulnerability 1 (CVE-2024-1) refers to "urn:cdx:x/1#y", which is not in the document',
        'vulnerability 1 (CVE-2024-1) refers to "", which is not in the document',
        'vulnerability 1 (CVE-2024-1) affects nothing that is identified',
      ],
    ]);
  });

  test('a bill of materials without an analysis is no VEX', () => {
    expect(codeOf(() => read(bom({ ratings: [] })))).toBe('vex/no-analysis');
    expect(codeOf(() => read({ bomFormat: 'CycloneDX' }))).toBe('vex/no-analysis');
  });
});
