import { redactPasswords } from './redact-passwords.ts';

/** What stands for a secret that is not shown. */
const hidden = '***';

/** Words in the name of a variable or option whose value is a secret. */
const secretWords = [
  ...['TOKEN', 'SECRET', 'PASSW', 'PASSPHRASE', '_PASS', '_PWD', 'CREDENTIAL', 'AUTHORIZATION', '_AUTH'],
  ...['APIKEY', 'API_KEY', 'ACCESS_KEY', 'PRIVATE_KEY', 'ENCRYPTION_KEY'],
];

/** Beginnings of tokens that tell what they are. */
const tokenForms = /^(?:gh[opsur]_|github_pat_|glpat-|npm_|xox[abprs]-|AKIA|ASIA|eyJ)[\w.-]{8,}$/;

/** Tokens and keys that are secrets by their form wherever in a text they stand, and what is shown in place of each. */
const secretForms: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}KEY[^-]{0,40}-----|$)/g, hidden],
  [/\b(?:gh[opsur]_|npm_|hf_|[rs]k_live_|dckr_pat_|pypi-|glpat-|github_pat_|xox[abprs]-)[\w-]{16,}/g, hidden],
  [/\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}\b|AIza[\w-]{35}|SG\.[\w-]{16,64}\.[\w-]{16,64})/g, hidden],
  [/\beyJ[\w-]{8,2000}\.eyJ[\w-]{8,2000}(?:\.[\w-]{0,2000})?/g, hidden],
  // In an address, and in the settings of a connection, all of what stands behind the name.
  [/([?&;][\w.-]{0,60}(?:token|secret|passwor[dt]|passwd|pwd|api_?key|signature)=)[^&;\s"',]+/gi, `$1${hidden}`],
  [/:\/\/[^\s"'@/]{0,200}:[^\s"'/]{0,500}@/g, `://${hidden}@`],
];

/**
 * A line of an image's history without its secrets: all values of build arguments, values of variables and options whose
 * names tell that they are secret, passwords in addresses, and tokens and keys that show what they are by their form.
 */
export function redactCommand(line: string): string {
  return redactWords(redactPasswords(secretForms.reduce((text, [form, shown]) => text.replace(form, shown), line)));
}

function redactWords(line: string): string {
  let out = '';
  /** The last word, what stands directly in front of it, and the last part of any kind. */
  let before = '';
  let opener = '';
  let last = '';
  /** The quote that ends a hidden value. */
  let hiding = '';
  const parts = withoutBuildArguments(line)
    .split(/(\s+|\\{0,3}["'])/)
    .filter((part) => part !== '');
  for (const [at, part] of parts.entries()) {
    // In a list of words as JSON, quotes within a word have backslashes.
    const isQuote = /^\\{0,3}["']$/.test(part);
    // The quote behind `"--password` is the option's own, and not that of a value.
    const closes = part === opener && last === before;
    const previous = last;
    last = part;
    if (hiding !== '') {
      if (part !== hiding) continue;
      hiding = '';
      out += hidden + part;
    } else if (isQuote && !closes && announces(before) && !isReference(parts[at + 1], parts[at + 2] !== part)) {
      hiding = part;
      out += part;
    } else if (isQuote || part === ',' || part.trim() === '') {
      out += part;
      continue;
    } else if (part === ':') {
      // `"password": "x"`: the name is the word in front of it.
      out += part;
      if (!before.endsWith(part)) before += part;
      continue;
    } else out += redactPart(part, before);
    before = part;
    opener = previous;
  }
  return hiding === '' ? out : out + hidden;
}

/** Whether what comes next is a secret: `--password`, `Bearer`, `API_KEY=`. */
function announces(text: string): boolean {
  if (/^(?:bearer|basic)$/i.test(text)) return true;
  if (/[=:]$/.test(text)) return isSecretName(text);
  return text.startsWith('--') && !text.includes('=') && isSecretName(text);
}

/** `|2 A=x B=y /bin/sh -c …`: what docker's builder wrote of build arguments. Their values may hold anything. */
function withoutBuildArguments(line: string): string {
  if (!line.startsWith('|')) return line;
  const shell = / (?:\/(?:usr\/)?bin\/|cmd |powershell )/.exec(line);
  const end = shell ? shell.index : line.length;
  const names = line
    .slice(0, end)
    .split(' ')
    .filter((part) => /^[A-Za-z_]\w{0,99}=/.test(part))
    .map((part) => `${part.slice(0, part.indexOf('='))}=${hidden}`);
  return [line.slice(0, line.indexOf(' ') < 0 ? 2 : line.indexOf(' ')), ...names].join(' ') + line.slice(end);
}

function redactPart(part: string, before: string): string {
  // What a header says of its secret is none: the secret is what comes next.
  if (part === hidden || /^(?:bearer|basic)$/i.test(part)) return part;
  if (announces(before) && !part.startsWith('-')) return isReference(part) ? part : hidden;
  const equals = part.search(/[=:]/);
  const isAssignment = equals > 0 && equals < part.length - 1 && !part.startsWith('://', equals);
  if (isAssignment && isSecretName(part.slice(0, equals))) {
    return isReference(part.slice(equals + 1)) ? part : `${part.slice(0, equals + 1)}${hidden}`;
  }
  if (tokenForms.test(part)) return hidden;
  return part.replace(/:\/\/[^/@\s]{1,500}@/, `://${hidden}@`);
}

/** Names as people write them: what mixes cases and digits may be a password that begins with a `$`. */
const variable = /^\$(?:[A-Z_]{1,60}\d?|[a-z_]{1,60}\d?|\{[A-Za-z_]\w{0,99}\})$/;

/**
 * Whether a value is `$NAME`, `${NAME}` or begins with `$(`: it tells where a secret is from, as a secret mount does, and
 * not what it is. `more`: other text follows in the same quotes.
 */
function isReference(value: string | undefined, more = false): boolean {
  if (value === undefined) return false;
  return /^\$\([a-z/]/.test(value) || (!more && variable.test(value));
}

/** Whether the name of a variable, option or label tells that its value is a secret. */
export function isSecretName(name: string): boolean {
  const upper = name.slice(0, 200).toUpperCase().replaceAll('-', '_');
  return secretWords.some((word) => upper.includes(word));
}
