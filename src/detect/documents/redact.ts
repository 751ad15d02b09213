import type { SecretMatch } from '../../model/survey.ts';

/** What stands for the hash of a password: whoever reads accounts must still see that there is one. */
const hiddenHash = '$***';

/** What stands for a value that is a secret by its name. */
const hiddenValue = '***';

/** Longest line in which values are looked for by their names, in characters. */
const longestLine = 4_096;

/** A text with more private keys than this is hidden whole. */
const mostKeys = 1_000;

/** Files of accounts (passwd(5), shadow(5), group(5), gshadow(5)): their second field is a password or its hash. */
const accountFiles = new Set(['etc/passwd', 'etc/shadow', 'etc/group', 'etc/gshadow']);

/** Settings whose value is a secret: their names end so, `PasswordAuthentication` does not. */
const assignment =
  /((?:^|[^a-z0-9])(?:[a-z0-9.-]{0,40}[_.-])?(?:password|passwd|passphrase|pass|pwd|secret|token|api[_-]?key|requirepass|masterauth)["']?[ \t]{0,8}(?:[=:][ \t]{0,8}|[ \t]))("[^"\n]*"|'[^'\n]*'|[^\s"'<>;]+)/gi;

/** Values that are no secrets whatever the setting is called. */
const isSwitch =
  /^["']?(?:|true|false|yes|no|on|off|none|null|required|sufficient|optional|\d{1,3}|\$\{?\w{1,60}\}?)["']?$/i;

/**
 * The text of a configuration file without its secrets, with as many lines: hashes of passwords, values that are secrets
 * by their names, and what the rules for secrets have found in it.
 */
export function redactDocument(path: string, text: string, matches: readonly SecretMatch[]): string {
  if (accountFiles.has(path)) return text.split('\n').map(redactAccount).join('\n');
  const lines = text.split('\n');
  return withoutSpans(lines, [...matches, ...keysIn(lines)])
    .map(redactLine)
    .join('\n');
}

/** The line of an account: what is no password (empty, locked, kept elsewhere) stays, for rules go by it. */
function redactAccount(line: string): string {
  const first = line.indexOf(':');
  if (first < 0) return line;
  const second = line.indexOf(':', first + 1);
  const field = line.slice(first + 1, second < 0 ? undefined : second);
  if (field === '' || field === 'x' || /^(?:[!*]+|##\S{0,64})$/.test(field)) return line;
  // A hash behind a mark is locked, and a hash all the same.
  const mark = /^[!*]+/.exec(field)?.[0] ?? '';
  return `${line.slice(0, first + 1)}${mark}${hiddenHash}${second < 0 ? '' : line.slice(second)}`;
}

function redactLine(line: string): string {
  if (line.length > longestLine) return line.slice(0, longestLine);
  return line.replace(assignment, (whole, before: string, value: string) => {
    if (isSwitch.test(value)) return whole;
    const quote = value[0] === '"' || value[0] === "'" ? value[0] : '';
    return `${before}${quote}${hiddenValue}${quote}`;
  });
}

/** A part of a text: lines and columns from 1, the end is behind it. */
type Span = Pick<SecretMatch, 'line' | 'column' | 'endLine' | 'endColumn'>;

const keyBegin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/;
const keyEnd = /-----END [A-Z0-9 ]{0,60}-----/;

/** Private keys in PEM from their first line to their last, which may be far behind what a rule has matched. */
function keysIn(lines: readonly string[]): readonly Span[] {
  const keys: Span[] = [];
  let begin: Pick<Span, 'line' | 'column'> | undefined;
  for (const [index, text] of lines.entries()) {
    for (let at = 0; at < text.length; ) {
      const found = (begin === undefined ? keyBegin : keyEnd).exec(at === 0 ? text : text.slice(at));
      if (found === null) break;
      const from = at + found.index;
      at = from + found[0].length;
      if (begin === undefined) begin = { line: index + 1, column: from + 1 };
      else {
        keys.push({ ...begin, endLine: index + 1, endColumn: at + 1 });
        begin = undefined;
      }
      if (keys.length > mostKeys)
        return [{ line: 1, column: 1, endLine: lines.length, endColumn: Number.POSITIVE_INFINITY }];
    }
  }
  if (begin !== undefined) keys.push({ ...begin, endLine: lines.length, endColumn: Number.POSITIVE_INFINITY });
  return keys;
}

/** Parts that touch as one, in the order of the text. */
function joined(spans: readonly Span[]): readonly Span[] {
  const byPlace = [...spans].sort((a, b) => a.line - b.line || a.column - b.column);
  const result: Span[] = [];
  for (const span of byPlace) {
    const last = result.at(-1);
    const isApart =
      last === undefined || last.endLine < span.line || (last.endLine === span.line && last.endColumn <= span.column);
    if (isApart) result.push(span);
    else if (span.endLine > last.endLine || (span.endLine === last.endLine && span.endColumn > last.endColumn))
      result[result.length - 1] = { ...last, endLine: span.endLine, endColumn: span.endColumn };
  }
  return result;
}

/** Puts stars in place of what was found and of private keys, line by line, so that every line keeps its number. */
function withoutSpans(lines: string[], spans: readonly Span[]): string[] {
  for (const { line, column, endLine, endColumn } of [...joined(spans)].reverse()) {
    for (let at = line; at <= endLine; at++) {
      const old = lines[at - 1];
      if (old === undefined) break;
      const from = at === line ? column - 1 : 0;
      const to = at === endLine ? endColumn - 1 : old.length;
      lines[at - 1] = old.slice(0, from) + hiddenValue + old.slice(Math.max(from, to));
    }
  }
  return lines;
}
