import { isPlaceholder } from './placeholder.ts';
import { isRandom } from './random.ts';

/** Shortest password that a login is believed to have. */
const shortest = 6;

/** Reads `user:password` from base 64; undefined where it is none, or one of words that stand for it. */
export function decodedLogin(value: string): { readonly user: string; readonly password: string } | undefined {
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1 || !/^[\x20-\x7e]+$/.test(text)) return undefined;
  const [user, password] = [text.slice(0, colon), text.slice(colon + 1)];
  if (password.length < shortest || /\s/.test(user) || isPlaceholder(password) || user === password) return undefined;
  // What decodes by chance to printable text has no user's name in front of the colon.
  return /^[\w.@+$|\\/-]{1,128}$/.test(user) && !user.startsWith('$') ? { user, password } : undefined;
}

/** How sure it is that a login is in use, by its password. */
export function loginScore(password: string): number {
  return isRandom(password) ? 92 : 75;
}
