import { createHash } from 'node:crypto';
import { isPublished } from './file-kind.ts';

/**
 * The first 16 hex digits of SHA-256 over values that vendors print in their documentation, and over keys that their emulators
 * have built in: everybody has them. As digests, so that this file is no list of what looks like secrets.
 */
const known: ReadonlySet<string> = new Set([
  '1a5d44a2dca19669',
  'c6ea27c534f993d3',
  'cb20d34a7adda2f5',
  '7a259e311eb57eb3',
  '78314b11be2e5815',
  'e21b597ba6b9cafa',
  'e8a0614b6747a06f',
  '0011cc25eb432071',
  'aa6547439583c3a2',
  '2cafc0970149a84f',
  'f2d6ca16515033e5',
  '7e8de44ea9ecf6d5',
  'cf4d418ed3de92d7',
  'ad62d48d8b069026',
  '73f71af093fdf154',
  'e4da07ad200089ce',
  '0e9d220616f08345',
  'bdfeaef44475711c',
  '7f75367e78812551',
  'da816f9f2c16e6c5',
  'b8e148545b13c78b',
  '6c96130f130ab0d6',
  '00cf4c781dc37003',
  'a4b8b245ab28bc4f',
  'ac9265e56c79b234',
  '976b57ee8acdfcf4',
  '544f5582ce7b5d74',
  '731fa294d036e54f',
  '0b5dd075ccdd03c4',
  'f5375a46365089a8',
  'ca7459e2b26776de',
  'e9974c507d2a8021',
  'ad71fb4165536675',
  '9e309cccd311ea64',
  '53f5da0aaa93d64c',
]);

/** Whether a value stands in a vendor's documentation, or in an emulator that everybody can get. */
function isDocumented(value: string): boolean {
  return known.has(createHash('sha256').update(value).digest('hex').slice(0, 16));
}

/** Whether everybody has a value: a vendor prints it, or the file is one that {@link isPublished}. */
export function isPublic(value: string, path: string): boolean {
  return isPublished(path) || isDocumented(value);
}
