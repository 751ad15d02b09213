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
  repeated: { type: 'bool', doc: 'whether /etc/passwd has its name twice: which of them counts depends on who reads' },
  sameId: { type: 'list<string>', doc: 'names of other users with its uid' },
  login: { type: 'bool', doc: 'whether the shell lets somebody log in' },
};
