import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SluiceError } from '../../util/error.ts';

/** A repository that may be hostile, and the settings of the user who looks into it. */
export interface Repository {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Most bytes of what git says when it fails. */
const mostSaid = 4096;

/**
 * A repository's own settings can name programs: monitors of its files, viewers, signature checkers, fetchers of what a
 * partial clone lacks. None of them runs.
 */
const safeSettings = [
  ...[
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'core.pager=cat',
    'core.sshCommand=false',
    'core.askPass=false',
  ],
  ...[
    'log.showSignature=false',
    'protocol.allow=never',
    'diff.external=',
    'diff.noprefix=false',
    'diff.mnemonicPrefix=false',
  ],
  ...['diff.orderFile=/dev/null', 'diff.suppressBlankEmpty=false', 'diff.ignoreSubmodules=all', 'core.quotePath=true'],
  ...['log.mailmap=false', 'diff.wsErrorHighlight=none', 'diff.interHunkContext=0', 'diff.relative=false'],
];

/** Flags of every command that prints changes: added lines alone, in one form whatever the settings are. */
export const diffFlags: readonly string[] = [
  ...['--unified=0', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--ignore-submodules=all'],
  ...['--relative', '--src-prefix=a/', '--dst-prefix=b/', '--diff-algorithm=myers', '--no-indent-heuristic'],
];

/**
 * Runs git without a shell and tells what it writes piece by piece; nothing is kept, and it waits for whoever reads.
 * @throws SluiceError `git/missing`, `git/failed`
 */
export async function runGit(
  { folder, env }: Repository,
  args: readonly string[],
  onBytes: (bytes: Buffer) => void,
): Promise<void> {
  const settings = safeSettings.flatMap((setting) => ['-c', setting]);
  const git = spawn('git', ['--no-pager', '--no-optional-locks', ...settings, ...args], {
    cwd: folder,
    env: {
      ...env,
      GIT_TERMINAL_PROMPT: '0',
      GIT_NO_LAZY_FETCH: '1',
      GIT_NO_REPLACE_OBJECTS: '1',
      GIT_ALLOW_PROTOCOL: '',
      LC_ALL: 'C',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  git.stderr.on('data', (bytes: Buffer) => {
    if (said.length < mostSaid) said += bytes.toString('utf8');
  });
  const closed = once(git, 'close') as Promise<[number | null]>;
  // Whoever waits below is told; nobody else must be.
  closed.catch(() => undefined);
  try {
    for await (const bytes of git.stdout) onBytes(bytes as Buffer);
    const [code] = await closed;
    if (code !== 0) throw failed(args[0] ?? '', said);
  } catch (thrown) {
    git.kill();
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT')
      throw new SluiceError('git/missing', 'there is no git program', 'it is needed for histories and staged changes');
    throw thrown;
  }
}

/** What git writes, as a whole. @throws SluiceError `git/...`; `git/too-large` beyond `most` bytes */
export async function readGit(repository: Repository, args: readonly string[], most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  await runGit(repository, args, (bytes) => {
    size += bytes.length;
    if (size > most) throw new SluiceError('git/too-large', `git ${args[0]} says more than ${most} bytes`);
    pieces.push(bytes);
  });
  return Buffer.concat(pieces);
}

function failed(command: string, said: string): SluiceError {
  const [line = ''] = said.trim().split('\n').slice(-1);
  const because = line.replace(/^(?:fatal|error): /, '').slice(0, 300);
  return new SluiceError('git/failed', `git ${command} failed${because === '' ? '' : `: ${because}`}`);
}
