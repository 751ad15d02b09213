import type { Fields } from '../contract.ts';

/** The distribution, as `etc/os-release` says; texts are empty where there is none. */
export const distributionFields: Fields = {
  id: { type: 'string', doc: '`debian`, `alpine` …' },
  version: { type: 'string', doc: '`12`, `3.18.9`' },
  name: { type: 'string', doc: 'for people' },
  codename: { type: 'string', doc: '' },
  like: { type: 'list<string>', doc: '' },
  endOfLife: { type: 'string', doc: 'last day with security updates for everybody; empty when not known' },
  daysToEndOfLife: { type: 'int', doc: 'whole days until then, negative when it is over; 100000 when not known' },
  extended: { type: 'string', doc: 'until when updates are sold; empty when they are not' },
};
