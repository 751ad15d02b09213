import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatHelp, parseOutput, parseOutputs, readTemplates, writeReports } from '../../src/cli/outputs.ts';
import { reports } from '../../src/report/list.gen.ts';
import { shop, shopVerdict } from '../report/samples.ts';
import { scratchFolder } from '../support/cli.ts';

const folder = scratchFolder();

function parsed(text: string) {
  const { report, ...rest } = parseOutput(text);
  return { id: report.id, ...rest };
}

describe('-o', () => {
  test.each([
    ['json', { id: 'json' }],
    ['json=a=b@c', { id: 'json', path: 'a=b@c' }],
    ['cyclonedx', { id: 'cyclonedx' }],
    ['cyclonedx@1.6=x', { id: 'cyclonedx', path: 'x' }],
    ['cyclonedx@1.7=x', { id: 'cyclonedx', variant: '1.7', path: 'x' }],
    ['spdx@2.3', { id: 'spdx' }],
    ['spdx@3.0.1', { id: 'spdx', variant: '3.0.1' }],
    ['spdx@2.3-tag-value', { id: 'spdx', variant: '2.3-tag-value' }],
    ['template@a/b@c.liquid', { id: 'template@a/b@c.liquid' }],
    ['template@t.liquid=out.txt', { id: 'template@t.liquid', path: 'out.txt' }],
  ])('%s', (text, expected) => {
    expect(parsed(text)).toEqual(expected);
  });

  test.each([
    ['sdpx', 'there is no report format sdpx', 'did you mean spdx?'],
    [
      '',
      'there is no report format ',
      'there are audit, csv, cyclonedx, github-dependency-snapshot, gitlab-code-quality, ' +
        'gitlab-container-scanning, gitlab-dependency-scanning, gitlab-secret-detection, ' +
        'html, json, junit, markdown, openvex, prometheus, sarif, spdx, table, template',
    ],
    [
      'cyclonedx@1.5',
      'there is no version 1.5 of the report format cyclonedx',
      'there are cyclonedx@1.6, cyclonedx@1.7',
    ],
    ['spdx@', '-o spdx@ names no version', 'use -o spdx'],
    [
      'spdx@2.3@2.3',
      'there is no version 2.3@2.3 of the report format spdx',
      'there are spdx@2.3, spdx@3.0.1, spdx@2.3-tag-value',
    ],
    ['template', '-o template names no template', 'such as -o template@FILE.liquid=REPORT'],
    ['template@=x', '-o template names no template', 'such as -o template@FILE.liquid=REPORT'],
    ['template@x=', '-o template@x= names no file', undefined],
    ['json@1', 'the report format json has one version only', 'use -o json'],
    ['spdx@3.0.1=', '-o spdx@3.0.1= names no file', undefined],
  ])('%s is refused', (text, message, hint) => {
    expect(() => parseOutput(text)).toThrow(expect.objectContaining({ code: 'usage/output', message, hint }));
  });

  test('shows the table when all else goes to files', () => {
    const ids = (texts: string[], quiet: boolean) => parseOutputs(texts, quiet).map(({ report }) => report.id);
    expect(ids(['spdx=x'], false)).toEqual(['spdx', 'table']);
    expect(ids(['spdx=x'], true)).toEqual(['spdx']);
    expect(ids(['spdx'], false)).toEqual(['spdx']);
    expect(() => ids(['spdx', 'spdx@3.0.1'], false)).toThrow('only one report can go to standard output');
  });

  test('writes each version, with the time that the environment gives', async () => {
    const paths = ['cyclonedx', 'cyclonedx@1.7', 'spdx', 'spdx@3.0.1'].map((text) => join(folder, text));
    const outputs = paths.map((path) => parseOutput(`${path.slice(folder.length + 1)}=${path}`));
    const context = { name: 'shop', version: '1.2.3', env: { SOURCE_DATE_EPOCH: '1735689600' } };
    await writeReports(outputs, shop, shopVerdict, context);
    const texts = paths.map((path) => readFileSync(path, 'utf8'));
    const versions = [
      /"specVersion": "([^"]+)"/,
      /"specVersion": "([^"]+)"/,
      /"SPDX-(.+)"/,
      /"specVersion": "([^"]+)"/,
    ];
    expect(texts.map((text, i) => versions[i]?.exec(text)?.[1])).toEqual(['1.6', '1.7', '2.3', '3.0.1']);
    for (const text of texts) expect(text).toContain('2025-01-01T00:00:00Z');
  });
});

test('the list says of each format what the format says of itself, and the help says it too', async () => {
  for (const { load, ...listed } of reports) {
    const { render, ...own } = await load();
    expect(listed).toEqual(own);
    expect(typeof render).toBe('function');
    expect(formatHelp).toContain(`  ${own.id.padEnd(28)}${own.doc}`);
  }
  expect(formatHelp).toContain(': 2.3, 3.0.1, 2.3-tag-value\n');
});

describe('-o template@FILE', () => {
  const at = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return `template@${join(folder, name)}`;
  };

  test('writes what the template makes, its values escaped by its name', async () => {
    const path = join(folder, 'out.csv');
    const text = '{% for reason in verdict.reasons %}{{ reason.rule }},{{ reason.message }}\n{% endfor %}';
    const outputs = [parseOutput(`${at('reasons.csv.liquid', text)}=${path}`)];
    await writeReports(outputs, shop, shopVerdict, { name: 'shop', version: '1.2.3', env: {} });
    expect(readFileSync(path, 'utf8').split('\n')[0]).toBe(
      'vulnerability/severity,"3 bad ones; the policy stops at high"',
    );
  });

  test.each([
    ['wrong.liquid', 'a\n{% fi %}', 'template/invalid', /wrong\.liquid:2:1: tag "fi" not found$/],
    ['large.liquid', 'x'.repeat(1024 * 1024 + 1), 'template/too-large', /large\.liquid is larger than 1048576 bytes$/],
  ])('%s is told before the work', async (name, text, code, message) => {
    const outputs = [parseOutput(at(name, text))];
    await expect(readTemplates(outputs)).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  test('a file that is not there is told before the work', async () => {
    const outputs = [parseOutput(`template@${join(folder, 'none.liquid')}`)];
    await expect(readTemplates(outputs)).rejects.toThrow(
      expect.objectContaining({ code: 'template/unreadable', hint: 'such as -o template@FILE.liquid' }),
    );
  });
});
