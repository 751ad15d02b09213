import { spawnSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Head, headOf } from '../../src/source/head.ts';
import { beginsAsSbom, readSbomFile } from '../../src/source/sbom-file.ts';
import { identifyTarget } from '../../src/source/target.ts';
import { scratch, written } from './support.ts';

const fresh = scratch();

describe('a file is a bill of materials', () => {
  test.each([
    ['{"bomFormat":"CycloneDX"}', true],
    ['\ufeff \n{', true],
    ['<?xml version="1.0"?><bom/>', true],
    ['SPDXVersion: SPDX-2.3', true],
    ['# remark\nSPDXVersion: SPDX-2.3', true],
    ['no SPDXVersion: here', false],
    ['', false],
    ['\x1f\x8b\x08', false],
    ['PK\x03\x04', false],
    [`{"a"${'\0'.repeat(512)}`, false],
  ])('by its content: %j', (text, is) => {
    const path = written(fresh('image.tar'), text);
    expect(beginsAsSbom(headOf(path) as Head)).toBe(is);
    expect(identifyTarget(path)).toEqual({ kind: is ? 'sbom' : 'archive', path });
  });

  test('or by its scheme', () => {
    const path = written(fresh('x'), '');
    expect(identifyTarget(`sbom:${path}`)).toEqual({ kind: 'sbom', path });
    expect(identifyTarget('sbom:-')).toEqual({ kind: 'sbom', path: '-' });
    expect(identifyTarget(`archive:${written(fresh('y'), '{}')}`).kind).toBe('archive');
    expect(() => identifyTarget('sbom:/no/such')).toThrow('does not exist');
  });

  test('and never a pipe, which could make sluice wait', async () => {
    const pipe = fresh('pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    expect(headOf(pipe)).toBeUndefined();
    expect(identifyTarget(pipe)).toEqual({ kind: 'archive', path: pipe });
    await expect(readSbomFile(pipe)).rejects.toMatchObject({ code: 'file/not-regular' });
  });

  test('of a bounded size', async () => {
    const path = written(fresh('large'), '{}');
    expect((await readSbomFile(path)).toString()).toBe('{}');
    truncateSync(path, 256 * 1024 * 1024 + 1);
    await expect(readSbomFile(path)).rejects.toMatchObject({ code: 'sbom/too-large' });
  });
});
