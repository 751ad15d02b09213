import { SluiceError } from '../../util/error.ts';
import { decodeName } from './text.ts';

/** What a pax extended header changes (POSIX.1-2001 pax, and GNU tar's sparse keys). */
export interface PaxRecords {
  path?: string;
  link?: string;
  size?: number;
  uid?: number;
  gid?: number;
  sparse?: PaxSparse;
}

/** GNU tar's sparse formats 0.0, 0.1 and 1.0. */
export interface PaxSparse {
  major: number;
  minor: number;
  name?: string;
  realSize?: number;
  /** Offsets and lengths in turn, of formats 0.0 and 0.1. */
  map: number[];
}

/** Most stretches a sparse file may have: a map that is longer is an attack on memory. */
const maxSparseNumbers = 200_000;

/** Reads the records `LENGTH KEY=VALUE\n` of an extended header. @throws SluiceError `tar/pax` */
export function readPax(bytes: Buffer): PaxRecords {
  const records: PaxRecords = {};
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 || space - at > 10 ? Number.NaN : decimal(bytes.toString('latin1', at, space));
    const end = at + length;
    if (!(length > 0) || end > bytes.length || end <= space || bytes[end - 1] !== 0x0a) throw damaged();
    const equals = bytes.indexOf(0x3d, space);
    if (equals < 0 || equals >= end) throw damaged();
    apply(records, bytes.toString('latin1', space + 1, equals), bytes.subarray(equals + 1, end - 1));
    at = end;
  }
  return records;
}

function apply(records: PaxRecords, key: string, value: Buffer): void {
  // A NUL would cut the name for one reader and not for another, who would then see another file.
  if ((key === 'path' || key === 'linkpath' || key === 'GNU.sparse.name') && value.includes(0)) throw damaged();
  if (key === 'path') {
    if (value.length > 0) records.path = decodeName(value);
  } else if (key === 'linkpath') {
    if (value.length > 0) records.link = decodeName(value);
  } else if (key === 'size' || key === 'uid' || key === 'gid') {
    if (value.length > 0) records[key] = number(value);
  } else if (key.startsWith('GNU.sparse.')) {
    records.sparse ??= { major: 0, minor: 0, map: [] };
    applySparse(records.sparse, key.slice(11), value);
  }
}

function applySparse(sparse: PaxSparse, key: string, value: Buffer): void {
  if (key === 'major') sparse.major = number(value);
  else if (key === 'minor') sparse.minor = number(value);
  else if (key === 'name') sparse.name = decodeName(value);
  else if (key === 'size' || key === 'realsize') sparse.realSize = number(value);
  else if (key === 'offset' || key === 'numbytes') push(sparse, number(value));
  else if (key === 'map') {
    for (const part of value.toString('latin1').split(',', maxSparseNumbers + 1)) {
      if (part !== '') push(sparse, decimal(part));
    }
  }
}

function push(sparse: PaxSparse, value: number): void {
  if (sparse.map.length >= maxSparseNumbers || Number.isNaN(value)) throw damaged();
  sparse.map.push(value);
}

function number(value: Buffer): number {
  const parsed = value.length > 16 ? Number.NaN : decimal(value.toString('latin1'));
  if (Number.isNaN(parsed)) throw new SluiceError('tar/pax', 'a pax header holds a number that is none');
  return parsed;
}

/** A whole number in decimal digits, else NaN. */
export function decimal(text: string): number {
  if (text.length === 0 || text.length > 16) return Number.NaN;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

function damaged(): SluiceError {
  return new SluiceError('tar/pax', 'a pax header of the tar archive is damaged');
}
