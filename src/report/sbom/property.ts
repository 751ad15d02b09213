/** A name and value of our own, for what a format has no field for; names are in the namespace `sluice:`. */
export interface Property {
  readonly name: string;
  readonly value: string;
}

/** Makes a property of sluice's namespace. */
export function property(name: string, value: string): Property {
  return { name: `sluice:${name}`, value };
}

/** A property, where there is a value. */
export function optional(name: string, value: string | undefined): Property[] {
  return value === undefined ? [] : [property(name, value)];
}
