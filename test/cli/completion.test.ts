import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder, sluice } from '../support/cli.ts';

const folder = scratchFolder();
const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

/** What is typed, and what the word at hand may become: the same in every shell. */
const typed: readonly [line: string, words: readonly string[]][] = [
  ['sluice sca', ['scan']],
  ['sluice db up', ['update']],
  ['sluice scan --fail-on cri', ['critical']],
  ['sluice scan -o sari', ['sarif']],
  ['sluice scan --scanners packages,sec', ['packages,secrets']],
  ['sluice scan --policy stri', ['strict']],
  ['sluice scan my-a', ['my-app.tar']],
  ['sluice db update --eco', ['--ecosystem']],
  ['sluice waive import --wri', ['--write']],
  ['sluice completion zs', ['zsh']],
  ['sluice rules list --kind con', ['configuration']],
];

beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout, stderr } = await sluice(['completion', shell]);
    expect([code, stderr]).toEqual([0, '']);
    writeFileSync(join(folder, shell), stdout);
  }
  mkdirSync(join(folder, 'here'));
  writeFileSync(join(folder, 'here/my-app.tar'), '');
});

function answers(shell: string, args: readonly string[]): string[] {
  const { stdout, stderr } = spawnSync(shell, args, { cwd: join(folder, 'here'), encoding: 'utf8', timeout: 60_000 });
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

describe('completion', () => {
  test.skipIf(!has('bash'))('in bash', () => {
    const ask = `COMP_LINE=$1; COMP_POINT=\${#1}; COMPREPLY=(); _sluice; echo "\${COMPREPLY[*]}"`;
    const script = `. "$0"; for line; do set -- "$line"; ${ask}; done`;
    const found = answers('bash', ['--norc', '-c', script, join(folder, 'bash'), ...typed.map(([line]) => line)]);
    expect(found).toEqual(typed.map(([, words]) => words.join(' ')));
    // Bash itself cuts words at = and :, and wants what stands behind the cut alone.
    const cut = ['sluice scan -o sarif=my', 'sluice scan --fail-on=cri', 'sluice scan --qu', 'sluice help sca'];
    expect(answers('bash', ['--norc', '-c', script, join(folder, 'bash'), ...cut])).toEqual([
      'my-app.tar',
      'critical',
      '--quiet',
      'scan',
    ]);
  });

  test.skipIf(!has('fish'))('in fish', () => {
    const script =
      'source $argv[1]; for line in $argv[2..]; echo (complete -C "$line" | string replace -r "\\t.*" ""); end';
    const lines = [...typed.map(([line]) => line), 'sluice scan -o sarif=my'];
    const found = answers('fish', ['--no-config', '-c', script, join(folder, 'fish'), ...lines]);
    expect(found).toEqual([...typed.map(([, words]) => words.join(' ')), 'sarif=my-app.tar']);
  });

  test.skipIf(!has('zsh'))('in zsh', () => {
    // A shell behind a terminal, and a person who presses the tab key: what is asked for has to stand there in the end.
    const script = `zmodload zsh/zpty zsh/datetime; zpty z zsh -f
      until_seen() { local seen= piece; float last=$((EPOCHREALTIME + 15))
        while [[ $seen != *"$1"* ]] && ((EPOCHREALTIME < last)); do zpty -r -t z piece && seen+=$piece || sleep 0.02; done
        [[ $seen == *"$1"* ]] && print ok || print -r -- "$2 came to: $seen"; }
      zpty -w z 'PS1=; autoload -Uz compinit; compinit -u -d "${folder}/dump"; source "${folder}/zsh"; print re''ady'
      until_seen ready
      for line wanted in "$@"; do zpty -n -w z "$line"$'\\t'; until_seen "$wanted" "$line"; zpty -n -w z $'\\x15'; done; zpty -d z`;
    // Of the first, a command, zsh draws the parts anew: it is seen to be ready by that of the others.
    const asked = typed.slice(1);
    const pairs = asked.flatMap(([line, words]) => [
      line,
      `${line.slice(0, line.lastIndexOf(' '))} ${words.join(' ')}`,
    ]);
    expect(answers('zsh', ['-f', '-c', script, 'zsh', ...pairs])).toEqual(['ok', ...asked.map(() => 'ok')]);
  });

  test('of a shell that is not known says which are', async () => {
    const { code, stderr } = await sluice(['completion', 'tcsh']);
    expect(code).toBe(1);
    expect(stderr).toContain('such as sluice completion bash|zsh|fish');
  });
});
