import { expect, test } from 'vitest';
import { limitedTo } from '../../../src/format/vex/limited-to.ts';
import type { VexDocument, VexProduct } from '../../../src/model/vex.ts';

function product(...ids: string[]): VexProduct {
  return { ids, hashes: ['sha256:ab'], subcomponents: [{ ids: ['pkg:npm/part'], hashes: [] }] };
}

/** The first names of the products that are left, and what is noted. */
function left(ids: readonly string[], products: readonly VexProduct[]): unknown {
  const document: VexDocument = {
    format: 'openvex',
    id: 'x',
    author: '',
    timestamp: '',
    statements: [{ vulnerabilities: ['CVE-1'], status: 'fixed', products, timestamp: '' }],
    unread: ['before'],
  };
  const { statements, unread } = limitedTo(document, ids);
  return [statements.flatMap((statement) => statement.products.map((one) => [one.ids[0], one.hashes.length])), unread];
}

test('whose package it is has no say in others', () => {
  const products = [
    product('pkg:golang/a.com/b@v1'),
    product('pkg:golang/a.com/c'),
    product('pkg:golang/a.com/b', 'pkg:npm/x'),
    product('text'),
  ];
  expect(left(['pkg:golang/a.com/B'], products)).toEqual([
    [['pkg:golang/a.com/b@v1', 0]],
    ['before', '3 products are not pkg:golang/a.com/B, which the document is listed for'],
  ]);
  expect(left(['pkg:golang/a.com/b', 'pkg:golang/a.com/c'], products.slice(0, 2))).toEqual([
    [
      ['pkg:golang/a.com/b@v1', 0],
      ['pkg:golang/a.com/c', 0],
    ],
    ['before'],
  ]);
});

test('an image is one of its own repository, and by no digest: that could be of any', () => {
  const products = [
    product('pkg:oci/app?repository_url=docker.io/team/app&tag=1'),
    product('pkg:oci/app?repository_url=other.example/team/app'),
    product('pkg:oci/app'),
    product(`pkg:oci/app@sha256:${'1'.repeat(64)}?repository_url=docker.io/team/app`),
  ];
  const line =
    '3 products are not pkg:oci/app?repository_url=index.docker.io/team/app, which the document is listed for';
  expect(left(['pkg:oci/app?repository_url=index.docker.io/team/app'], products)).toEqual([
    [['pkg:oci/app?repository_url=docker.io/team/app&tag=1', 0]],
    ['before', line],
  ]);
});

test('without products nothing is left of a statement', () => {
  expect(left(['pkg:npm/none'], [product('pkg:npm/a')])).toEqual([
    [],
    ['before', '1 products are not pkg:npm/none, which the document is listed for'],
  ]);
});
