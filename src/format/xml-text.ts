import { SluiceError } from '../util/error.ts';

/** Longest reference, in characters: `&#x10FFFF;`, and those of HTML. */
const maxReference = 12;
/** Bytes of the beginning in which the XML declaration is looked for. */
const declarationLength = 200;

/** What XML itself knows (XML 1.0, 4.6). */
const named = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Encodings that an XML declaration may name, and how they are read. */
const encodings = new Map<string, 'utf8' | 'latin1'>([
  ['utf-8', 'utf8'],
  ['utf8', 'utf8'],
  ['us-ascii', 'utf8'],
  ['ascii', 'utf8'],
  ['iso-8859-1', 'latin1'],
  ['latin1', 'latin1'],
  // They differ in signs that no name and no version has.
  ['iso-8859-15', 'latin1'],
  ['windows-1252', 'latin1'],
]);

/**
 * The text of an XML document in the encoding that its byte order mark says, else its declaration, else UTF-8.
 * @throws SluiceError `xml/encoding` when its declaration names another
 */
export function xmlText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
    return Buffer.from(even).swap16().toString('utf16le');
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.toString('utf8', 3);
  return bytes.toString(declaredEncoding(bytes));
}

function declaredEncoding(bytes: Buffer): 'utf8' | 'latin1' {
  const start = bytes.toString('latin1', 0, declarationLength);
  if (!start.startsWith('<?xml ')) return 'utf8';
  const name = /^[^>]{0,200}?\sencoding\s{0,9}=\s{0,9}["']([^"'>]{1,40})["']/.exec(start)?.[1];
  const encoding = name === undefined ? 'utf8' : encodings.get(name.toLowerCase());
  if (encoding !== undefined) return encoding;
  throw new SluiceError('xml/encoding', `${unreadable}it is in an encoding that is not read`);
}

/**
 * Replaces the references of XML itself and those by number. Any other is one that a document type would have to declare.
 * @throws SluiceError `xml/malformed` for others; with `keepNamed`, those by name stay as they are written
 */
export function unescapeXml(raw: string, keepNamed: boolean): string {
  let amp = raw.indexOf('&');
  if (amp < 0) return raw;
  let plain = '';
  let from = 0;
  for (; amp >= 0; amp = raw.indexOf('&', from)) {
    const window = raw.slice(amp + 1, amp + maxReference);
    const length = window.indexOf(';');
    const name = length < 0 ? '' : window.slice(0, length);
    const sign =
      named.get(name) ?? numbered(name) ?? (keepNamed && /^[a-z]+\d*$/i.test(name) ? `&${name};` : undefined);
    if (sign === undefined) throw malformedXml('a reference is none of the five that XML itself knows');
    plain += raw.slice(from, amp) + sign;
    from = amp + length + 2;
  }
  return plain + raw.slice(from);
}

function numbered(name: string): string | undefined {
  if (!name.startsWith('#')) return undefined;
  const hex = /^#x([0-9a-f]{1,6})$/i.exec(name)?.[1];
  const digits = /^#(\d{1,7})$/.exec(name)?.[1];
  const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16);
  if (!(code > 0 && code <= 0x10_ffff) || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  return String.fromCodePoint(code);
}

/** How a message of what is wrong with a document begins. */
export const unreadable = 'the XML can not be read: ';

/** The error of a document that is not well-formed. */
export function malformedXml(why: string): SluiceError {
  return new SluiceError('xml/malformed', unreadable + why);
}
