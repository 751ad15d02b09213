import type { SecretCheck } from './contract.ts';
import { none, sure } from './support/answers.ts';
import { fileKind, isExamplePath, isPublished } from './support/file-kind.ts';
import { isName, isPassword } from './support/password.ts';
import { isNobodysHost, isPlaceholder } from './support/placeholder.ts';
import { isRandom } from './support/random.ts';

/** The password in an address: in use where it is random, or where a file of settings has it for a host of somebody's. */
export const check: SecretCheck = ({ value, match, path }) => {
  if (isPublished(path)) return none;
  const password = decoded(value);
  const [user, host] = partsOf(match, value);
  if (isPlaceholder(password) || isName(password) || password === user || /[\s,;()|]/.test(password)) return none;
  const kind = fileKind(path);
  const random = isRandom(password);
  const elsewhere = kind === 'made' || kind === 'prose' || isExamplePath(path);
  if (random && password.length >= 12) return elsewhere || isNobodysHost(host) ? sure(55) : sure(90);
  if (elsewhere || kind === 'code' || isNobodysHost(host) || isExampleHost(host)) return none;
  return isPassword(password) ? sure(72, 'people may have made it up') : none;
};

function partsOf(match: string, value: string): readonly [string, string] {
  const at = match.indexOf(`:${value}@`);
  const start = match.indexOf('://') + 3;
  const host = /^[\w.-]{1,255}/.exec(match.slice(at + value.length + 2))?.[0] ?? '';
  return [match.slice(start, Math.max(at, start)), host];
}

function isExampleHost(host: string): boolean {
  return /(?:^|\.)(?:example|invalid|test|localhost)(?:\.(?:com|net|org))?$/i.test(host);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
