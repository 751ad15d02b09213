import { parseReference, type Reference } from '../../model/reference.ts';

/** The reference that a name from outside is; undefined when it is none. */
export function namedReference(name: string | undefined): Reference | undefined {
  if (name === undefined) return undefined;
  try {
    return parseReference(name);
  } catch {
    return undefined;
  }
}
