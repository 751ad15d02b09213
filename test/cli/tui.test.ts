import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { report as json } from '../../src/report/json.ts';
import { context, placedSecret, shop, shopVerdict } from '../report/samples.ts';
import { scratchFolder, sluice } from '../support/cli.ts';
import { hasTmux, TerminalScreen } from '../support/tmux.ts';

const folder = scratchFolder();
const bin = resolve(import.meta.dirname, '..', '..', 'bin', 'sluice.mjs');
const kept = join(folder, 'shop.json');
writeFileSync(kept, json.render({ ...shop, placed: [placedSecret()] }, shopVerdict, context));

/** Opens the report in a terminal; the shell around it tells how the program and the terminal's settings ended. */
function open(size = { columns: 80, rows: 24 }, env = ''): TerminalScreen {
  const command = `cd ${folder}; stty -g > before; echo STOOD HERE; ${env} ${process.execPath} ${bin} tui shop.json; echo "code $?"; stty -g > after; echo over; sleep 60`;
  return new TerminalScreen(command, size);
}

async function isRestored(screen: TerminalScreen): Promise<void> {
  const text = await screen.shows(/over/);
  expect(text).toContain('STOOD HERE');
  expect([screen.state('alternate_on'), screen.state('cursor_flag')]).toEqual(['0', '1']);
  expect(readFileSync(join(folder, 'after'), 'utf8')).toBe(readFileSync(join(folder, 'before'), 'utf8'));
}

describe.skipIf(!hasTmux)('sluice tui in a terminal (needs tmux)', () => {
  test('shows the worst first, moves, searches, opens one, and leaves the terminal as it was', async () => {
    const screen = open();
    const first = await screen.shows(/\? keys {2}q quit/);
    expect(first).not.toContain('STOOD HERE');
    expect(first.split('\n').slice(0, 4)).toEqual([
      expect.stringMatching(/^ STOP {2} shop\.json · 1 critical, 2 high, 1 medium, 1 unknown in 3 of/),
      '[1 Findings 7]  2 Packages 5   3 Layers 2   4 Reasons 6',
      'all 7 · sorted by worst',
      '› critical    CVE-2019-10744       lodash 4.17.4 → 4.17.12',
    ]);
    screen.press('Down', 'j');
    await screen.shows(/^› high {8}CVE-2025-26519 {7}musl/m);
    screen.press('/', 'github', 'Enter');
    await screen.shows(/^1 of 7 · sorted by worst · \/github$/m);
    await screen.shows(/^› high {8}secret\/github-token +GitHub token/m);
    screen.press('Enter');
    await screen.shows(/Fix {9}Revoke it, and give the new one[\s\S]*Known as {4}0123456789abcdef/);
    screen.press('Escape');
    await screen.shows(/^› high[\s\S]*^─{80}$/m);
    screen.press('Escape');
    await screen.shows(/^all 7/m);
    screen.press('b');
    await screen.shows(/^› lodash 4\.17\.4 \(3\)$/m);
    screen.press('4');
    await screen.shows(/^› stop /m);
    screen.press('?');
    await screen.shows(/any key goes back/);
    screen.press('x', 'q');
    await screen.shows(/^code 0$/m);
    await isRestored(screen);
  });

  test('follows the size of the terminal, and says kindly what it needs', async () => {
    const screen = open({ columns: 200, rows: 50 });
    await screen.shows(/^› critical .* │ critical {2}CVE-2019-10744 in lodash 4\.17\.4$/m);
    screen.resize(60, 20);
    await screen.shows(/sluice tui needs 80x24, and this terminal has 60x20/);
    screen.resize(80, 24);
    await screen.shows(/^─{80}$/m);
    screen.press('C-c');
    await isRestored(screen);
  });

  test('works where CI and NO_COLOR are set, and writes no colour', async () => {
    const screen = open(undefined, 'CI=1 NO_COLOR=1');
    await screen.shows(/^› critical/m);
    screen.press('c');
    await screen.shows(/^copied: CVE-2019-10744$/m);
    expect(screen.styled()).not.toMatch(/\x1b\[[0-9;]*m/);
    screen.press('q');
    await isRestored(screen);
  });

  test('a signal ends it and leaves the terminal as it was', async () => {
    const screen = open(undefined, 'sh -c \'echo $$ > pid; exec "$@"\' sh');
    await screen.shows(/^› critical/m);
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGTERM');
    await screen.shows(/^code 143$/m);
    await isRestored(screen);
  });
});

test('without a terminal it says what to do instead', async () => {
  expect(await sluice(['tui', kept])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `sluice: sluice tui needs a terminal to show the report on and to take keys from [usage/no-terminal]\n        without one: sluice gate ${kept} -o table\n`,
  });
  expect((await sluice(['tui'])).stderr).toContain('write one: sluice scan TARGET -o json=report.json');
  expect((await sluice(['tui', '--help'])).stdout).toContain('sluice tui app.json');
});

test('gate tells by fix and explains on the command line', async () => {
  const byFix = await sluice(['gate', kept, '--group-by', 'fix']);
  expect(byFix.stdout).toContain('update lodash 4.17.4 to 4.17.21 → 2 findings: 1 critical, 1 medium\n');
  const explained = await sluice(['gate', kept, '--explain']);
  expect(explained.stdout).toContain('\nWhat stops it\ncritical  CVE-2019-10744 in lodash 4.17.4\n');
  expect(explained.stdout).not.toMatch(/\x1b/);
  expect(explained.stdout.trimEnd().split('\n').at(-1)).toMatch(/^STOP {2}/);
  expect((await sluice(['gate', kept, '--group-by', 'layers'])).stderr).toContain('did you mean layer?');
});
