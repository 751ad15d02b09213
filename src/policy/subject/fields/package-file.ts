import type { Fields } from '../contract.ts';

/** A file that is not any more what its package says. */
export const packageFileFields: Fields = {
  path: { type: 'string', doc: '' },
  state: { type: 'string', doc: '`changed` or `missing`' },
  package: { type: 'string', doc: 'purl' },
  name: { type: 'string', doc: 'of the package' },
  version: { type: 'string', doc: 'of the package' },
  ecosystem: { type: 'string', doc: 'of the package' },
  layer: { type: 'int', doc: 'the layer that changed it; -1 when it is missing' },
  from: { type: 'string', doc: '`base` or `own`; empty when it is missing' },
};
