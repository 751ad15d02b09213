import type { Fields } from '../contract.ts';

/** A user of the image. */
export const accountFields: Fields = {
  name: { type: 'string', doc: '' },
  uid: { type: 'int', doc: '' },
  gid: { type: 'int', doc: '' },
  home: { type: 'string', doc: '' },
  shell: { type: 'string', doc: '' },
  groups: { type: 'list<string>', doc: 'by name' },
  password: { type: 'string', doc: '`none` (nobody is asked), `locked`, `set` or `unknown`' },
  login: { type: 'bool', doc: 'whether the shell lets somebody log in' },
};
