import type { Finding } from '../../model/finding.ts';
import { type Publication, publicationOf } from '../text-advisory.ts';
import { plainText } from './text.ts';

/** A name of a flaw, as GitLab's security reports write it (schemas 15, `identifiers`). */
export interface Identifier {
  readonly type: string;
  readonly name: string;
  readonly value: string;
  readonly url?: string;
}

/** Most identifiers of one vulnerability that GitLab keeps. */
const identifiersKept = 20;

/** Longest id that is told, in characters. */
const longestId = 255;

/** Types that GitLab knows, by how their ids begin; every other id is one of the OSV database. */
const types: readonly (readonly [RegExp, string])[] = [
  [/^CVE-/, 'cve'],
  [/^GHSA-/, 'ghsa'],
  [/^USN-/, 'usn'],
  [/^RHSA-/, 'rhsa'],
  [/^ELSA-/, 'elsa'],
];

/** All names of a flaw, its own first: that one is GitLab's primary identifier, by which it tracks the flaw. */
export function identifiersOf({ id, aliases, advisories, cwes }: Finding): Identifier[] {
  const ids = [...new Set([id, ...aliases, ...advisories])].filter((one) => one.trim() !== '');
  const names = (ids.length === 0 ? ['unnamed'] : ids).map(identifierOf);
  return [...names, ...cwes.flatMap(weaknessOf)].slice(0, identifiersKept);
}

/** Pages on a flaw: its own, and those of the records that matched. */
export function linksOf({ id, advisories }: Finding): { readonly name: string; readonly url: string }[] {
  const byUrl = new Map<string, Publication>();
  for (const one of [id, ...advisories]) {
    if (one.trim() === '') continue;
    const publication = publicationOf(one);
    byUrl.set(publication.url, publication);
  }
  return [...byUrl.values()].slice(0, identifiersKept).map(({ publisher, url }) => ({ name: publisher, url }));
}

function identifierOf(id: string): Identifier {
  const type = types.find(([begins]) => begins.test(id))?.[1] ?? 'osv';
  const name = plainText(id, longestId);
  return { type, name, value: name, url: publicationOf(id).url };
}

function weaknessOf(cwe: string): Identifier[] {
  const number = /^CWE-(\d{1,6})$/.exec(cwe)?.[1];
  if (number === undefined) return [];
  const url = `https://cwe.mitre.org/data/definitions/${number}.html`;
  return [{ type: 'cwe', name: cwe, value: number, url }];
}
