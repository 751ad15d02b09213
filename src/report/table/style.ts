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

/** Puts a role's colour on a text, or nothing where there is no colour. */
export type Paint = (role: Role, text: string) => string;

/** A {@link Paint} that writes escape sequences, or none. Widths are counted before it, so it changes no layout. */
export function painter(colour: boolean): Paint {
  return colour ? (role, text) => (text === '' ? '' : `\x1b[${parameters[role]}m${text}\x1b[0m`) : (_, text) => text;
}
