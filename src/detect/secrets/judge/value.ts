import { isVariable } from '../checks/support/variable.ts';

/** What kind of character stands at a place: of a secret that people made, the same kinds stand together. */
const kinds = { lower: 1, upper: 2, digit: 3, other: 4 } as const;

/** Shannon entropy of a text over its UTF-16 units, in bits a unit. */
export function entropyOf(text: string): number {
  if (text.length === 0) return 0;
  const counts = new Map<number, number>();
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  let sum = 0;
  for (const count of counts.values()) sum += count * Math.log2(count);
  return Math.log2(text.length) - sum / text.length;
}

/**
 * How many bits somebody has to guess, at least: letters in runs count as those of words, digits in runs as those of dates,
 * and nothing counts more than the text's own entropy.
 */
export function guessedBits(text: string): number {
  const most = Math.min(entropyOf(text), 6);
  let bits = 0;
  for (let at = 0; at < text.length; ) {
    const kind = kindOf(text.charCodeAt(at));
    let end = at + 1;
    while (end < text.length && kindOf(text.charCodeAt(end)) === kind) end++;
    bits += (end - at) * Math.min(most, bitsOf(kind, end - at));
    at = end;
  }
  return bits;
}

function bitsOf(kind: number, run: number): number {
  if (kind === kinds.digit) return run >= 4 ? 2 : 3;
  if (kind === kinds.other) return 3;
  return run >= 4 ? 1.5 : 4.5;
}

function kindOf(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return kinds.lower;
  if (code >= 0x41 && code <= 0x5a) return kinds.upper;
  return code >= 0x30 && code <= 0x39 ? kinds.digit : kinds.other;
}

/** Words that stand where a secret should be put. */
const placeholderWords = [
  ...[
    'changeme',
    'change_me',
    'change-me',
    'replaceme',
    'replace_me',
    'replace-me',
    'insert_',
    'your_',
    'your-',
    'yourtoken',
  ],
  ...[
    'yourpassword',
    'yoursecret',
    'yourkey',
    'yourapikey',
    'placeholder',
    'redacted',
    'dummy',
    'example',
    'sample',
    'foobar',
    'todo',
  ],
  ...[
    'not-a-real',
    'notareal',
    'not_a_real',
    'fake',
    'xxxx',
    '****',
    '....',
    '____',
    '<<<',
    '>>>',
    'deadbeef',
    'abcdefgh',
  ],
  ...[
    '01234567',
    '12345678',
    '98765432',
    'qwertyui',
    'asdfghjk',
    'lorem',
    'insecure',
    'undefined',
    'testtest',
    'mysecret',
  ],
];

/** How much of a value is looked at: keys of thousands of characters have any short word in them somewhere. */
const longestHead = 128;

/** What begins with one of these is filled in later: templates, variables and calls. */
const templateForm =
  /^(?:\$\{|\$\(|\{\{|<[A-Za-z_%]|%[({]|\[[A-Za-z_ ]|@\{|#\{|process\.env|os\.environ|getenv|env\.|secrets?\.)/;

/** Whether a value is none that anybody would use: a template, a word for one, a row of the keyboard, one letter again and again. */
export function isPlaceholder(value: string): boolean {
  const head = value.slice(0, longestHead);
  if (templateForm.test(head) || isVariable(value)) return true;
  if (isMonotone(head)) return true;
  const lower = head.toLowerCase();
  for (const word of placeholderWords) if (lower.includes(word)) return true;
  return /\$\{[A-Za-z_]|\{\{ ?[A-Za-z_.]/.test(head);
}

/** Whether few different characters, or a run that only counts up or down, are nearly all of it. */
function isMonotone(value: string): boolean {
  if (value.length < 4) return /^(.)\1*$/.test(value);
  let steps = 0;
  for (let at = 1; at < value.length; at++) {
    const step = value.charCodeAt(at) - value.charCodeAt(at - 1);
    if (step === 0 || step === 1 || step === -1) steps++;
  }
  return steps >= (value.length - 1) * 0.7;
}
