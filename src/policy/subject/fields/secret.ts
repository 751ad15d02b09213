import type { Fields } from '../contract.ts';

/** A secret that was found, without the secret. */
export const secretFields: Fields = {
  id: { type: 'string', doc: 'the rule: `secret/github-token`' },
  title: { type: 'string', doc: 'what kind of secret it is' },
  severity: { type: 'string', doc: '`critical`, `high`, `medium`, `low`' },
  score: { type: 'int', doc: 'how sure it is that it is a secret in use, from 0 to 100' },
  where: { type: 'string', doc: '`file`, `environment`, `label`, `annotation`, `history` or `commit`' },
  path: { type: 'string', doc: 'of the file; else empty' },
  name: { type: 'string', doc: 'of the variable or label; else empty' },
  line: { type: 'int', doc: 'from 1; 0 where there are no lines' },
  layer: { type: 'int', doc: 'the layer that brought it, from 0; -1 where there is none' },
  from: { type: 'string', doc: '`base` or `own`' },
  removed: { type: 'bool', doc: 'whether a later layer deletes the file: it is in the image all the same' },
  commit: { type: 'string', doc: 'the commit that brought it; else empty' },
  notes: { type: 'list<string>', doc: 'what checks without a network have said: `its checksum holds`' },
  expires: { type: 'string', doc: 'the day on which it ends, as it says itself: `2027-01-31`; else empty' },
  expired: { type: 'bool', doc: 'whether that day is over' },
  package: { type: 'string', doc: 'purl of the package that ships the file; else empty' },
  introduced: { type: 'bool', doc: 'whether the baseline does not have it; true without a baseline' },
  blame: { type: 'string', doc: 'where there is a baseline: `introduced-known` or `inherited-known`' },
};
