import type { SecretReader, SecretScanner } from '../../detect/secrets/contract.ts';
import type { Place } from '../../model/placed-finding.ts';
import type { Problem } from '../../model/problem.ts';
import type { SecretMatch } from '../../model/survey.ts';
import { SluiceError } from '../../util/error.ts';
import type { SourceSecret, SourceSecrets } from './contract.ts';
import { commitMark, DiffReader, type OnAdded } from './diff-reader.ts';
import { diffFlags, type Repository, readGit, runGit } from './git.ts';

/** Largest hash that git answers with (bytes, with its end). */
const mostOfHash = 200;
/** Most problems that are told. */
const mostProblems = 100;
/** Says that all of the history is meant. */
const wholeHistory = 'beginning';

/**
 * Searches the lines that commits since a revision have added, the oldest first: each secret is told once, with the commit
 * that brought it. `scanner` tells values, so that one is known again wherever it is moved; `values`: whether they are
 * told as well.
 * @throws SluiceError `git/...`, `usage/since`
 */
export async function searchHistory(
  scanner: SecretScanner,
  repository: Repository,
  since: string,
  values: boolean,
): Promise<SourceSecrets> {
  const range = since === wholeHistory ? ['HEAD'] : [`${await commitOf(repository, since)}..HEAD`];
  const args = ['log', '--patch', '--diff-merges=dense-combined', '--topo-order', '--reverse', ...diffFlags];
  return searchChanges(scanner, values, repository, [...args, `--format=${commitMark}%H`, ...range, '--']);
}

/** Searches the lines that are staged, as {@link searchHistory} does. @throws SluiceError `git/...` */
export async function searchStaged(
  scanner: SecretScanner,
  repository: Repository,
  values: boolean,
): Promise<SourceSecrets> {
  return searchChanges(scanner, values, repository, ['diff', '--cached', ...diffFlags, '--']);
}

async function searchChanges(
  scanner: SecretScanner,
  values: boolean,
  repository: Repository,
  args: readonly string[],
): Promise<SourceSecrets> {
  const changes = new Changes(scanner, values);
  const reader = new DiffReader(changes);
  await runGit(repository, args, (bytes) => reader.write(bytes));
  reader.end();
  return changes;
}

/** The full hash of what the user calls a commit. */
async function commitOf(repository: Repository, since: string): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${since}^{commit}`];
  const hash = await readGit(repository, args, mostOfHash).catch((thrown: unknown) => {
    if (thrown instanceof SluiceError && thrown.code !== 'git/failed') throw thrown;
    throw new SluiceError('usage/since', `there is no commit ${since}`, `of all the history: --since ${wholeHistory}`);
  });
  return hash.toString('latin1').trim();
}

/** The added lines of one file are one text; where they stand in the file is known by part. */
class Changes implements OnAdded, SourceSecrets {
  readonly found: SourceSecret[] = [];
  readonly problems: Problem[] = [];
  readonly #scanner: SecretScanner;
  readonly #values: boolean;
  readonly #known = new Set<string>();
  #commit: string | undefined;
  #path = '';
  #reader: SecretReader | undefined;
  /** The line of the text at which each part begins, and which line of the file that is. */
  #parts: { readonly at: number; readonly line: number }[] = [];
  #lines = 0;

  constructor(scanner: SecretScanner, values: boolean) {
    this.#scanner = scanner;
    this.#values = values;
  }

  commit(hash: string): void {
    this.#finish();
    this.#commit = hash;
  }

  file(path: string): void {
    this.#finish();
    this.#path = path;
    this.#reader = this.#scanner.open(path, Number.NaN, this.#commit);
  }

  hunk(line: number): void {
    if (this.#reader === undefined) return;
    // An empty line between parts: what ends one and begins the next stand apart in the file.
    if (this.#parts.length > 0) this.added(separator);
    this.#parts.push({ at: this.#lines + 1, line });
  }

  added(bytes: Buffer): void {
    if (this.#reader === undefined) return;
    for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) this.#lines++;
    if (!this.#reader.write(bytes)) this.#finish();
  }

  end(): void {
    this.#finish();
  }

  #finish(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader !== undefined) {
      const { matches, problems } = reader.end();
      for (const match of matches) this.#take(match);
      for (const problem of problems)
        if (this.problems.length < mostProblems) this.problems.push({ ...problem, path: this.#path });
    }
    this.#parts = [];
    this.#lines = 0;
  }

  #take({ value, ...hidden }: SecretMatch): void {
    const match = this.#values && value !== undefined ? { ...hidden, value } : hidden;
    const key = `${match.rule}\0${value ?? match.fingerprint}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    const line = this.#lineOf(match.line);
    const span = { line, column: match.column, endLine: line + match.endLine - match.line, endColumn: match.endColumn };
    const commit = this.#commit;
    const place: Place =
      commit === undefined
        ? { in: 'file', path: this.#path, ...span }
        : { in: 'commit', path: this.#path, commit, ...span };
    this.found.push({ match, place });
  }

  #lineOf(line: number): number {
    const part = this.#parts.findLast(({ at }) => at <= line);
    return part === undefined ? line : part.line + line - part.at;
  }
}

const separator = Buffer.from('\n');
