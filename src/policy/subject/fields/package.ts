import type { Fields } from '../contract.ts';

/** A package of the image. */
export const packageFields: Fields = {
  name: { type: 'string', doc: 'as its ecosystem writes it' },
  version: { type: 'string', doc: 'the full version, with epoch and release' },
  purl: { type: 'string', doc: '' },
  ecosystem: { type: 'string', doc: 'purl type: `deb`, `apk`, `rpm`, `npm`, `pypi`, `golang`, `maven` …' },
  distribution: { type: 'bool', doc: "whether it is of the distribution's own package manager" },
  presence: { type: 'string', doc: '`installed`, `declared` or `application`' },
  installed: { type: 'bool', doc: '' },
  declared: { type: 'bool', doc: 'whether only a lock file or manifest names it' },
  license: { type: 'string', doc: 'as the package states it; empty when it does not' },
  licenses: { type: 'list<string>', doc: 'the licences named in that, each once' },
  licenseClass: { type: 'string', doc: '`permitted`, `notice`, `reciprocal`, `restricted`, `forbidden` or `unknown`' },
  origin: { type: 'string', doc: 'name of the source package; its own where it is its own source' },
  originVersion: { type: 'string', doc: '' },
  vendor: { type: 'string', doc: 'who made it, where a package database says so; else empty' },
  arch: { type: 'string', doc: '' },
  layer: { type: 'int', doc: 'the layer that brought it, from 0' },
  from: { type: 'string', doc: '`base` or `own`' },
  paths: { type: 'list<string>', doc: 'where it was found' },
  dev: { type: 'bool', doc: 'whether it is only needed to develop or test, says the lock file' },
  hashes: { type: 'list<string>', doc: '`sha256:…` of what was downloaded, where known' },
  ownedBy: {
    type: 'string',
    doc: "purl of the distribution's package whose files these are; empty when there is none",
  },
  flaws: { type: 'int', doc: 'how many findings that count are in it' },
  worst: { type: 'string', doc: 'the worst severity among those; empty when there are none' },
  newestFix: {
    type: 'string',
    doc: 'the lowest version that clears all its findings that have a fix; empty when there is none',
  },
};
