import type { VersionOrder } from '../version/contract.ts';

/** On which side of one version the bounds of ranges lie: each is compared once, for advisories share their bounds. */
export class Sides {
  readonly version: string;
  readonly order: VersionOrder;
  readonly #known = new Map<string, number>();
  #same: Map<string, boolean> | undefined;

  constructor(version: string, order: VersionOrder) {
    this.version = version;
    this.order = order;
  }

  /** Negative when the bound is older than the version, 0 when they are equal, positive when it is newer. */
  of(bound: string): number {
    let side = this.#known.get(bound);
    if (side === undefined) {
      side = compareBounds(bound, this.version, this.order);
      this.#known.set(bound, side);
    }
    return side;
  }

  /** Whether the order knows a bound: what it says of others means nothing. */
  orders(bound: string): boolean {
    return bound === '0' || this.order.valid(bound);
  }

  /** Whether a listed version is this one in another spelling: advisories for one package list the same ones. */
  isSame(listed: string): boolean {
    this.#same ??= new Map();
    let same = this.#same.get(listed);
    if (same === undefined) {
      same = this.order.valid(listed) && this.order.compare(listed, this.version) === 0;
      this.#same.set(listed, same);
    }
    return same;
  }
}

/** The ecosystem's order, with OSV's `0` before every version, prereleases of 0 included. */
export function compareBounds(a: string, b: string, order: VersionOrder): number {
  if (a === b) return 0;
  if (a === '0') return -1;
  if (b === '0') return 1;
  return order.compare(a, b);
}
