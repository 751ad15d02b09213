import { describe, expect, test } from 'vitest';
import { read } from './forms.ts';

/** A product with a purl. */
function product(id: string, purl?: string): object {
  return { product_id: id, name: `name of ${id}`, ...(purl ? { product_identification_helper: { purl } } : {}) };
}

function relation(id: string, part: string, whole: string): object {
  return {
    category: 'default_component_of',
    full_product_name: { product_id: id, name: id },
    product_reference: part,
    relates_to_product_reference: whole,
  };
}

function csaf(tree: object, vulnerability: object, parts: object = {}): object {
  return {
    document: {
      csaf_version: '2.0',
      publisher: { name: 'ACME' },
      tracking: { id: 'doc', current_release_date: '2024-01-01T00:00:00Z' },
    },
    product_tree: tree,
    vulnerabilities: [{ cve: 'CVE-2024-1', ...vulnerability }],
    ...parts,
  };
}

describe('CSAF', () => {
  test('the lists of statuses are VEX statuses', () => {
    const lists = [
      'first_affected',
      'known_affected',
      'last_affected',
      'first_fixed',
      'fixed',
      'under_investigation',
      'recommended',
    ];
    const tree = { full_product_names: lists.map((list) => product(list, `pkg:npm/${list}`)) };
    const { statements } = read(
      csaf(tree, { product_status: Object.fromEntries(lists.map((list) => [list, [list]])) }),
    );
    expect(statements.map(({ status, products }) => `${products[0]?.ids[0]} ${status}`)).toEqual([
      'pkg:npm/known_affected affected',
      'pkg:npm/first_affected affected',
      'pkg:npm/last_affected affected',
      'pkg:npm/under_investigation under_investigation',
      'pkg:npm/fixed fixed',
      'pkg:npm/first_fixed fixed',
    ]);
  });

  test('relationships go around in no circle', () => {
    const tree = {
      full_product_names: [product('p', 'pkg:npm/p')],
      relationships: [relation('a', 'p', 'b'), relation('b', 'p', 'a'), relation('c', 'c', 'c')],
    };
    const { statements, unread } = read(csaf(tree, { product_status: { fixed: ['a', 'b', 'c', 'p'] } }));
    expect(statements.map(({ products }) => products)).toEqual([
      [{ ids: ['pkg:npm/p'], hashes: [], subcomponents: [] }],
    ]);
    expect(unread).toEqual([
      'vulnerability 1 (CVE-2024-1) names 3 products of the status fixed that are not in the product tree',
    ]);
  });

  test('a part of a part is a part of the whole', () => {
    const tree = {
      full_product_names: [
        product('os', 'pkg:oci/os'),
        product('layer', 'pkg:generic/layer'),
        product('lib', 'pkg:npm/lib'),
      ],
      relationships: [relation('os:layer', 'layer', 'os'), relation('os:layer:lib', 'lib', 'os:layer')],
    };
    const { statements } = read(csaf(tree, { product_status: { fixed: ['os:layer:lib'] } }));
    // A package inside of something else than a module is not known to be the package anywhere in the whole.
    expect(statements[0]?.products).toEqual([
      {
        ids: ['pkg:oci/os'],
        hashes: [],
        subcomponents: [{ ids: ['part of pkg:generic/layer: pkg:npm/lib'], hashes: [] }],
      },
    ]);
  });

  test('a module with its build is one', () => {
    const tree = {
      full_product_names: [
        product('os', 'pkg:generic/os'),
        product('m', 'pkg:rpmmod/redhat/perl@5.32:8090:abc'),
        product('p', 'pkg:rpm/redhat/perl@5.32-1.el8?arch=x86_64'),
      ],
      relationships: [relation('os:m', 'm', 'os'), relation('os:m:p', 'p', 'os:m')],
    };
    const { statements } = read(csaf(tree, { product_status: { fixed: ['os:m:p'] } }));
    expect(statements[0]?.products[0]?.subcomponents).toEqual([
      { ids: ['pkg:rpm/redhat/perl@5.32-1.el8?arch=x86_64&rpmmod=perl:5.32:8090:abc'], hashes: [] },
    ]);
  });

  test('a range of versions is not all of them, and a purl with a version is itself', () => {
    const tree = {
      branches: [
        {
          category: 'product_version_range',
          name: 'vers:npm/<2',
          branches: [{ category: 'product_name', name: 'x', product: product('r', 'pkg:npm/r') }],
        },
        { category: 'product_version_range', name: 'vers:npm/<3', product: product('v', 'pkg:npm/v@2.9') },
      ],
    };
    const { statements } = read(csaf(tree, { product_status: { fixed: ['r', 'v'] } }));
    expect(statements[0]?.products.map(({ ids }) => ids)).toEqual([
      ['versions vers:npm/<2 of pkg:npm/r'],
      ['pkg:npm/v@2.9'],
    ]);
  });

  test('a reason is told by product: flags, else threats, and no severity', () => {
    const tree = {
      full_product_names: ['a', 'b', 'c', 'd'].map((id) => product(id, `pkg:npm/${id}`)),
      product_groups: [{ group_id: 'g', product_ids: ['b'] }],
    };
    const { statements, unread } = read(
      csaf(tree, {
        product_status: { known_not_affected: ['a', 'b', 'c', 'd'] },
        flags: [
          { label: 'component_not_present', product_ids: ['a'], date: '2023-01-01T00:00:00Z' },
          { label: 'component_not_present', group_ids: ['g'], date: '2023-01-01T00:00:00Z' },
        ],
        threats: [
          { category: 'impact', details: 'Important', product_ids: ['c', 'd'] },
          { category: 'exploit_status', details: 'None.', product_ids: ['d'] },
          { category: 'impact', details: 'Not reachable.', product_ids: ['c'] },
        ],
      }),
    );
    expect(
      statements.map(({ products, justification, says, timestamp }) => [
        products.map(({ ids }) => ids[0]),
        justification,
        says,
        timestamp,
      ]),
    ).toEqual([
      [['pkg:npm/a', 'pkg:npm/b'], 'component_not_present', undefined, '2023-01-01T00:00:00Z'],
      [['pkg:npm/c'], undefined, 'Not reachable.', '2024-01-01T00:00:00Z'],
    ]);
    expect(unread).toEqual([
      'vulnerability 1 (CVE-2024-1) says not_affected without a justification or an impact statement, and is not gone by, for 1 products',
    ]);
  });

  test('nothing in it has to be there', () => {
    expect(read({ document: { csaf_version: '2.0' } })).toEqual({
      format: 'csaf',
      id: '',
      author: '',
      timestamp: '',
      statements: [],
      unread: [],
    });
  });
});
