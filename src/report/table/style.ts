import type { Severity } from '../../model/severity.ts';
import type { Decision } from '../../model/verdict.ts';

/** What a piece of text means, and so how it looks. */
export type Role = Severity | Decision | 'track' | 'name' | 'aside' | 'fix' | 'alarm';

/** Select Graphic Rendition parameters (ECMA-48) of each role. */
const parameters: Record<Role, string> = {
  critical: '1;31',
  high: '31',
  medium: '33',
  low: '36',
  negligible: '2',
  unknown: '2',
  stop: '1;97;41',
  undecided: '1;30;43',
  warn: '1;33',
  pass: '1;32',
  track: '36',
  name: '1',
  aside: '2',
  fix: '32',
  alarm: '1;31',
};

/** Fewest and most columns that are laid out for. */
const narrowest = 40;
const widest = 240;

/** The columns that a terminal of so many is laid out for. */
export function tableWidth(columns: number): number {
  return Math.min(widest, Math.max(narrowest, Math.floor(columns) || narrowest));
}

/** Puts a role's colour on a text, or nothing where there is no colour. */
export interface Paint {
  (role: Role, text: string): string;
  /** Makes a text lead to an address, where the terminal knows links. */
  link(text: string, url: string | undefined): string;
  /** Marks a whole line as the one that is chosen. The text holds no colour of its own. */
  chosen(text: string): string;
}

/** Addresses that may stand in a link: of the web, printable, and of no length that a terminal would choke on. */
const address = /^https?:\/\/[\x21-\x7e]{1,2000}$/;

/** A {@link Paint} that writes escape sequences, or none. Widths are counted before it, so it changes no layout. */
export function painter(colour: boolean, links = false): Paint {
  const paint = (role: Role, text: string): string =>
    colour && text !== '' ? `\x1b[${parameters[role]}m${text}\x1b[0m` : text;
  // An escape character in an address would end the link, and what follows it would be the image's word to the terminal.
  const link = (text: string, url: string | undefined): string =>
    links && url !== undefined && address.test(url) ? `\x1b]8;;${url}\x1b\\${text}\x1b]8;;\x1b\\` : text;
  const chosen = (text: string): string => (colour ? `\x1b[7m${text}\x1b[0m` : text);
  return Object.assign(paint, { link, chosen });
}
