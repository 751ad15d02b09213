import type { Fields } from '../contract.ts';

/** What verified provenance says; empty until attestations are verified. */
export const provenanceFields: Fields = {
  builder: { type: 'string', doc: '' },
  source: { type: 'string', doc: 'repository that it was built from' },
  revision: { type: 'string', doc: 'commit' },
  level: { type: 'int', doc: 'SLSA build level; 0 when none is proven' },
};
