import type { Fields } from '../contract.ts';

/** The image that the image was built on, as far as that is known. */
export const baseFields: Fields = {
  known: { type: 'bool', doc: '' },
  by: { type: 'string', doc: '`flag`, `provenance` or `history`; empty when it is not known' },
  name: { type: 'string', doc: 'reference; empty when not known' },
  registry: { type: 'string', doc: 'of that' },
  repository: { type: 'string', doc: 'of that' },
  tag: { type: 'string', doc: 'of that' },
  digest: { type: 'string', doc: 'empty when not known' },
  layers: { type: 'int', doc: "how many of the image's layers are the base's" },
  current: { type: 'string', doc: "digest that the base's tag names now, where the registry was asked; else empty" },
  outdated: { type: 'bool', doc: 'whether the tag names another image by now; false when not known' },
  checked: { type: 'bool', doc: 'whether the registry was asked and answered' },
};
