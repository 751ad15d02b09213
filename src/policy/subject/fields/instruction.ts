import type { Fields } from '../contract.ts';

/** One line of the image's history: what a Dockerfile's instruction left. */
export const instructionFields: Fields = {
  name: { type: 'string', doc: '`RUN`, `COPY`, `ADD`, `ENV`, `USER` …; empty when the line does not tell' },
  text: { type: 'string', doc: 'without secrets' },
  layer: { type: 'int', doc: 'the layer that it made, from 0; -1 when it made none' },
  from: { type: 'string', doc: '`base` or `own`' },
  index: { type: 'int', doc: 'its place in the history, from 0' },
};
