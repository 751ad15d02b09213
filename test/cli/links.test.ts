import { describe, expect, test } from 'vitest';
import { linked } from '../../src/cli/links.ts';

describe('links are written', () => {
  test.each([
    [{ VTE_VERSION: '6800' }, true],
    [{ VTE_VERSION: '4900' }, false],
    [{ WT_SESSION: 'x' }, true],
    [{ KITTY_WINDOW_ID: '1' }, true],
    [{ TERM: 'xterm-kitty' }, true],
    [{ TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.0.9' }, false],
    [{ TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.1' }, true],
    [{ TERM_PROGRAM: 'WezTerm' }, true],
    [{ TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.70.2' }, false],
    [{ TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.95.0' }, true],
    [{ TERM_PROGRAM: 'Apple_Terminal', TERM_PROGRAM_VERSION: '455' }, false],
    [{ TERM_PROGRAM: 'tmux', TERM_PROGRAM_VERSION: '3.3a' }, false],
    [{ TERM: 'xterm-256color' }, false],
    [{ VTE_VERSION: '6800', TERM: 'dumb' }, false],
    [{ VTE_VERSION: '6800', CI: 'true' }, false],
    [{ FORCE_HYPERLINK: '1' }, true],
    [{ FORCE_HYPERLINK: '0', VTE_VERSION: '6800' }, false],
    [{ FORCE_HYPERLINK: '', VTE_VERSION: '6800' }, true],
  ])('on a terminal with %j: %s', (env, expected) => {
    expect(linked(true, env)).toBe(expected);
  });

  test('never to a pipe', () => {
    expect(linked(false, { VTE_VERSION: '6800', FORCE_HYPERLINK: '1' })).toBe(false);
  });
});
