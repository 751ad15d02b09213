import { describe, expect, test } from 'vitest';
import { openVexDocument, type VexClaim } from '../../../src/report/vex/openvex.ts';
import { openVexFaults } from './openvex-rules.ts';

const product = { '@id': 'pkg:npm/lodash@4.17.4', identifiers: { purl: 'pkg:npm/lodash@4.17.4' } };
const origin = { author: 'Shop team', timestamp: '2026-01-02T03:04:05Z', tooling: 'sluice 1.2.3' };
const claim: VexClaim = {
  names: ['CVE-2019-10744', 'GHSA-jf85-cpcp-j695'],
  products: [product],
  status: 'not_affected',
  justification: 'vulnerable_code_not_present',
  impact: 'The function is not in our build.',
};

describe('an OpenVEX document', () => {
  test('says what was decided, and nothing else', () => {
    const document = openVexDocument([claim], origin);
    expect(document).toEqual({
      '@context': 'https://openvex.dev/ns/v0.2.0',
      '@id': expect.stringMatching(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      author: 'Shop team',
      timestamp: '2026-01-02T03:04:05Z',
      version: 1,
      tooling: 'sluice 1.2.3',
      statements: [
        {
          vulnerability: { name: 'CVE-2019-10744', aliases: ['GHSA-jf85-cpcp-j695'] },
          products: [product],
          status: 'not_affected',
          justification: 'vulnerable_code_not_present',
          impact_statement: 'The function is not in our build.',
        },
      ],
    });
    expect(openVexFaults(document)).toEqual([]);
  });

  test('has an action where it is affected, and no aliases where there are none', () => {
    const { statements } = openVexDocument(
      [{ names: ['CVE-1'], products: [product], status: 'affected', action: 'update' }],
      origin,
    );
    expect(statements).toEqual([
      { vulnerability: { name: 'CVE-1' }, products: [product], status: 'affected', action_statement: 'update' },
    ]);
  });

  test('is named by what it says', () => {
    const id = (one: VexClaim, given = origin): string => openVexDocument([one], given)['@id'];
    const same = id(claim);
    expect(id({ ...claim })).toBe(same);
    const others = [
      id({ ...claim, names: ['CVE-2019-10744'] }),
      id({ ...claim, impact: 'Another reason.' }),
      id(claim, { ...origin, author: 'Another team' }),
      id(claim, { ...origin, timestamp: '2026-01-02T03:04:06Z' }),
    ];
    expect(new Set([same, ...others]).size).toBe(5);
  });
});
