import type { Fields } from '../contract.ts';

/** A Dockerfile or Containerfile as a whole. */
export const dockerfileFields: Fields = {
  path: { type: 'string', doc: 'as it was named' },
  syntax: { type: 'string', doc: 'what its directive names to read it: `docker/dockerfile:1`; else empty' },
  base: { type: 'string', doc: 'the image that the last stage comes down to' },
  stages: { type: 'list<Stage>', doc: 'in the order of the file' },
  instructions: { type: 'list<Instruction>', doc: 'of all stages, in the order of the file' },
};

/** One stage of a Dockerfile. */
export const stageFields: Fields = {
  name: { type: 'string', doc: 'as other stages call it, in lower case; empty when it has no name' },
  index: { type: 'int', doc: 'from 0' },
  image: { type: 'string', doc: 'the image or stage that it starts from' },
  line: { type: 'int', doc: 'of its FROM, from 1' },
  final: { type: 'bool', doc: 'whether it makes the image itself, and not only what is copied from' },
  used: { type: 'bool', doc: 'whether the image needs it' },
};
