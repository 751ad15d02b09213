import type { Fields } from '../contract.ts';

/** A configuration file of a program, as the program reads it. */
export const documentFields: Fields = {
  path: { type: 'string', doc: 'absolute' },
  name: { type: 'string', doc: 'the last part of the path' },
  format: { type: 'string', doc: '`sshd`, `nginx`, `ini` …' },
  settings: {
    type: 'map<string, string>',
    doc: 'the values that the program goes by, by name; a setting that is not there has no entry',
  },
  all: { type: 'list<Setting>', doc: 'all settings in their order, also those in blocks' },
  layer: { type: 'int', doc: 'the layer that put it there, from 0; -1 when not known' },
  from: { type: 'string', doc: '`base` or `own`' },
  owner: { type: 'string', doc: 'purl of the package that lists the file; empty when none does' },
  owned: { type: 'bool', doc: 'whether a package lists the file' },
};

/** One setting of a document. */
export const settingFields: Fields = {
  name: { type: 'string', doc: 'in lower case where the program does not care' },
  value: { type: 'string', doc: 'all of it as one text, without quotes' },
  args: { type: 'list<string>', doc: 'the words of the value' },
  attributes: {
    type: 'map<string, string>',
    doc: 'of an XML element, with the texts of the elements in it that hold nothing else; else empty',
  },
  block: { type: 'string', doc: 'the blocks around it: `http > server`; empty at the top' },
  line: { type: 'int', doc: 'from 1; 0 when not known' },
  path: { type: 'string', doc: 'of the file that it stands in, which may be one that was included' },
};
