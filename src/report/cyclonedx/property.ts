/** A name and value of our own (CycloneDX `property`); names are in the namespace `sluice:`. */
export interface Property {
  readonly name: string;
  readonly value: string;
}

/** Makes a property of sluice's namespace. */
export function property(name: string, value: string): Property {
  return { name: `sluice:${name}`, value: value };
}
