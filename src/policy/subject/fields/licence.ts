import type { Fields } from '../contract.ts';

/** A licence that a package states, or that a file holds the text of. */
export const licenceFields: Fields = {
  expression: {
    type: 'string',
    doc: 'SPDX licence expression; `NOASSERTION` where it could not be told, `NONE` where there is none',
  },
  ids: { type: 'list<string>', doc: 'the SPDX ids in it, each once' },
  known: { type: 'bool', doc: 'whether it could be told: neither `NOASSERTION` nor `NONE`' },
  stated: { type: 'string', doc: 'what was written, where that is not the expression; else empty' },
  class: { type: 'string', doc: '`permitted`, `notice`, `reciprocal`, `restricted`, `forbidden` or `unknown`' },
  package: { type: 'string', doc: 'purl of the package; empty where it is of none' },
  name: { type: 'string', doc: 'of the package; else empty' },
  version: { type: 'string', doc: 'of the package; else empty' },
  distribution: { type: 'bool', doc: "whether it is of a package of the distribution's own package manager" },
  path: { type: 'string', doc: 'of the file with the text; empty where the package states it' },
  layer: { type: 'int', doc: 'from 0' },
  from: { type: 'string', doc: '`base` or `own`' },
};
