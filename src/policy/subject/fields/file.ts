import type { Fields } from '../contract.ts';

/** A file of the final image that the rule's `files:` asks for. */
export const fileFields: Fields = {
  path: { type: 'string', doc: 'absolute' },
  name: { type: 'string', doc: 'the last part of the path' },
  folder: { type: 'string', doc: 'the path without it' },
  kind: { type: 'string', doc: '`file`, `folder`, `symlink` or `device`' },
  size: { type: 'int', doc: 'bytes' },
  mode: { type: 'int', doc: 'permission bits; write octal as 0x… or compare `octal`' },
  octal: { type: 'string', doc: 'permission bits in octal, always four digits: `4755`, `0640`' },
  setuid: { type: 'bool', doc: '' },
  setgid: { type: 'bool', doc: '' },
  sticky: { type: 'bool', doc: '' },
  worldWritable: { type: 'bool', doc: '' },
  executable: { type: 'bool', doc: 'for anybody' },
  uid: { type: 'int', doc: '' },
  gid: { type: 'int', doc: '' },
  user: { type: 'string', doc: 'name of the uid in /etc/passwd, else the number as text' },
  group: { type: 'string', doc: 'name of the gid in /etc/group, else the number as text' },
  link: { type: 'string', doc: 'target of a symbolic link; else empty' },
  layer: { type: 'int', doc: 'the layer that put it there, from 0' },
  from: { type: 'string', doc: '`base` or `own`' },
  owner: { type: 'string', doc: 'purl of the package that lists the file; empty when none does' },
  owned: { type: 'bool', doc: 'whether a package lists the file' },
  sha256: { type: 'string', doc: 'hex, where `digest: true` asks for it; else empty' },
  matches: { type: 'list<string>', doc: 'names of the regular expressions that were found in it' },
  values: { type: 'map<string, string>', doc: 'configuration values by name; a value that is not there has no entry' },
};
