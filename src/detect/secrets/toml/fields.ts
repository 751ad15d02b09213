import { SluiceError } from '../../../util/error.ts';
import { nearest } from '../../../util/nearest.ts';
import type { Positions } from './positions.ts';

/** Longest text of a field (UTF-16 units). */
const longestText = 20_000;
/** Most items of a list. */
const mostItems = 10_000;

/** Returns the pattern, or throws with its line when it cannot be used. */
export type CheckPattern = (pattern: string, fields: Fields, name: string) => string;

/** One table of a rule file; every message names the file and the line. */
export class Fields {
  readonly path: string;
  readonly #table: Readonly<Record<string, unknown>>;
  readonly #file: string;
  readonly #positions: Positions;

  constructor(table: Readonly<Record<string, unknown>>, path: string, file: string, positions: Positions) {
    this.#table = table;
    this.path = path;
    this.#file = file;
    this.#positions = positions;
  }

  /** A failure at a key of the table, or at the table. */
  fail(message: string, name?: string): SluiceError {
    const line = (name && this.#positions.get(this.#pathOf(name))) ?? this.#positions.get(this.path) ?? 1;
    return new SluiceError('rules/toml', `${this.#file}:${line}: ${message}`);
  }

  /** @throws SluiceError for a key that is none of these */
  only(known: readonly string[]): void {
    for (const name of Object.keys(this.#table)) {
      if (known.includes(name)) continue;
      const like = nearest(name, known);
      const hint = like === undefined ? '' : `; did you mean ${like}?`;
      throw this.fail(`${this.#where()} has no field ${JSON.stringify(name.slice(0, 60))}${hint}`, name);
    }
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#table, name);
  }

  text(name: string): string | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw this.fail(`${name} must be a text`, name);
    if (value.length > longestText) throw this.fail(`${name} is longer than ${longestText} characters`, name);
    return value;
  }

  number(name: string, least: number, most: number): number | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !(value >= least && value <= most))
      throw this.fail(`${name} must be a number from ${least} to ${most}`, name);
    return value;
  }

  flag(name: string): boolean {
    const value = this.#get(name);
    if (value !== undefined && typeof value !== 'boolean') throw this.fail(`${name} must be true or false`, name);
    return value === true;
  }

  /** One of some words, in any case. */
  word<T extends string>(name: string, words: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = words.find((word) => word === text.toLowerCase());
    if (found !== undefined) return found;
    const like = nearest(text.toLowerCase(), words);
    const hint = like === undefined ? '' : `; did you mean ${like}?`;
    throw this.fail(`${name} must be one of ${words.join(', ')}${hint}`, name);
  }

  texts(name: string): readonly string[] {
    const value = this.#get(name);
    if (value === undefined) return [];
    const isList =
      Array.isArray(value) && value.every((item) => typeof item === 'string' && item.length <= longestText);
    if (!isList) throw this.fail(`${name} must be a list of texts`, name);
    if (value.length > mostItems) throw this.fail(`${name} has more than ${mostItems} items`, name);
    return value;
  }

  /** The table of that name. */
  table(name: string): Fields | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    if (!isTable(value)) throw this.fail(`${name} must be a table`, name);
    return new Fields(value, this.#pathOf(name), this.#file, this.#positions);
  }

  /** The tables of that list. */
  tables(name: string): readonly Fields[] {
    const value = this.#get(name);
    if (value === undefined) return [];
    if (!Array.isArray(value) || !value.every(isTable)) throw this.fail(`${name} must be a list of tables`, name);
    if (value.length > mostItems) throw this.fail(`${name} has more than ${mostItems} items`, name);
    return value.map((item, at) => new Fields(item, `${this.#pathOf(name)}[${at}]`, this.#file, this.#positions));
  }

  /** Whether what stands under the name is a list. */
  isList(name: string): boolean {
    return Array.isArray(this.#get(name));
  }

  #get(name: string): unknown {
    return Object.hasOwn(this.#table, name) ? this.#table[name] : undefined;
  }

  #pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  #where(): string {
    return this.path === '' ? 'the file' : this.path.replace(/\[\d+\]/g, '');
  }
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
