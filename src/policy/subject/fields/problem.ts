import type { Fields } from '../contract.ts';

/** What could not be read or decided. */
export const problemFields: Fields = {
  code: { type: 'string', doc: 'such as `rpm/header-truncated`' },
  message: { type: 'string', doc: '' },
  path: { type: 'string', doc: 'empty when it is of no file' },
  layer: { type: 'int', doc: '-1 when it is of no layer' },
  blinding: { type: 'bool', doc: 'whether a verdict that ignored it could be wrong' },
};
