import { SluiceError } from '../../util/error.ts';
import { capabilitiesIn, capabilityRecord } from './capabilities.ts';
import { decodeName } from './text.ts';

/** What a pax extended header changes (POSIX.1-2001 pax, and GNU tar's sparse keys). */
export interface PaxRecords {
  path?: string;
  link?: string;
  size?: number;
  uid?: number;
  gid?: number;
  sparse?: PaxSparse;
  /** As {@link capabilitiesIn} gives them. */
  capabilities?: string;
}

/** The records of GNU tar's sparse formats 0.0, 0.1 and 1.0. */
export interface PaxSparse {
  /** As written: what is not spelled as GNU tar does is no sparse format to the runtimes. */
  major: string;
  minor: string;
  name?: string;
  realSize?: number;
  /** Offsets and lengths in turn, of formats 0.0 and 0.1. */
  map: number[];
}

/** Longest name or target of a link in bytes: no path of Linux is longer (PATH_MAX), so no runtime unpacks more. */
const maxNameBytes = 4096;

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
  // A value that is empty takes nothing away from the header (Go's archive/tar).
  if (value.length === 0) return;
  if (key === 'path') records.path = nameOf(value);
  else if (key === 'linkpath') records.link = nameOf(value);
  else if (key === 'size') records.size = number(value);
  else if (key === 'uid' || key === 'gid') records[key] = signed(value);
  else if (key.startsWith('GNU.sparse.')) {
    records.sparse ??= { major: '', minor: '', map: [] };
    applySparse(records.sparse, key.slice(11), value);
  } else if (key === capabilityRecord) records.capabilities = capabilitiesIn(value);
}

function nameOf(value: Buffer): string {
  // A NUL would cut the name for one reader and not for another, who would then see another file.
  if (value.includes(0)) throw damaged();
  return longName(value);
}

/** The text of a name that may be long. @throws SluiceError `tar/name-too-long` */
export function longName(bytes: Buffer): string {
  if (bytes.length <= maxNameBytes) return decodeName(bytes);
  throw new SluiceError('tar/name-too-long', `a name in the tar archive is longer than ${maxNameBytes} bytes`);
}

function applySparse(sparse: PaxSparse, key: string, value: Buffer): void {
  if (key === 'major') sparse.major = value.toString('latin1', 0, 16);
  else if (key === 'minor') sparse.minor = value.toString('latin1', 0, 16);
  else if (key === 'name') sparse.name = nameOf(value);
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

/** The sparse records where they make a format that Go's archive/tar knows; to it all others are nothing. */
export function sparseFormat(sparse: PaxSparse | undefined): PaxSparse | undefined {
  if (!sparse) return undefined;
  const { major, minor } = sparse;
  const known = major === '0' ? minor === '0' || minor === '1' : major === '1' && minor === '0';
  const unnamed = major === '' && minor === '' && sparse.map.length > 0;
  return known || unnamed ? sparse : undefined;
}

/** Owners may be negative: `nobody` is -2 in some places. */
function signed(value: Buffer): number {
  return value[0] === 0x2d ? -number(value.subarray(1)) : number(value);
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
