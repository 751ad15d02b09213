/**
 * What the name of a licence comes to: lower case, words alone, without those that all names have: `apache 2.0` for
 * `The Apache License, Version 2.0`.
 */
export function keyOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/(?<=\d)_(?=\d)/g, '.')
    .replace(/[^a-z0-9.+']+/g, ' ')
    .replace(/(?<=[a-z])v(?=\d)/g, ' ')
    .replace(/\b(?:the|license|licence|licenses|licensed|version|ver|v|gnu|clauses?|open source)\b\.?/g, ' ')
    .replace(/\bv(?=\d)/g, '')
    .replace(/\.(?=\s|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
