import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSink, parseFleetOutputs, reportPath } from '../../src/cli/fleet-outputs.ts';
import { reports } from '../../src/report/list.gen.ts';
import { SluiceError } from '../../src/util/error.ts';
import { scratchFolder } from '../support/cli.ts';

const folder = scratchFolder();

function parsed(texts: readonly string[], quiet = false) {
  const { folders, tables, lines } = parseFleetOutputs(texts, quiet);
  const pathsOf = (outputs: typeof tables, id: string) => {
    expect(outputs.filter(({ report }) => report.id !== id)).toEqual([]);
    return outputs.map(({ path }) => (path === undefined ? {} : { path }));
  };
  const into = folders.map(({ report, folder: path }) => [report.id, path]);
  return { folders: into, tables: pathsOf(tables, 'table'), lines: pathsOf(lines, 'json') };
}

describe('-o for many images', () => {
  test.each([
    [[], false, { folders: [], tables: [{}], lines: [] }],
    [[], true, { folders: [], tables: [], lines: [] }],
    [['json'], false, { folders: [], tables: [], lines: [{}] }],
    [['table', 'json=a.ndjson'], true, { folders: [], tables: [{}], lines: [{ path: 'a.ndjson' }] }],
    [
      ['sarif=out/', 'json=out/'],
      false,
      {
        folders: [
          ['sarif', 'out/'],
          ['json', 'out/'],
        ],
        tables: [{}],
        lines: [],
      },
    ],
    [
      ['json', 'json=a', 'json=b/', 'table=c'],
      false,
      { folders: [['json', 'b/']], tables: [{ path: 'c' }], lines: [{}, { path: 'a' }] },
    ],
  ])('%j, quiet: %s', (texts, quiet, expected) => {
    expect(parsed(texts, quiet)).toEqual(expected);
  });

  test.each([
    [
      ['sarif'],
      "-o sarif can't hold the reports of several images",
      'a folder can: -o sarif=FOLDER/ writes one file an image',
    ],
    [
      ['cyclonedx=a'],
      "-o cyclonedx=a can't hold the reports of several images",
      'a folder can: -o cyclonedx=FOLDER/ writes one file an image',
    ],
    [['json', 'table'], 'only one report can go to standard output', 'give the other a path: -o json=FILE'],
    [['json='], '-o json= names no file', undefined],
    [['jsn'], 'there is no report format jsn', 'did you mean json?'],
  ])('%j is refused', (texts, message, hint) => {
    expect(() => parsed(texts)).toThrow(expect.objectContaining({ code: 'usage/output', message, hint }));
  });
});

test('every format, and every version of it, has an ending of its own', () => {
  const paths = reports.flatMap((report) =>
    [undefined, ...(report.versions?.slice(1) ?? [])].map((variant) => reportPath('out', 'a%2Fb', report, variant)),
  );
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths).toEqual(
    expect.arrayContaining([
      'out/a%2Fb.1.7.cdx.json',
      'out/a%2Fb.spdx.json',
      'out/a%2Fb.3.0.1.spdx.json',
      'out/a%2Fb.spdx',
    ]),
  );
  expect(paths).toEqual(
    expect.arrayContaining(['out/a%2Fb.cdx.json', 'out/a%2Fb.json', 'out/a%2Fb.sarif', 'out/a%2Fb.txt']),
  );
});

describe('a sink', () => {
  test('shows a file when it is whole, in place of the old one', () => {
    const path = join(folder, 'whole.ndjson');
    writeFileSync(path, 'old');
    const sink = openSink(path);
    sink.write('{"a":1}\n');
    sink.write('é'.repeat(1_500_000));
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['old', ['whole.ndjson']]);
    sink.finish();
    expect(readFileSync(path, 'utf8')).toBe(`{"a":1}\n${'é'.repeat(1_500_000)}`);
    expect(readdirSync(folder)).toEqual(['whole.ndjson']);
  });

  test('replaces a link, and not what it points to', () => {
    mkdirSync(join(folder, 'links'));
    writeFileSync(join(folder, 'links', 'target'), 'kept');
    symlinkSync('target', join(folder, 'links', 'link'));
    const sink = openSink(join(folder, 'links', 'link'));
    sink.write('new');
    sink.finish();
    const texts = ['target', 'link'].map((name) => readFileSync(join(folder, 'links', name), 'utf8'));
    expect(texts).toEqual(['kept', 'new']);
  });

  test('writes to a device at once', () => {
    const sink = openSink('/dev/null');
    sink.write('gone');
    sink.finish();
    expect(() => sink.write('more')).toThrow(
      new SluiceError('output/unwritable', "/dev/null can't be written (EBADF)"),
    );
  });
});
