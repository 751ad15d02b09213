import { expect, test } from 'vitest';
import type { SourceInfo } from '../../../src/advisory/contract.ts';
import type { UpdateFailure, UpdateResult } from '../../../src/advisory/update.ts';
import { failureLines, isBearable } from '../../../src/cli/db/update-failures.ts';
import { SluiceError } from '../../../src/util/error.ts';

const now = new Date('2026-02-10T12:00:00Z');

function source(ecosystem: string, checkedAt: string): SourceInfo {
  const digest = `sha256:${'a'.repeat(64)}` as SourceInfo['digest'];
  const counts = { records: 1, withdrawn: 0, unreadable: 0, newest: '', releases: [] };
  return { ecosystem, ...counts, digest, checkedAt, origin: 'osv-export' };
}

function failure(ecosystem: string, message = 'the server answered 429', hint?: string): UpdateFailure {
  return { ecosystem, error: new SluiceError('advisory/http-status', message, hint) };
}

function result(failed: readonly UpdateFailure[]): UpdateResult {
  const sources = [
    source('Debian', '2026-02-10T09:00:00Z'),
    source('Go', '2026-02-01T09:00:00Z'),
    source('npm', '2026-02-10T10:00:00Z'),
    source('PyPI', '2026-02-11T10:00:00Z'),
  ];
  return { sources, replaced: [], unchanged: [], fresh: [], failed, notes: [] };
}

test('what one cause did to several ecosystems is told once, with the age of the oldest data', () => {
  const down = result([failure('Debian'), failure('npm')]);
  expect(failureLines(down, now)).toEqual([
    'sluice: warning: Debian and npm were not updated: the server answered 429; their data of 3 h ago stays in force [advisory/http-status]\n',
  ]);
  expect(isBearable(down, now)).toBe(true);
});

test('data that is too old, or not there, makes it a failure; a clock that was put back makes no age', () => {
  const mixed = result([failure('Alpine'), failure('Go', 'it is cut', 'try again'), failure('PyPI'), failure('Hex')]);
  expect(failureLines(mixed, now)).toEqual([
    'sluice: Alpine and Hex: the server answered 429; there is no data for them [advisory/http-status]\n',
    'sluice: Go: it is cut; its data of 9 days ago stays in force [advisory/http-status]\n',
    '        try again\n',
    'sluice: warning: PyPI was not updated: the server answered 429; its data of just now stays in force [advisory/http-status]\n',
  ]);
  expect(isBearable(mixed, now)).toBe(false);
  expect(isBearable(result([]), now)).toBe(true);
});
