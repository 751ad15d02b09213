import type { Fields } from '../contract.ts';

/** One simple command of a script that an instruction runs, also of those in `$(…)` and `sh -c`. */
export const commandFields: Fields = {
  program: { type: 'string', doc: 'the last part of its path, behind `sudo`, `env` and their like: `curl`' },
  words: { type: 'list<string>', doc: 'what stands behind it, without quotes' },
  options: { type: 'list<string>', doc: 'those that begin with a dash, without values; of `-qy` also `-q` and `-y`' },
  operands: { type: 'list<string>', doc: 'the other words, without the values of options that are known' },
  sudo: { type: 'bool', doc: 'whether sudo or doas runs it' },
  feeds: { type: 'list<string>', doc: 'programs that read what it writes, through a pipe or in their words' },
  manager: {
    type: 'string',
    doc: 'of package managers: `apt`, `apk`, `dnf`, `zypper`, `pip`, `npm`, `gem`, `go`, `cargo`, `conda`, `composer`; else empty',
  },
  packages: { type: 'list<string>', doc: 'what it names for a package manager to install' },
  unpinned: { type: 'list<string>', doc: 'those of them without a version' },
  urls: { type: 'list<string>', doc: 'its words that are addresses: `https://…`, `http://…`, `ftp://…`' },
};
