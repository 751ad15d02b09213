import type { CheckAnswer, CheckedMatch } from '../contract.ts';
import { none, sure } from './answers.ts';
import { fileKind, isExamplePath, isPublished } from './file-kind.ts';
import { isPlaceholder } from './placeholder.ts';
import { isRandom, makeOf } from './random.ts';
import { wordShare } from './words.ts';

/** A line longer than this was not written by people: UTF-16 units. */
const longestLine = 1_000;

/** Hashes of passwords, and what only the key of a cluster opens: nobody logs in with either. */
const sealed =
  /^(?:\$(?:1|2[abxy]|5|6|7|y|gy|apr1|argon2\w{1,2}|scrypt|pbkdf2[\w-]{0,10})\$|\{S?SHA\d{0,3}\}|pbkdf2_sha|AgA[\w+/]{80}|AgB[\w+/]{80})/;

/** Judges a password that people may have made up, by itself and by the kind of file. `strong`, `weak`: the scores. */
export function judgePassword({ value, path, line }: CheckedMatch, strong: number, weak: number): CheckAnswer {
  if (isPublished(path) || /\s/.test(value) || sealed.test(value) || isPlaceholder(value) || isName(value)) return none;
  const kind = fileKind(path);
  const random = isRandom(value);
  if (kind === 'made' || line.length > longestLine) return none;
  if (isExamplePath(path) || kind === 'prose') return random && value.length >= 16 ? sure(strong - 25) : none;
  if (random) return sure(strong);
  return kind !== 'code' && isPassword(value) ? sure(weak, 'people may have made it up') : none;
}

/** Whether a value could be what people make up as a password: letters and digits, or a sign, and not words alone. */
export function isPassword(value: string): boolean {
  const { lower, upper, digits, others } = makeOf(value);
  const kinds = Number(lower > 0) + Number(upper > 0) + Number(digits > 0) + Number(others > 0);
  if (value.length < 6 || lower + upper === 0 || kinds < 2 || digits + others === 0) return false;
  return value.length >= 8 && digits > 0 && wordShare(value) < 0.9 && others <= value.length / 2;
}

/** Whether a value is how programs write names, paths, versions and types. */
export function isName(value: string): boolean {
  return (
    // snake_case, kebab-case, dotted.names and paths of words.
    /^[A-Za-z]{2,}(?:[._:/-][A-Za-z]{2,}\d{0,2})+$/.test(value) ||
    // camelCase that ends with a number at most.
    (/^[A-Za-z]+\d{0,3}$/.test(value) && wordShare(value) > 0.6) ||
    /^v?\d+(?:\.\d+){1,3}(?:[-+].{0,20})?$/.test(value) ||
    /^[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+$/.test(value) ||
    /[()[\]]|::/.test(value)
  );
}
