import type { PackageRecord } from '../../model/package.ts';

const slash = 0x2f;
const conflict = 0x21;

/** Names in `D:` or `p:` of one package that are looked at; the largest real ones have some thousands. */
const wordLimit = 20_000;

/** What the packages of a database need of each other. */
export class Dependencies {
  readonly #providers = new Providers();
  readonly #needs: { readonly at: number; readonly depends: string }[] = [];

  /** Notes `D:` and `p:` of the package that stands at a place in the list. */
  add(name: string, at: number, depends: string | undefined, provides: string | undefined): void {
    if (provides) this.#providers.add(name, provides);
    if (depends) this.#needs.push({ at, depends });
  }

  /** Says it of the packages, once all providers are known. */
  settle(packages: PackageRecord[]): void {
    for (const { at, depends } of this.#needs) {
      const record = packages[at];
      const needs = record && neededBy(record.name, depends, this.#providers);
      if (record && needs) packages[at] = { ...record, needs };
    }
  }
}

/** Which package provides what is no package's name, such as `so:libz.so.1`; undefined for what several provide. */
class Providers {
  readonly #of = new Map<string, string | undefined>();

  /** Notes what `p:` says: `so:libz.so.1=1.2.13 cmd:x=1`. */
  add(name: string, provides: string): void {
    for (const word of words(provides)) {
      if (!word.includes(':')) continue;
      const known = this.#of.get(word);
      this.#of.set(word, known === name || !this.#of.has(word) ? name : undefined);
    }
  }

  of(word: string): string | undefined {
    return this.#of.get(word);
  }
}

/**
 * The packages that `D:` names, sorted and each once: `busybox>=1.36 so:libz.so.1 /bin/sh !uclibc`. What is no package's
 * name is looked up with the providers; conflicts and files are left out, and so is the package itself.
 */
function neededBy(name: string, depends: string, providers: Providers): readonly string[] | undefined {
  const needs = new Set<string>();
  for (const word of words(depends)) {
    const first = word.charCodeAt(0);
    if (first === conflict || first === slash) continue;
    const needed = word.includes(':') ? providers.of(word) : word;
    if (needed !== undefined && needed !== name) needs.add(needed);
  }
  return needs.size === 0 ? undefined : [...needs].sort();
}

/** Words between blanks, without the version that is asked for: `=`, `<`, `>` and `~` start it, `@` a repository. */
function* words(text: string): Generator<string> {
  let count = 0;
  for (let at = 0; at < text.length && count < wordLimit; ) {
    const blank = text.indexOf(' ', at);
    const end = blank < 0 ? text.length : blank;
    const word = text.slice(at, nameEnd(text, at, end));
    if (word !== '') {
      count++;
      yield word;
    }
    at = end + 1;
  }
}

function nameEnd(text: string, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if ((code >= 0x3c && code <= 0x3e) || code === 0x7e || code === 0x40) return at;
  }
  return end;
}
