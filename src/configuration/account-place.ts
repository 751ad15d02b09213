import type { Place } from '../model/placed-finding.ts';
import { allParts } from '../policy/expression/parts.ts';
import type { ConfigurationRule } from './contract.ts';
import type { DocumentText } from './inputs.ts';

const passwd = '/etc/passwd';
const shadow = '/etc/shadow';

/** The line of a user, and its second field: a password, or what stands for one. */
interface AccountLine {
  readonly place: Place;
  readonly password: string;
}

/**
 * Where it stands what a rule on users goes by: of passwords the line of /etc/shadow where that of /etc/passwd refers to
 * it, of all else the line of /etc/passwd.
 */
export function accountPlace(
  { when }: ConfigurationRule,
  name: string,
  documents: readonly DocumentText[] = [],
): Place {
  const user = lineOf(passwd, name, documents);
  const asksPassword = [...allParts(when.node)].some((part) => part.op === 'field' && part.name === 'password');
  const refers = user === undefined || /^(?:x|\*|##.*)$/.test(user.password);
  const secret = asksPassword && refers ? lineOf(shadow, name, documents) : undefined;
  return (secret ?? user)?.place ?? { in: 'file', path: passwd, name };
}

/** The first line of a name, with or without blanks before it, as the C library reads it. */
function lineOf(path: string, name: string, documents: readonly DocumentText[]): AccountLine | undefined {
  const document = documents.find((one) => one.path === path);
  if (!document) return undefined;
  const { text, layer, from } = document;
  let line = 1;
  for (let at = 0; at < text.length; line++) {
    const end = text.indexOf('\n', at);
    const written = text.slice(at, end < 0 ? undefined : end).trimStart();
    at = end < 0 ? text.length : end + 1;
    if (!written.startsWith(`${name}:`)) continue;
    const [password = ''] = written.slice(name.length + 1).split(':', 1);
    const around = { ...(layer === undefined ? {} : { layer }), ...(from === undefined ? {} : { from }) };
    return { place: { in: 'file', path, name, line, ...around }, password };
  }
  return undefined;
}
