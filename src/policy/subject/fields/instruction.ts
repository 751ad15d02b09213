import type { Fields } from '../contract.ts';

/** One line of the image's history, or one instruction of a Dockerfile. What only a Dockerfile tells is empty in a history. */
export const instructionFields: Fields = {
  name: { type: 'string', doc: '`RUN`, `COPY`, `ADD`, `ENV`, `USER` …; empty when the line does not tell' },
  text: { type: 'string', doc: 'without secrets; of RUN without its flags' },
  layer: { type: 'int', doc: 'the layer that it made, from 0; -1 when it made none' },
  from: { type: 'string', doc: '`base` or `own`' },
  index: { type: 'int', doc: 'its place in the history, or in the Dockerfile, from 0' },
  line: { type: 'int', doc: 'of the Dockerfile, from 1; 0 where none was read' },
  stage: { type: 'string', doc: 'name of the stage in a Dockerfile, else its number; empty in a history' },
  final: {
    type: 'bool',
    doc: 'whether it makes the image itself, and not only what is copied from; true in a history',
  },
  used: { type: 'bool', doc: 'whether the image needs its stage; true in a history' },
  arguments: {
    type: 'list<string>',
    doc: 'its words behind the flags, or those of the list; variables resolved in a Dockerfile',
  },
  flags: { type: 'map<string, string>', doc: 'by name without dashes: `from`, `chown`, `platform` …' },
  mounts: { type: 'list<string>', doc: 'what `--mount` of RUN says: `type=cache,target=/root/.cache`' },
  exec: { type: 'bool', doc: 'whether it is a list of words and no script' },
  commands: { type: 'list<Command>', doc: 'what RUN, CMD, ENTRYPOINT and HEALTHCHECK run' },
  pipefail: { type: 'bool', doc: 'whether a command that fails in front of a pipe ends the script' },
  sets: {
    type: 'map<string, string>',
    doc: 'what ENV, ARG and LABEL set; values of what looks like a secret are `***`',
  },
  secrets: { type: 'list<string>', doc: 'names of those whose name or value is that of a secret' },
  image: { type: 'string', doc: 'of FROM and `--from`: the image that is no stage of the Dockerfile; else empty' },
  endOfLife: {
    type: 'string',
    doc: 'last day of support for the distribution in that image, where its tag tells: `2021-05-01`; else empty',
  },
  overridden: {
    type: 'bool',
    doc: 'whether a later instruction of the same stage takes its place: only the last CMD counts',
  },
};
