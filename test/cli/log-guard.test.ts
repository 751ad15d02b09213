import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { guardLog } from '../../src/cli/log-guard.ts';
import * as streams from '../../src/cli/standard-streams.ts';

const changed = vi.fn();

beforeEach(() => {
  changed.mockReset();
  vi.spyOn(streams, 'changeAll').mockImplementation(changed);
});
afterEach(() => vi.restoreAllMocks());

test.each([
  ['scan', 'image.tar', true],
  ['scan', 'image.tar -o table', true],
  ['scan', '-o json=report.json -o sarif=s', true],
  ['gate', '--output=table report.json', true],
  ['scan', '-o json', false],
  ['scan', '-ojson image.tar', false],
  ['scan', '-qo json', false],
  ['scan', '--output sarif', false],
  ['scan', '--output=markdown@summary', false],
  ['scan', '-o table -o json', false],
  ['scan', '--offline image-o.tar', true],
  ['vex', 'create image.tar', false],
  ['ci', '', false],
])('%s %s: %s', (command, words, guarded) => {
  guardLog(command, words.split(' '), {});
  expect(changed.mock.calls.length).toBe(guarded ? 1 : 0);
});

test('the environment may ask for a report too, where no flag does', () => {
  guardLog('scan', ['image.tar'], { SLUICE_OUTPUT: 'json' });
  expect(changed).not.toHaveBeenCalled();
  guardLog('scan', ['image.tar', '-o', 'table'], { SLUICE_OUTPUT: 'json' });
  expect(changed).toHaveBeenCalledTimes(1);
});
