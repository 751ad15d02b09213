import type { FileQuery } from '../../model/collected.ts';

/**
 * What rules on changes ask for: all files that run as somebody else. A rule on files that asks for the same shares it: the
 * id is that of its text, and written down, for verdicts in milliseconds do not load what digests are made with.
 */
export const setuidQuery: FileQuery = {
  id: 'sha256:f1b58a627ca33c6a11303c34aadd1cfecdda186a8821d1d45463b43f6705381d',
  paths: ['/**'],
  modes: ['setgid', 'setuid'],
};
