/** What stands for a secret that is not shown. */
const hidden = '***';

/** Words in the name of a variable or option whose value is a secret. */
const secretWords = [
  ...['TOKEN', 'SECRET', 'PASSW', 'PASSPHRASE', '_PASS', '_PWD', 'CREDENTIAL', 'AUTHORIZATION', '_AUTH'],
  ...['APIKEY', 'API_KEY', 'ACCESS_KEY', 'PRIVATE_KEY', 'ENCRYPTION_KEY'],
];

/** Beginnings of tokens that tell what they are. */
const tokenForms = /^(?:gh[opsur]_|github_pat_|glpat-|npm_|xox[abprs]-|AKIA|ASIA|eyJ)[\w.-]{8,}$/;

/**
 * A line of an image's history without its secrets: all values of build arguments, values of variables and options whose
 * names tell that they are secret, passwords in addresses, and tokens that show what they are by their form.
 */
export function redactCommand(line: string): string {
  let out = '';
  /** The last word, what stands directly in front of it, and the last part of any kind. */
  let before = '';
  let opener = '';
  let last = '';
  /** The quote that ends a hidden value. */
  let hiding = '';
  for (const part of withoutBuildArguments(line).split(/(\s+|\\{0,3}["'])/)) {
    if (part === '') continue;
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
    } else if (isQuote && !closes && announces(before)) {
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
  if (part === hidden) return part;
  if (announces(before) && !part.startsWith('-')) return hidden;
  const equals = part.search(/[=:]/);
  const isAssignment = equals > 0 && equals < part.length - 1 && !part.startsWith('://', equals);
  if (isAssignment && isSecretName(part.slice(0, equals))) return `${part.slice(0, equals + 1)}${hidden}`;
  if (tokenForms.test(part)) return hidden;
  return part.replace(/:\/\/[^/@\s]{1,500}@/, `://${hidden}@`);
}

/** Whether the name of a variable, option or label tells that its value is a secret. */
export function isSecretName(name: string): boolean {
  const upper = name.slice(0, 200).toUpperCase().replaceAll('-', '_');
  return secretWords.some((word) => upper.includes(word));
}
