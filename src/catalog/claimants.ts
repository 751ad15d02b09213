import type { Ecosystem, EntryHead } from '../ecosystem/contract.ts';

const nobody: readonly Ecosystem[] = [];

/**
 * Finds the plugins that claim a path. Nearly always there is none, and there are many plugins and paths: those whose
 * paths all end in few letters are not even asked about others.
 */
export class Claimants {
  readonly #byLetter: readonly (readonly Ecosystem[])[];
  readonly #others: readonly Ecosystem[];

  constructor(ecosystems: readonly Ecosystem[]) {
    this.#others = ecosystems.filter(({ lastLetters }) => lastLetters === undefined);
    this.#byLetter = Array.from({ length: 128 }, (_, code) =>
      ecosystems.filter(({ lastLetters }) => lastLetters?.includes(String.fromCharCode(code)) !== false),
    );
  }

  /** Whether any of them does. */
  anyOf(path: string, head: EntryHead): boolean {
    for (const ecosystem of this.#byLetter[path.charCodeAt(path.length - 1)] ?? this.#others) {
      if (ecosystem.claims(path, head)) return true;
    }
    return false;
  }

  /** In the order of the plugins. */
  of(path: string, head: EntryHead): readonly Ecosystem[] {
    let found: Ecosystem[] | undefined;
    for (const ecosystem of this.#byLetter[path.charCodeAt(path.length - 1)] ?? this.#others) {
      if (!ecosystem.claims(path, head)) continue;
      if (found) found.push(ecosystem);
      else found = [ecosystem];
    }
    return found ?? nobody;
  }
}
