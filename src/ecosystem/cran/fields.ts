import { textLines } from '../../util/text-lines.ts';

/** Fields that are kept; a description and the authors' names are most of such a file. */
const wanted = new Set([
  'Package',
  'Version',
  'License',
  'Priority',
  'Depends',
  'Imports',
  'Requires',
  'Built',
  'PackratFormat',
]);

/**
 * The records of a file in R's DCF (R's help page "read.dcf"): `Field: value`, lines that start with a blank go on with
 * it, and an empty line ends a record. The first of each field counts.
 */
export function* readRecords(bytes: Buffer): Generator<ReadonlyMap<string, string>, void, undefined> {
  let record = new Map<string, string>();
  let field = '';
  let pieces: string[] = [];
  const finish = (): void => {
    if (field !== '' && !record.has(field)) record.set(field, pieces.join(' ').trim());
    field = '';
  };
  for (const line of textLines(decoded(bytes))) {
    if (line.trim() === '') {
      finish();
      if (record.size > 0) yield record;
      record = new Map();
    } else if (line.startsWith(' ') || line.startsWith('\t')) {
      if (field !== '') pieces.push(line.trim());
    } else {
      finish();
      const cut = line.indexOf(':');
      const key = line.slice(0, Math.max(cut, 0));
      if (!wanted.has(key)) continue;
      field = key;
      pieces = [line.slice(cut + 1).trim()];
    }
  }
  finish();
  if (record.size > 0) yield record;
}

/** UTF-8, as most packages declare it; what isn't is taken for Latin-1. */
function decoded(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}
