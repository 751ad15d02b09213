import type { VexComponent, VexProduct, VexStatement, VexStatus } from '../../model/vex.ts';
import { harmless } from '../../util/harmless.ts';
import { asArray, asRecord } from '../../util/json.ts';
import { componentLimit, idLimit, nameLimit, proseLimit, statementLimit, tooMany, unreadLimit } from './limits.ts';

/** An object of a document. */
export type Json = Readonly<Record<string, unknown>>;

/** What a reader makes of a document, bounded: statements, and lines on what it could not read. */
export class VexDraft {
  readonly statements: VexStatement[] = [];
  readonly #unread: string[] = [];
  #left = 0;
  #components = 0;

  /** Adds a statement. @throws SluiceError `vex/too-many` */
  add(statement: VexStatement): void {
    if (this.statements.length === statementLimit) throw tooMany('statements', statementLimit);
    for (const { subcomponents } of statement.products) this.#components += 1 + subcomponents.length;
    if (this.#components > componentLimit) throw tooMany('products', componentLimit);
    this.statements.push(statement);
  }

  /** Notes what could not be read: one line. */
  skip(line: string): void {
    if (this.#unread.length === unreadLimit) this.#left++;
    else this.#unread.push(harmless(line.slice(0, 400)));
  }

  /** One line each; the last one tells how many more there would be. */
  unread(): string[] {
    return this.#left === 0 ? this.#unread : [...this.#unread, `and ${this.#left} more`];
  }
}

const statuses: ReadonlySet<string> = new Set(['not_affected', 'affected', 'fixed', 'under_investigation']);

/** The value as one of the four words of VEX; undefined when it is none. */
export function statusOf(value: unknown): VexStatus | undefined {
  return typeof value === 'string' && statuses.has(value) ? (value as VexStatus) : undefined;
}

/**
 * Whether it says `not_affected` and not why. The minimum requirements for VEX ask for a justification or for words: one
 * without either is not gone by, for nobody could check it.
 */
export function lacksReason(status: VexStatus, justification: string | undefined, reason: string | undefined): boolean {
  return status === 'not_affected' && justification === undefined && reason === undefined;
}

/** What is noted of a statement that {@link lacksReason}. */
export const withoutReason = 'says not_affected without a justification or an impact statement, and is not gone by';

/** Prose, cut to what is kept; undefined when it is none or empty. */
export function proseOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return value.slice(0, proseLimit).trim() || undefined;
}

/** An identifier; undefined when it is none, empty or longer than any is. */
export function idOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > idLimit) return undefined;
  return value.trim() || undefined;
}

/** Texts, each once and without those that are undefined. */
export function each(texts: Iterable<string | undefined>): string[] {
  const found = new Set<string>();
  for (const text of texts) if (text !== undefined && found.size < nameLimit) found.add(text);
  return [...found];
}

/** A component of what a document calls it: purls first, then CPEs, then other texts. */
export function componentOf(ids: Iterable<string | undefined>, hashes: Iterable<string | undefined>): VexComponent {
  const sorted = each(ids).sort((a, b) => rankOf(a) - rankOf(b));
  return { ids: sorted, hashes: each(hashes) };
}

/** A component as a product, about parts of it or about all of it. */
export function productOf(component: VexComponent, subcomponents: readonly VexComponent[] = []): VexProduct {
  return { ids: component.ids, hashes: component.hashes, subcomponents };
}

/** Whether a document names the component in any way. */
export function isNamed({ ids, hashes }: VexComponent): boolean {
  return ids.length > 0 || hashes.length > 0;
}

function rankOf(id: string): number {
  if (id.startsWith('pkg:')) return 0;
  return id.startsWith('cpe:') ? 1 : 2;
}

const hexText = /^[0-9a-f]{32,128}$/;

/** `sha-256`, `SHA-256` or `sha256` and hex as `sha256:` and hex in lower case; undefined when it is no hash. */
export function hashOf(algorithm: unknown, value: unknown): string | undefined {
  if (typeof algorithm !== 'string' || typeof value !== 'string' || algorithm.length > 20) return undefined;
  // `sha3-256` keeps its hyphen: without it, it would be another algorithm's name.
  const name = algorithm.toLowerCase().replace(/^sha-(?=[125]|384)/, 'sha');
  const hex = value.toLowerCase();
  return /^[a-z0-9-]+$/.test(name) && hexText.test(hex) ? `${name}:${hex}` : undefined;
}

/** The objects of a list; none when it is no list. */
export function recordsOf(value: unknown): Json[] {
  return (asArray(value) ?? []).map(asRecord).filter((item) => item !== undefined);
}

/** How a line on something unread begins: `statement 3 (CVE-2024-1)`. */
export function placeOf(what: string, index: number, name: string | undefined): string {
  return name === undefined ? `${what} ${index + 1}` : `${what} ${index + 1} (${name.slice(0, 80)})`;
}
