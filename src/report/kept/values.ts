import { SluiceError } from '../../util/error.ts';
import { harmless } from '../../util/harmless.ts';
import { nearest } from '../../util/nearest.ts';

/** Characters of a wrong value that a message shows. */
const shownLength = 40;

/** A value that is not what its place asks for. The place is a JSON pointer (RFC 6901) that grows while it is thrown upwards. */
export class WrongValue extends SluiceError {
  readonly wrong: string;
  readonly place: string;

  constructor(wrong: string, place = '') {
    super('report/malformed', place === '' ? wrong : `${place}: ${wrong}`);
    this.wrong = wrong;
    this.place = place;
  }

  /** The same below a member of this name. */
  below(name: string | number): WrongValue {
    const token = String(name).slice(0, shownLength).replaceAll('~', '~0').replaceAll('/', '~1');
    return new WrongValue(this.wrong, `/${harmless(token)}${this.place}`);
  }
}

/**
 * Reads a value from outside, in its place: what is right already is returned as it is, for copies would take as long as
 * the parser. Members that it does not know are left alone, for later versions may write more; where it is `strict` they
 * are refused. @throws WrongValue
 */
export type Read<T> = (value: unknown, strict: boolean) => T;

/** A member that must be there, or that may be missing. */
export interface Member<T, Optional extends boolean> {
  readonly read: Read<T>;
  readonly optional: Optional;
}

/** All members of a type: one that is forgotten here does not compile. */
export type Members<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K>
    ? Member<Exclude<T[K], undefined>, true>
    : Member<T[K], false>;
};

/** A member that must be there. */
export function must<T>(read: Read<T>): Member<T, false> {
  return { read, optional: false };
}

/** A member that may be missing. */
export function may<T>(read: Read<T>): Member<T, true> {
  return { read, optional: true };
}

/** Any text. */
export const text: Read<string> = (value) => {
  if (typeof value === 'string') return value;
  throw wrong('a text', value);
};

/** A day or a time (RFC 3339), or nothing. Reports tell what others wrote; where it is `strict`, a slip is refused. */
export const moment: Read<string> = (value, strict) => {
  const written = text(value, strict);
  const isWell = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]{5,20}(?:Z|[+-]\d{2}:\d{2}))?$/.test(written);
  if (!strict || written === '' || (isWell && !Number.isNaN(Date.parse(written)))) return written;
  throw wrong('a day such as 2026-01-31, or a time', value);
};

/** Any finite number. */
export const number: Read<number> = (value) => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw wrong('a number', value);
};

/** A whole number from 0. */
export const count: Read<number> = (value) => {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw wrong('a whole number from 0', value);
};

/** `true` or `false`. */
export const flag: Read<boolean> = (value) => {
  if (typeof value === 'boolean') return value;
  throw wrong('true or false', value);
};

/** `true` and nothing else: what is not so has no such member. */
export const yes: Read<true> = (value) => {
  if (value === true) return value;
  throw wrong('true', value);
};

/** One of several words. */
export function oneOf<const T extends string>(words: readonly T[]): Read<T> {
  return (value) => {
    if (words.includes(value as T)) return value as T;
    throw wrong(words.length > 1 ? `one of ${words.join(', ')}` : JSON.stringify(words[0]), value);
  };
}

/** A list of values that are all read alike. */
export function listOf<T>(read: Read<T>): Read<T[]> {
  return (value, strict) => {
    if (!Array.isArray(value)) throw wrong('a list', value);
    let i = 0;
    try {
      for (; i < value.length; i++) {
        const given: unknown = value[i];
        const item = read(given, strict);
        if (item !== given) value[i] = item;
      }
    } catch (thrown) {
      throw below(i, thrown);
    }
    return value as T[];
  };
}

/** Values by name, each of which is right as it is. What the parser of JSON makes has no name that reaches a prototype. */
export function byName<T>(read: Read<T>): Read<Readonly<Record<string, T>>> {
  return (value, strict) => {
    const given = recordOf(value);
    for (const name of Object.keys(given)) {
      try {
        read(given[name], strict);
      } catch (thrown) {
        throw below(name, thrown);
      }
    }
    return given as Record<string, T>;
  };
}

/** An object with these members. */
export function object<T extends object>(members: Members<T>): Read<T> {
  const listed = Object.entries<Member<unknown, boolean>>(members);
  const names = listed.map(([name]) => name);
  return (value, strict) => {
    const given = recordOf(value);
    if (strict) refuseUnknown(given, names);
    let at = '';
    try {
      for (const [name, member] of listed) {
        at = name;
        const one = given[name];
        if (one === undefined) {
          if (!member.optional) throw new WrongValue('is missing');
          continue;
        }
        const read = member.read(one, strict);
        if (read !== one) given[name] = read;
      }
    } catch (thrown) {
      throw below(at, thrown);
    }
    return given as T;
  };
}

/** The value as an object with named members. @throws WrongValue */
export function recordOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrong('an object', value);
}

/** Refuses members of other names: a slip in a name would leave unsaid what was meant. @throws WrongValue */
function refuseUnknown(given: Record<string, unknown>, names: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const close = nearest(name, names);
    throw new WrongValue(`there is no such member${close ? `; did you mean ${close}?` : ''}`).below(name);
  }
}

/** The same failure below a member; what is no wrong value stays what it is. */
export function below(name: string | number, thrown: unknown): unknown {
  return thrown instanceof WrongValue ? thrown.below(name) : thrown;
}

function wrong(wanted: string, value: unknown): WrongValue {
  return new WrongValue(`must be ${wanted}, not ${shown(value)}`);
}

/** A value in a message: one harmless line, however large it is. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(harmless(value.slice(0, shownLength)));
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
