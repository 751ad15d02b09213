import type { Waiver } from './contract.ts';
import { idKey } from './selectors.ts';

/** Finds waivers that waive the same things at the same time: which of two reasons and expiries counts would be chance. */
export class DuplicateCheck {
  readonly #known = new Map<string, Waiver[]>();

  /** Adds a waiver; the place of an earlier one that waives the same, if there is one. */
  add(waiver: Waiver): string | undefined {
    const key = selectorKey(waiver);
    const known = this.#known.get(key);
    if (known === undefined) {
      this.#known.set(key, [waiver]);
      return undefined;
    }
    const same = known.find((one) => overlap(one, waiver));
    known.push(waiver);
    return same?.place;
  }
}

/** What a waiver selects, however it was written. */
export function selectorKey({
  ids,
  packages,
  paths,
  rules,
  images,
}: Pick<Waiver, 'ids' | 'packages' | 'paths' | 'rules' | 'images'>): string {
  return JSON.stringify([ids.map(idKey), packages, paths, rules, images].map((texts) => [...texts].sort()));
}

function overlap(a: Waiver, b: Waiver): boolean {
  return (a.from ?? '') <= b.expires && (b.from ?? '') <= a.expires;
}
