import type { Fields } from '../contract.ts';

/** A source of vulnerability data that the image needs. */
export const sourceFields: Fields = {
  name: { type: 'string', doc: '`Debian`, `npm`, `KEV`, `EPSS` …' },
  feed: { type: 'bool', doc: 'whether it only adds to findings' },
  missing: { type: 'bool', doc: 'whether there is no data' },
  starter: { type: 'bool', doc: 'whether only the built-in starter set was used' },
  ageHours: { type: 'int', doc: 'whole hours since it was last known current; -1 when not known' },
  newest: { type: 'string', doc: 'RFC 3339: newest record; empty when there is none' },
  records: { type: 'int', doc: '' },
  failed: { type: 'bool', doc: 'whether its last update failed' },
};
