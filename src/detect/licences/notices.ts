import { expressionOf, noAssertion } from './expression.ts';

/** Characters in which notices are looked for: who names licences instead of giving their texts does so early. */
const longestLook = 200_000;
/** Characters behind the name of a licence in which its version stands. */
const reach = 260;
/** Most notices that are looked at. */
const mostNotices = 200;

const gnuName =
  /gnu (lesser general public|library general public|library or lesser general public|affero general public|general public|free documentation) licen[cs]e/g;
const gnuIds: Readonly<Record<string, string>> = {
  'lesser general public': 'LGPL',
  'library general public': 'LGPL',
  'library or lesser general public': 'LGPL',
  'affero general public': 'AGPL',
  'general public': 'GPL',
  'free documentation': 'GFDL',
};

/** What names a licence without more ado. */
const plain: readonly (readonly [words: RegExp, expression: string])[] = [
  [/apache\.org\/licenses\/license-2\.0|apache license,? (?:version )?2\.0|common-licenses\/apache-2\.0/, 'Apache-2.0'],
  [/mozilla public license,? (?:v\.?|version) ?2\.0|mozilla\.org\/mpl\/2\.0|common-licenses\/mpl-2\.0/, 'MPL-2.0'],
  [/mozilla public license,? (?:v\.?|version) ?1\.1|common-licenses\/mpl-1\.1/, 'MPL-1.1'],
  [/boost\.org\/license_1_0/, 'BSL-1.0'],
  [
    /(?:same|these) terms as perl|under the terms of either.{0,200}artistic licen[cs]e/,
    'Artistic-1.0-Perl OR GPL-1.0-or-later',
  ],
  [/common-licenses\/artistic/, 'Artistic-1.0-Perl'],
  [/common-licenses\/bsd/, 'BSD-3-Clause'],
  [/common-licenses\/cc0-1\.0|creativecommons\.org\/publicdomain\/zero\/1\.0/, 'CC0-1.0'],
  [/creativecommons\.org\/licenses\/by-sa\/4\.0/, 'CC-BY-SA-4.0'],
  [/creativecommons\.org\/licenses\/by-sa\/3\.0/, 'CC-BY-SA-3.0'],
  [/creativecommons\.org\/licenses\/by\/4\.0/, 'CC-BY-4.0'],
  [/creativecommons\.org\/licenses\/by\/3\.0/, 'CC-BY-3.0'],
  [/(?:under|is|the) (?:the )?(?:terms of the )?mit licen[cs]e|opensource\.org\/licenses\/mit\b/, 'MIT'],
];

/** Where nothing else is named. */
const last: readonly (readonly [words: RegExp, expression: string])[] = [
  [/(?:in|into|to) the public domain|public domain software/, 'LicenseRef-public-domain'],
];

/** Licences that a text names without giving their words, as SPDX expressions. `gnu`: whether those of GNU are looked for. */
export function findNotices(text: string, gnu: boolean): readonly string[] {
  const tags = [...text.slice(0, longestLook).matchAll(/SPDX-License-Identifier:[ \t]*([^\n\r]{1,200})/g)]
    .slice(0, mostNotices)
    .map(([, stated = '']) => expressionOf(stated.replace(/\*\/.*$|-->.*$/, '').trim()))
    .filter((one) => one !== noAssertion);
  if (tags.length > 0) return [...new Set(tags)];
  const words = text
    .slice(0, longestLook)
    .toLowerCase()
    .replace(/[\s*#>"`']+/g, ' ');
  const found = new Set(gnu ? gnuNotices(words) : []);
  for (const [form, expression] of plain) if (form.test(words)) found.add(expression);
  // Who offers Perl's own terms names both of its licences, and either will do.
  if (found.has('Artistic-1.0-Perl OR GPL-1.0-or-later')) {
    for (const one of [...found]) if (/^GPL-1|^Artistic-1.0-Perl$/.test(one)) found.delete(one);
  }
  if (found.size === 0) for (const [form, expression] of last) if (form.test(words)) found.add(expression);
  return [...found];
}

/** Each licence of GNU that is named with its version; without one, what the copy is called that is referred to. */
function gnuNotices(words: string): string[] {
  const found = new Map<string, Set<string>>();
  const bare = new Set<string>();
  let left = mostNotices;
  for (const match of words.matchAll(gnuName)) {
    if (left-- === 0) break;
    const id = gnuIds[match[1] ?? ''] ?? 'GPL';
    const from = match.index + match[0].length;
    const behind = untilNextName(words.slice(from, from + reach));
    const before = words.slice(Math.max(0, match.index - 40), match.index);
    const version =
      /\bv(?:ersion)?\.? ?(\d(?:\.\d)?)/.exec(behind)?.[1] ?? /version (\d(?:\.\d)?) of the $/.exec(before)?.[1];
    if (version === undefined) bare.add(id);
    else {
      const later = /any later|or later|later version|or newer/.test(behind);
      const stated = expressionOf(`${id}-${version}${later ? '+' : ''}`);
      if (stated !== noAssertion) found.set(id, (found.get(id) ?? new Set()).add(stated));
    }
  }
  for (const match of words.matchAll(/common-licenses\/((?:l?gpl|gfdl)(?:-\d(?:\.\d)?)?)/g)) {
    const [, name = ''] = match;
    const id = (name.split('-')[0] ?? '').toUpperCase();
    if (!found.has(id)) found.set(id, new Set([expressionOf(name)]));
  }
  for (const id of bare) if (!found.has(id)) found.set(id, new Set([expressionOf(id)]));
  return [...found.values()].flatMap((one) => [...one]);
}

/** What follows up to the next name: the version of that one is not this one's. */
function untilNextName(text: string): string {
  const next = text.search(/gnu (?:lesser|library|affero|general|free)/);
  return next < 0 ? text : text.slice(0, next);
}
