// What is known of the SPDX licence list: the ids with their names, and the texts as hashes of runs of words, by which the
// text of a licence is told from a file. The list is the package spdx-license-list; no text of it is kept.
import { createRequire } from 'node:module';
import { bundled } from './bundled.mjs';

const require = createRequire(import.meta.url);
const head = '// Written by `npm run gen`: do not edit.';

/** Hashes that are kept of a text at most; of longer ones every second, fourth … is. */
const most = 250;
/** Texts of fewer hashes than this say nothing. */
const least = 12;

/** The generated files by their paths below src/. */
export async function licenceFiles() {
  const list = require('spdx-license-list/full.js');
  const usable = new Set(require('spdx-license-ids'));
  const { shinglesOf } = await bundled({ entryPoints: ['src/detect/licences/words.ts'] });
  const { keyOf } = await bundled({ entryPoints: ['src/detect/licences/name-key.ts'] });
  const entries = Object.entries(list).filter(([id]) => usable.has(id));
  const texts = textsOf(entries, shinglesOf);
  const ids = [...texts.keys()].sort();
  return new Map([
    ['detect/licences/texts.gen.ts', textFile(ids, texts)],
    ['detect/licences/names.gen.ts', nameFile(entries, keyOf)],
  ]);
}

/** The sampled hashes of each text, by the id that stands for it. */
function textsOf(entries, shinglesOf) {
  const groups = new Map();
  for (const [id, { licenseText }] of entries) {
    for (const [nth, text] of wordings(id, licenseText).entries()) {
      const hashes = [...new Set(shinglesOf(Buffer.from(text)))].sort((a, b) => a - b);
      if (hashes.length < least) continue;
      const group = groups.get(hashes.join()) ?? { ids: [], hashes };
      group.ids.push(nth === 0 ? id : `${id}#${nth}`);
      groups.set(hashes.join(), group);
    }
  }
  const texts = new Map();
  for (const { ids, hashes } of groups.values()) {
    let part = 1;
    while (hashes.length / part > most) part *= 2;
    const kept = hashes.filter((hash) => hash >>> 24 < 256 / part);
    texts.set(chosen(ids), { part, hashes: kept });
  }
  return texts;
}

/** Where the terms end and only advice follows, which many files leave out. */
const endOfTerms = /^\s*END OF TERMS AND CONDITIONS/m;

/** The terms alone. The list appends the GPL to the LGPL 3.0, which is told without it in most files. */
function ownText(id, text) {
  const appended = id.startsWith('LGPL-3.0') ? text.indexOf('GNU GENERAL PUBLIC LICENSE\n') : -1;
  const terms = appended > 0 ? text.slice(0, appended) : text;
  const end = terms.search(endOfTerms);
  return end > terms.length / 2 ? terms.slice(0, end) : terms;
}

/** The texts of an id: the list's, and where that names one maker in its clauses, as everybody else has it. */
function wordings(id, text) {
  const own = ownText(id, text);
  const plain = id === 'ISC' ? own.replace(/\bISC (?=DISCLAIMS|BE LIABLE)/g, 'THE AUTHOR ') : own;
  return [...new Set([own, plain])];
}

/** Of several ids with one text: the version alone where there is such a one, else the shortest. */
function chosen(ids) {
  const only = ids.filter((id) => id.endsWith('-only') && !id.includes('invariants'));
  return (only.length > 0 ? only : ids).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0];
}

/** As src/detect/licences/texts.ts reads it: by bucket, three bytes for each hash with the set of texts that hold it. */
function textFile(ids, texts) {
  const byKey = new Map();
  for (const [number, id] of ids.entries()) {
    for (const hash of texts.get(id).hashes) {
      const key = hash & 0xffffff;
      const held = byKey.get(key) ?? [];
      if (held.at(-1) !== number) held.push(number);
      byKey.set(key, held);
    }
  }
  const sizes = ids.map(() => 0);
  for (const held of byKey.values()) for (const number of held) sizes[number]++;
  const sets = new Map();
  for (const held of byKey.values()) sets.set(held.join(), sets.get(held.join()) ?? sets.size);
  if (sets.size > 1 << 14) throw new Error('there are more sets of licence texts than a hash has bits for');
  const members = [...sets.keys()].map((name) => name.split(',').map(Number));
  const starts = [0];
  for (const set of members) starts.push(starts.at(-1) + set.length);
  if (starts.at(-1) > 0xffff) throw new Error('the sets of licence texts have more members than fit');
  const filled = Buffer.alloc(1 << 14);
  const entries = [...byKey.keys()].sort((a, b) => a - b);
  const bytes = Buffer.alloc(entries.length * 3);
  for (const [place, key] of entries.entries()) {
    if (++filled[key >>> 10] === 0) throw new Error('a bucket of licence texts is too full');
    bytes.writeUIntBE(((key & 0x3ff) << 14) | sets.get(byKey.get(key).join()), place * 3, 3);
  }
  const tables = [
    ['An SPDX id for each text; one may have several.', 'textIds', ids.map((id) => id.replace(/#.*$/, '')).join(' ')],
    [
      'Every which hash of each text is kept, as a power of two.',
      'textParts',
      ids.map((id) => Math.log2(texts.get(id).part)).join(''),
    ],
    ['How many hashes are kept of each text.', 'textSizes', shorts(sizes)],
    ['Where each set of texts begins.', 'setStarts', shorts(starts)],
    ['The texts of each set.', 'setMembers', shorts(members.flat())],
    ['How many hashes are in each bucket.', 'filled', filled.toString('base64')],
    ['The rest of each hash, and the set of texts that hold it.', 'entries', bytes.toString('base64')],
  ];
  return [
    head,
    ...tables.flatMap(([doc, name, text]) => ['', `/** ${doc} */`, `export const ${name} = '${text}';`]),
    '',
  ].join('\n');
}

/** Numbers of 16 bits, the low byte first. */
function shorts(numbers) {
  return Buffer.from(Uint16Array.from(numbers).buffer).toString('base64');
}

/** The ids, and by the words of their names what is not known by the id alone. */
function nameFile(entries, keyOf) {
  const byKey = new Map();
  for (const [id, { name }] of entries) {
    // Of licences with one name the version alone is meant.
    const key = keyOf(name);
    if (!byKey.has(key) || id.endsWith('-only')) byKey.set(key, id);
  }
  for (const [id] of entries) byKey.set(keyOf(id), id);
  const lines = [...byKey].filter(([key]) => key !== '').map(([key, id]) => `${key}\t${id}`);
  const ids = entries.map(([id]) => id).sort();
  return [
    head,
    '',
    '/** The ids of the SPDX licence list that are not deprecated. */',
    `export const licenceIds = '${ids.join(' ')}';`,
    '',
    '/** What ids and names of the list come to (name-key.ts), each with its id, a line each. */',
    `export const licenceKeys = ${JSON.stringify(lines.sort().join('\n'))};`,
    '',
  ].join('\n');
}
