import { type PurlTerms, purlTerms } from '../../format/vex/purl-terms.ts';
import type { Package } from '../../model/package.ts';
import type { VexComponent } from '../../model/vex.ts';

/** A package with its purl in comparable terms. */
export interface KnownPackage {
  readonly found: Package;
  readonly terms: PurlTerms | undefined;
}

const known = new WeakMap<VexComponent, readonly PurlTerms[]>();

/** The package URLs among the identifiers of a component; worked out once. */
export function purlsOf(component: VexComponent): readonly PurlTerms[] {
  const before = known.get(component);
  if (before) return before;
  const terms = component.ids.map(purlTerms).filter((item) => item !== undefined);
  known.set(component, terms);
  return terms;
}

/** A name of a flaw as names are compared: without regard to case, for GHSA's are written in both. */
export function comparableName(name: string): string {
  return name.toUpperCase();
}

/** Whether something is what a statement speaks of, and how or why not. */
export type Fit =
  | { readonly fits: true; readonly how: string }
  | {
      readonly fits: false;
      readonly why: string;
      /** How near it comes: of two that do not fit, the one with more is the one that was probably meant. */
      readonly near: number;
    };

/** It is that. */
export function itFits(how: string): Fit {
  return { fits: true, how };
}

/** It is not that. */
export function noFit(near: number, why: string): Fit {
  return { fits: false, why, near };
}

/** Whether a component is the image, or only the distribution in it, of whose own packages it then speaks. */
export type ImageFit = Fit & { readonly distribution?: true };

/** The first that fits, else the one that comes nearest. */
export function best(fits: Iterable<Fit>, none: Fit): Fit {
  let nearest = none;
  for (const one of fits) {
    if (one.fits) return one;
    if (!nearest.fits && one.near > nearest.near) nearest = one;
  }
  return nearest;
}
