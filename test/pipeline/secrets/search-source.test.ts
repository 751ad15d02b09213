import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Evidence } from '../../../src/model/evidence.ts';
import { readBaseline, readIgnored } from '../../../src/pipeline/secrets/known.ts';
import { type SearchedPart, type SourceSearch, searchSource } from '../../../src/pipeline/secrets/search-source.ts';
import { sampleRules, sampleValues } from '../../detect/secrets/sample-rules.ts';

const root = mkdtempSync(join(tmpdir(), 'sluice-secrets-'));
afterAll(() => rmSync(root, { recursive: true }));
const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

const { token, run, anywhere, password } = sampleValues;
const folder = join(root, 'project');
const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, env, encoding: 'utf8' }).trim();
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const commit = (message: string): string => {
  git('add', '--all');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message', message);
  return git('rev-parse', 'HEAD');
};

mkdirSync(folder);
git('init', '--quiet', '--initial-branch=main');
write('a.py', `# one\nkey = "${token}"\n`);
write('.gitignore', 'local.txt\n');
const first = commit('first');
write('a.py', '# one\nkey = os.environ["KEY"]\n');
write('b "c" ä.txt', `x\ny\n${run}\n`);
const second = commit('second');
git('mv', 'b "c" ä.txt', 'moved.txt');
commit('third');
write('local.txt', anywhere);
write('new.txt', `\n${password}\n`);
write('keys.bin', `\0\0${token}`);
symlinkSync('.', join(folder, 'loop'));

async function search(part: SearchedPart, more: Partial<SourceSearch> = {}): Promise<Evidence> {
  const found = await searchSource({
    repository: { folder, env },
    part,
    rules: [sampleRules],
    values: false,
    known: [],
    ...more,
  });
  return { ...found, placed: (found.placed ?? []).filter(({ id }) => !id.startsWith('secret/')) };
}

const placesIn = ({ placed = [] }: Evidence): unknown[] =>
  placed.map(({ id, place, answered }) =>
    [id, place.path, place.line, place.commit, answered?.because].filter((one) => one !== undefined),
  );

describe('searchSource', () => {
  test('searches the files that the repository has or would take', async () => {
    const found = await search({ of: 'tree' });
    expect(placesIn(found)).toEqual([
      ['password', 'new.txt', 2],
      ['run', 'moved.txt', 3],
    ]);
    expect(found.problems).toEqual([]);
    expect(found.looked).toEqual(['secrets']);
  });

  test('tells of a history each secret once, with the commit that brought it', async () => {
    expect(placesIn(await search({ of: 'history', since: 'beginning' }))).toEqual([
      ['run', 'b "c" ä.txt', 3, second],
      ['token', 'a.py', 2, first],
    ]);
    expect(placesIn(await search({ of: 'history', since: first }))).toEqual([['run', 'b "c" ä.txt', 3, second]]);
    await expect(search({ of: 'history', since: 'nowhere' })).rejects.toThrow('there is no commit nowhere');
    await expect(search({ of: 'history', since: '--output=x' })).rejects.toThrow('there is no commit --output=x');
  });

  test('searches what is staged, and that alone', async () => {
    expect(placesIn(await search({ of: 'staged' }))).toEqual([]);
    git('add', 'new.txt');
    expect(placesIn(await search({ of: 'staged' }))).toEqual([['password', 'new.txt', 2]]);
  });

  test('runs no program that the repository names', async () => {
    const trap = join(root, 'ran');
    const settings = [
      'core.fsmonitor',
      'diff.external',
      'core.pager',
      'diff.x.textconv',
      'gpg.program',
      'core.sshCommand',
    ];
    for (const name of settings) git('config', name, `touch ${trap}; false`);
    git('config', 'log.showSignature', 'true');
    write('.git/info/attributes', '* diff=x\n');
    expect(placesIn(await search({ of: 'history', since: 'beginning' }))).toHaveLength(2);
    await search({ of: 'tree' });
    await search({ of: 'staged' });
    expect(() => execFileSync('ls', [trap], { stdio: 'ignore' })).toThrow();
    for (const name of [...settings, 'log.showSignature']) git('config', '--unset', name);
  });

  test('searches a folder that is no repository', async () => {
    const plain = join(root, 'plain');
    mkdirSync(join(plain, 'sub'), { recursive: true });
    writeFileSync(join(plain, 'sub/a.txt'), token);
    symlinkSync('..', join(plain, 'sub/up'));
    const found = await search(
      { of: 'tree' },
      { repository: { folder: plain, env: { ...env, GIT_CEILING_DIRECTORIES: root } } },
    );
    expect(placesIn(found)).toEqual([['token', 'sub/a.txt', 1]]);
    await expect(
      search({ of: 'staged' }, { repository: { folder: plain, env: { ...env, GIT_DIR: '/nowhere' } } }),
    ).rejects.toThrow(/^git diff failed/);
  });

  test('answers what an earlier report or a list knows', async () => {
    const found = await search({ of: 'tree' });
    const kept = JSON.stringify({
      schema: 'sluice/v1',
      findings: (found.placed ?? [])
        .filter(({ id }) => id === 'run')
        .map(({ id, kind, fingerprint }) => ({ id, kind, fingerprint })),
    });
    const gitleaks = JSON.stringify([{ RuleID: 'other', File: 'x', StartLine: 1, Secret: 'a1b2c3d4e5f6g7' }]);
    const byPlace = JSON.stringify([
      { RuleID: 'other', File: 'moved.txt', StartLine: 3, Secret: 'REDACTED', Commit: '' },
    ]);
    const known = [
      ['it is in the baseline report.json', readBaseline(kept, 'report.json')],
      ['it is in the baseline report.json', readBaseline(byPlace, 'report.json')],
      ['it is listed in .gitleaksignore', readIgnored('# a comment\nmoved.txt:run:3\n', '.gitleaksignore')],
    ] as const;
    for (const [because, one] of known) {
      expect(placesIn(await search({ of: 'tree' }, { known: [one] }))).toEqual([
        ['password', 'new.txt', 2],
        ['run', 'moved.txt', 3, because],
      ]);
    }
    expect(placesIn(await search({ of: 'tree' }, { known: [readBaseline(gitleaks, 'g.json')] }))).toHaveLength(2);
    expect(() => readBaseline('{}', 'x.json')).toThrow('x.json is neither a JSON report of sluice nor one of gitleaks');
    expect(() => readBaseline('{', 'x.json')).toThrow(/^x\.json is no JSON/);
  });
});
