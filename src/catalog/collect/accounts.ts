import type { AccountFact } from '../../model/collected.ts';
import { compareText } from '../../util/compare-text.ts';
import { textLines } from '../../util/text-lines.ts';

/** Most accounts, groups and memberships that are read. */
const mostEntries = 50_000;

/** Longest name, folder or shell that is kept, in characters (Linux, PATH_MAX). */
const longestField = 4_096;

/** Most names of other users that are told of one. */
const mostBeside = 10;

/** What an image's files say of its users; absent where there is no such file. */
export interface AccountFiles {
  readonly passwd: Buffer | undefined;
  readonly group: Buffer | undefined;
  readonly shadow: Buffer | undefined;
  /** Whether musl reads them: to it a line with `#`, `+` or `-` in front is an account as any other. */
  readonly musl?: boolean;
}

type Password = AccountFact['password'];

/** Groups of an image: names by number, and members by name. */
interface Groups {
  readonly names: Map<number, string>;
  readonly of: Map<string, Set<string>>;
}

/**
 * The users of an image by name (passwd(5), group(5), shadow(5)). Of several lines with one name the first counts, as it
 * does for the C library. Those who read these files differ in what they make of a malformed line; what would give the
 * most rights counts, for such a line is written to be read in two ways. Undefined when there are more than are read.
 */
export function readAccountFacts({ passwd, group, shadow, musl = false }: AccountFiles): AccountFact[] | undefined {
  const groups = readGroups(group, musl);
  const passwords = readShadow(shadow, musl);
  const accounts = new Map<string, AccountFact>();
  const repeated = new Set<string>();
  if (!groups || !passwords) return undefined;
  for (const [written, password = '', uid, gid, , home = '', shell = ''] of fieldsOf(passwd, musl)) {
    if (accounts.has(written)) {
      repeated.add(written);
      continue;
    }
    if (accounts.size >= mostEntries) return undefined;
    const name = bare(written);
    const main = numberOf(gid);
    accounts.set(written, {
      name,
      uid: numberOf(uid),
      gid: main,
      home: home.slice(0, longestField),
      shell: shell.slice(0, longestField),
      groups: groupsOf(name, main, groups),
      password: passwordBy(name, password, passwords),
    });
  }
  const alike = withSameId([...accounts.values()]);
  return [...accounts]
    .map(([written, fact]) => ({
      ...fact,
      ...(repeated.has(written) ? { repeated: true as const } : {}),
      ...(alike.has(fact.uid) ? { sameId: namesBeside(fact, alike.get(fact.uid) ?? []) } : {}),
    }))
    .sort((a, b) => compareText(a.name, b.name));
}

/** The names of users whose number others have as well, sorted, by number. */
function withSameId(accounts: readonly AccountFact[]): ReadonlyMap<number, readonly string[]> {
  const names = new Map<number, Set<string>>();
  for (const { uid, name } of accounts) names.set(uid, (names.get(uid) ?? new Set<string>()).add(name));
  return new Map([...names].flatMap(([uid, all]) => (all.size > 1 ? [[uid, [...all].sort(compareText)]] : [])));
}

/** Some of the other names of a user's number: a thousand users with one number would make a million. */
function namesBeside({ name }: AccountFact, names: readonly string[]): readonly string[] {
  const beside: string[] = [];
  for (const other of names) if (other !== name && beside.length < mostBeside) beside.push(other);
  return beside;
}

/**
 * The fields of each line that names somebody, the name as it is written: with blanks in front, which glibc passes over
 * and musl does not, it is one more name.
 */
function* fieldsOf(bytes: Buffer | undefined, musl: boolean): Generator<[string, ...string[]], void, undefined> {
  if (!bytes) return;
  for (const line of textLines(bytes.toString('utf8'))) {
    // To the C library a line ends at a null byte. No field that is read stands behind the ninth.
    const end = line.indexOf('\0');
    const [written = '', ...fields] = (end < 0 ? line : line.slice(0, end)).split(':', 9);
    const name = bare(written);
    if (name === '' || name.length > longestField || (!musl && /^[+\-#]/.test(name))) continue;
    yield [written, ...fields];
  }
}

/** A name without the blanks in front. */
function bare(name: string): string {
  return name.trimStart();
}

/**
 * A number as glibc reads it (strtoul): with blanks and a sign before it, or ` +0` would be a root that nobody sees. What
 * is none is 0, as it is for the runtimes that look up a USER; so is, to musl, an empty one, and one that is too large
 * may be.
 */
function numberOf(text = ''): number {
  const parts = /^[ \t]{0,100}([+-]?)(\d{1,20})$/.exec(text);
  const value = Number(parts?.[2] ?? 0);
  if (value > 0xffff_ffff) return 0;
  return parts?.[1] === '-' && value > 0 ? 0x1_0000_0000 - value : value;
}

/** Whether a password is asked for, by the field of passwd and, where that refers to it, by shadow. */
function passwordBy(name: string, field: string, shadow: ReadonlyMap<string, Password>): Password {
  // To PAM `##name` refers to shadow as well, to busybox `*`.
  if (field === 'x' || field === `##${name}`) return shadow.get(name) ?? 'unknown';
  return (field === '*' ? shadow.get(name) : undefined) ?? passwordOf(field);
}

function passwordOf(field: string): Password {
  if (field === '') return 'none';
  return field.startsWith('!') || field.startsWith('*') ? 'locked' : 'set';
}

/** Passwords by name without blanks in front: of a name that is written in two ways what lets more people in. */
function readShadow(bytes: Buffer | undefined, musl: boolean): Map<string, Password> | undefined {
  const written = new Set<string>();
  const passwords = new Map<string, Password>();
  for (const [name, field] of fieldsOf(bytes, musl)) {
    if (field === undefined || written.has(name)) continue;
    if (written.size >= mostEntries) return undefined;
    written.add(name);
    const [known, told] = [passwords.get(bare(name)), passwordOf(field)];
    if (known === undefined || openness.indexOf(told) > openness.indexOf(known)) passwords.set(bare(name), told);
  }
  return passwords;
}

const openness: readonly Password[] = ['unknown', 'locked', 'set', 'none'];

function readGroups(bytes: Buffer | undefined, musl: boolean): Groups | undefined {
  const groups: Groups = { names: new Map(), of: new Map() };
  let read = 0;
  for (const [written, , gid, members = ''] of fieldsOf(bytes, musl)) {
    const [name, number] = [bare(written), numberOf(gid)];
    if (!groups.names.has(number)) groups.names.set(number, name);
    read++;
    for (const member of members.split(',')) {
      const user = member.trim();
      if (user === '') continue;
      if (++read > mostEntries) return undefined;
      const known = groups.of.get(user) ?? new Set<string>();
      groups.of.set(user, known.add(name));
    }
    if (read > mostEntries) return undefined;
  }
  return groups;
}

function groupsOf(name: string, main: number, { names, of }: Groups): string[] {
  const all = new Set(of.get(name));
  const own = names.get(main);
  if (own !== undefined) all.add(own);
  return [...all].sort(compareText);
}
