import { describe, expect, test } from 'vitest';
import { fixed, openVex, read } from './forms.ts';

describe('OpenVEX', () => {
  test.each([
    'https://openvex.dev/ns',
    'https://openvex.dev/ns/v0.2.0',
    'https://openvex.dev/ns/v0.0.1',
    ['https://example.com/ns', 'https://openvex.dev/ns/v0.2.0'],
  ])('is told by its context %j', (context) => {
    expect(read(openVex([fixed], { '@context': context })).statements).toHaveLength(1);
  });

  test("a statement's time goes before the document's, and the newer of its two counts", () => {
    const times = [
      {},
      { timestamp: '2024-02-01T00:00:00+01:00' },
      { timestamp: '2024-02-01T00:00:00Z', last_updated: '2024-03-01T00:00:00Z' },
      { timestamp: 'yesterday' },
    ];
    const document = read(
      openVex(
        times.map((time) => ({ ...fixed, ...time })),
        { last_updated: '2024-05-01T00:00:00Z' },
      ),
    );
    expect([document.timestamp, ...document.statements.map(({ timestamp }) => timestamp)]).toEqual([
      '2024-05-01T00:00:00Z',
      '2024-01-01T00:00:00Z',
      '2024-01-31T23:00:00Z',
      '2024-03-01T00:00:00Z',
      '2024-01-01T00:00:00Z',
    ]);
  });

  test('no time at all is an empty one', () => {
    const document = read(openVex([fixed], { timestamp: 5 }));
    expect([document.timestamp, document.statements[0]?.timestamp]).toEqual(['', '']);
  });

  test('a statement without products is about what the document is about', () => {
    const { products: _none, ...bare } = fixed;
    const about = { ids: [], hashes: ['sha256:ab'] };
    const { statements } = read(openVex([bare, fixed]), [about]);
    expect(statements.map(({ products }) => products)).toEqual([
      [{ ...about, subcomponents: [] }],
      [{ ids: ['pkg:npm/a'], hashes: [], subcomponents: [] }],
    ]);
  });

  test('identifiers are sorted by what they are, each once', () => {
    const product = {
      '@id': 'urn:x',
      identifiers: { cpe22: 'cpe:/a:x', purl: 'pkg:npm/a', cpe23: 'cpe:2.3:a:x', other: 'y' },
      hashes: {
        sha256: 'AB'.repeat(32),
        'SHA-512': 'c'.repeat(128),
        'sha3-256': 'd'.repeat(64),
        md5: 'no hex',
        crc: '1',
      },
    };
    const twice = { ...product, '@id': 'pkg:npm/a' };
    const { statements } = read(openVex([{ ...fixed, products: [product, twice] }]));
    const hashes = [`sha256:${'ab'.repeat(32)}`, `sha512:${'c'.repeat(128)}`, `sha3-256:${'d'.repeat(64)}`];
    const ids = ['pkg:npm/a', 'cpe:2.3:a:x', 'cpe:/a:x'];
    expect(statements[0]?.products).toEqual([
      { ids: [...ids, 'urn:x'], hashes, subcomponents: [] },
      { ids, hashes, subcomponents: [] },
    ]);
  });

  test('a reason is a justification that is known, or an impact statement', () => {
    const say = (parts: object): unknown => {
      const { statements, unread } = read(openVex([{ ...fixed, status: 'not_affected', ...parts }]));
      return [statements[0]?.justification, statements[0]?.says, unread.length];
    };
    expect(say({})).toEqual([undefined, undefined, 1]);
    expect(say({ justification: 'component_not_present' })).toEqual(['component_not_present', undefined, 0]);
    expect(say({ impact_statement: 'No.' })).toEqual([undefined, 'No.', 0]);
    expect(say({ justification: 'sure', impact_statement: 'No.' })).toEqual([undefined, 'No.', 1]);
    expect(say({ justification: 'sure' })).toEqual([undefined, undefined, 2]);
    expect(say({ action_statement: 'Update.' })).toEqual([undefined, undefined, 1]);
    expect(say({ status_notes: 'Nothing.' })).toEqual([undefined, undefined, 1]);
    expect(say({ impact_statement: '   ' })).toEqual([undefined, undefined, 1]);
  });

  test('names of a flaw are its name, its aliases and the one in its address', () => {
    const names = (vulnerability: unknown): unknown =>
      read(openVex([{ ...fixed, vulnerability }])).statements[0]?.vulnerabilities;
    expect(names('CVE-1')).toEqual(['CVE-1']);
    expect(
      names({ '@id': 'https://nvd.nist.gov/vuln/detail/CVE-2020-1', aliases: ['GHSA-x', 5, 'CVE-2020-1'] }),
    ).toEqual(['CVE-2020-1', 'GHSA-x']);
    expect(names({ '@id': 'https://example.com/page', name: 'CVE-3' })).toEqual(['CVE-3']);
    expect(names({ '@id': 'https://example.com/page' })).toEqual(undefined);
    expect(names(['CVE-1'])).toEqual(undefined);
  });

  test('what has no list of statements says nothing', () => {
    expect(read(openVex({})).unread).toEqual(['the document has no list of statements']);
    expect(read(openVex([5])).unread).toEqual(['statement 1 names no vulnerability']);
  });

  test('control characters stay out of what is told', () => {
    const { unread } = read(openVex([{ ...fixed, vulnerability: 'CVE\u001b[31m\n1', status: 'x' }]));
    expect(unread).toEqual(['statement 1 (CVE\\x1b[31m\\x0a1) has no status that is known']);
  });

  test('a hundred lines are kept of what could not be read', () => {
    const { unread } = read(openVex(Array.from({ length: 250 }, () => ({}))));
    expect([unread.length, unread.at(-1)]).toEqual([101, 'and 150 more']);
  });
});
