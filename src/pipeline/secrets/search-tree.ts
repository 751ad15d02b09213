import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import type { SecretScanner } from '../../detect/secrets/contract.ts';
import { blinding, type Problem, warning } from '../../model/problem.ts';
import { walkDirectory } from '../../source/directory.ts';
import { spanOf } from '../placed/secret-findings.ts';
import type { SourceSecret, SourceSecrets } from './contract.ts';
import { type Repository, readGit } from './git.ts';

/** Largest list of files that git may tell (bytes). */
const mostListed = 256 * 1024 * 1024;
/** Bytes read from a file at once. */
const pieceSize = 256 * 1024;
/** Most problems that are told. */
const mostProblems = 100;

/**
 * Searches the files of a folder: those that a repository has or would take (`.gitignore`), else all. Symbolic links are
 * not followed, so that nothing is read twice or outside of the folder.
 * @throws SluiceError `git/...`, `directory/...`
 */
export async function searchTree(
  scanner: SecretScanner,
  repository: Repository,
  isRepository: boolean,
): Promise<SourceSecrets> {
  if (!isRepository) return searchAll(scanner, repository.folder);
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = await readGit(repository, args, mostListed);
  const problems: Problem[] = [];
  const found: SourceSecret[] = [];
  let before = '';
  for (const name of namesIn(listed)) {
    // Of a merge that is not done a file is there several times.
    if (name.length === 0 || name.toString('latin1') === before) continue;
    before = name.toString('latin1');
    searchFile(scanner, repository.folder, name, found, problems);
  }
  return { found, problems };
}

function* namesIn(listed: Buffer): Generator<Buffer> {
  for (let from = 0; from < listed.length; ) {
    const end = listed.indexOf(0, from);
    const to = end < 0 ? listed.length : end;
    yield listed.subarray(from, to);
    from = to + 1;
  }
}

const piece = Buffer.allocUnsafeSlow(pieceSize);

/** `name`: below the folder, as bytes, which need not be UTF-8. */
function searchFile(
  scanner: SecretScanner,
  folder: string,
  name: Buffer,
  found: SourceSecret[],
  problems: Problem[],
): void {
  const path = name.toString('utf8');
  const file = Buffer.concat([Buffer.from(`${folder}/`), name]);
  let descriptor: number | undefined;
  try {
    // A file that is deleted and not committed is listed as well.
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (!stat?.isFile()) return;
    const reader = scanner.open(path, stat.size);
    if (reader === undefined) return;
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    // It may have been exchanged for a pipe since it was looked at.
    if (!fstatSync(descriptor).isFile()) return;
    for (;;) {
      const got = readSync(descriptor, piece, 0, pieceSize, null);
      if (got === 0 || !reader.write(piece.subarray(0, got))) break;
    }
    const read = reader.end();
    for (const match of read.matches) found.push({ match, place: { in: 'file', path, ...spanOf(match) } });
    for (const problem of read.problems) note(problems, { ...problem, path });
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === undefined) throw thrown;
    note(problems, blinding('secrets/unreadable', `the file can't be read (${code})`, path));
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function note(problems: Problem[], problem: Problem): void {
  if (problems.length < mostProblems) problems.push(problem);
  else if (problems.length === mostProblems)
    problems.push(warning('secrets/more-problems', 'there are more problems than are told'));
}

/** All files below a folder that is no repository. */
function searchAll(scanner: SecretScanner, folder: string): SourceSecrets {
  const found: SourceSecret[] = [];
  const problems: Problem[] = [];
  const walked = walkDirectory(folder, {
    entry({ path, type, size }) {
      const reader = type === 'file' && !isGits(path) ? scanner.open(path, size) : undefined;
      if (reader === undefined) return undefined;
      const end = (): void => {
        const read = reader.end();
        for (const match of read.matches) found.push({ match, place: { in: 'file', path, ...spanOf(match) } });
        for (const problem of read.problems) note(problems, { ...problem, path });
      };
      return {
        write(bytes) {
          if (reader.write(bytes)) return true;
          end();
          return false;
        },
        end,
      };
    },
  });
  return { found, problems: [...walked, ...problems] };
}

/** What git keeps for itself: histories are searched by what they say. */
function isGits(path: string): boolean {
  return path.startsWith('.git/objects/') || path.includes('/.git/objects/');
}
