import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SourceFolder } from '../../../src/pipeline/fix/source-folder.ts';
import { scratchFolder } from '../../support/cli.ts';

const scratch = scratchFolder();

/** A folder of sources and one outside of it, each with a file `x`. */
function folders(): { source: string; outside: string } {
  const [source, outside] = ['source-', 'outside-'].map((name) => mkdtempSync(join(scratch, name))) as [string, string];
  mkdirSync(join(source, 'sub'));
  for (const path of [join(source, 'x'), join(source, 'sub', 'x'), join(outside, 'x')]) writeFileSync(path, 'old\n');
  return { source, outside };
}

describe('a source folder', () => {
  test('gives no file that a link leads to, be it the file itself or a folder on the way', () => {
    const { source, outside } = folders();
    symlinkSync(outside, join(source, 'away'));
    symlinkSync(join(outside, 'x'), join(source, 'link'));
    symlinkSync('sub', join(source, 'inner'));
    const folder = new SourceFolder(source);
    expect(['x', 'sub/x'].map((path) => folder.text(path))).toEqual(['old\n', 'old\n']);
    expect(['away/x', 'link', 'inner/x'].map((path) => folder.text(path))).toEqual([undefined, undefined, undefined]);
    expect(folder.relative(join(source, 'away', 'x'))).toBeUndefined();
    expect(folder.relative(join(source, 'sub', 'x'))).toBe('sub/x');
  });

  test('gives no path that leads elsewhere, and nothing that is no text', () => {
    const { source, outside } = folders();
    writeFileSync(join(source, 'binary'), Buffer.from([0xff, 0xfe, 0x00]));
    const folder = new SourceFolder(source);
    const name = outside.slice(outside.lastIndexOf('/') + 1);
    for (const path of [`../${name}/x`, join(outside, 'x'), './x', 'sub/../x', '', 'sub', 'nothing', 'binary', 'x\0']) {
      expect([path, folder.text(path)]).toEqual([path, undefined]);
      folder.edit(path, 'new\n');
    }
    expect(folder.edits()).toEqual([]);
  });

  test('writes a file whole, with the mode that it had, and leaves nothing beside it', () => {
    const { source } = folders();
    chmodSync(join(source, 'x'), 0o640);
    const folder = new SourceFolder(source);
    folder.edit('x', 'new\n');
    expect(folder.edits()).toEqual([{ path: 'x', before: 'old\n', after: 'new\n' }]);
    expect(readFileSync(join(source, 'x'), 'utf8')).toBe('old\n');
    folder.write([{ path: 'x', text: 'new\n' }]);
    expect(readFileSync(join(source, 'x'), 'utf8')).toBe('new\n');
    expect(statSync(join(source, 'x')).mode & 0o777).toBe(0o640);
    expect(readdirSync(source).sort()).toEqual(['sub', 'x']);
  });

  test('writes nothing where the file, or a folder on the way, was exchanged meanwhile', () => {
    const { source, outside } = folders();
    const folder = new SourceFolder(source);
    folder.edit('x', 'new\n');
    folder.edit('sub/x', 'new\n');
    writeFileSync(join(source, 'x'), 'other\n');
    renameSync(join(source, 'sub'), join(source, 'moved'));
    symlinkSync(outside, join(source, 'sub'));
    for (const path of ['x', 'sub/x', 'never-read']) {
      expect(() => folder.write([{ path, text: 'new\n' }])).toThrow(`${path} has changed while it was looked at`);
    }
    // The first file is left alone when it is another one that has changed.
    const { source: other } = folders();
    const both = new SourceFolder(other);
    both.edit('x', 'new\n');
    both.edit('sub/x', 'new\n');
    writeFileSync(join(other, 'sub/x'), 'other\n');
    const texts = ['x', 'sub/x'].map((path) => ({ path, text: 'new\n' }));
    expect(() => both.write(texts)).toThrow('sub/x has changed');
    expect(readFileSync(join(other, 'x'), 'utf8')).toBe('old\n');
    expect(readFileSync(join(source, 'x'), 'utf8')).toBe('other\n');
    expect(readFileSync(join(outside, 'x'), 'utf8')).toBe('old\n');
  });

  test('must be a folder', () => {
    const { source } = folders();
    expect(() => new SourceFolder(join(source, 'x'))).toThrow('the source is not a folder');
    expect(() => new SourceFolder(join(source, 'nothing'))).toThrow("the source folder can't be read (ENOENT)");
  });
});
