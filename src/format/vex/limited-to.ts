import { parseReference } from '../../model/reference.ts';
import type { VexDocument, VexProduct, VexStatement } from '../../model/vex.ts';
import { type PurlTerms, purlTerms } from './purl-terms.ts';

/**
 * A document with only those products that are one of the packages `ids`, purls without a version; an image only at the
 * same repository. Whose package it is has no say in others: so a digest, which could be that of any image, counts for
 * nothing. What is left out is noted.
 */
export function limitedTo(document: VexDocument, ids: readonly string[]): VexDocument {
  const only = new Map<string, PurlTerms[]>();
  for (const terms of ids.map(purlTerms)) {
    const same = terms && only.get(terms.key);
    if (same) same.push(terms);
    else if (terms) only.set(terms.key, [terms]);
  }
  let left = 0;
  const statements = document.statements.flatMap((statement): VexStatement[] => {
    const products = statement.products.filter((product) => isAbout(product, only));
    left += statement.products.length - products.length;
    if (products.length === 0) return [];
    return [{ ...statement, products: products.map((product) => ({ ...product, hashes: [] })) }];
  });
  if (left === 0) return { ...document, statements };
  const line = `${left} products are not ${ids.join(', ').slice(0, 200)}, which the document is listed for`;
  return { ...document, statements, unread: [...document.unread, line] };
}

/** Every purl must be the package's: of two, either could be the one that is gone by. */
function isAbout({ ids }: VexProduct, only: ReadonlyMap<string, readonly PurlTerms[]>): boolean {
  const named = ids.map(purlTerms);
  const listed = only.get(named[0]?.key ?? '') ?? [];
  return listed.some((one) => named.every((product) => isListed(product, one)));
}

function isListed(product: PurlTerms | undefined, listed: PurlTerms): boolean {
  if (product?.key !== listed.key || product.version?.startsWith('sha256:')) return false;
  return samePlace(product, listed);
}

function samePlace(a: PurlTerms, b: PurlTerms): boolean {
  const place = b.qualifiers.repository_url;
  return place === undefined || placeOf(a.qualifiers.repository_url) === placeOf(place);
}

function placeOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    const { registry, repository } = parseReference(text.replace(/^https?:\/\//, ''));
    return `${registry}/${repository}`;
  } catch {
    return text;
  }
}
