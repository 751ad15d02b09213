import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { azureCommand, azureCommands, githubCommands } from '../../../src/pipeline/ci/log-commands.ts';
import { dotenvOutputs, githubOutputs, oneLine, variableName } from '../../../src/pipeline/ci/step-outputs.ts';
import type { FindingNote } from '../../../src/report/annotations/notes.ts';

interface Read {
  readonly name: string;
  readonly properties: Record<string, string>;
  readonly data: string;
}

/** As GitHub's runner reads a command: `::name key=value,key=value::data`. */
function readGithub(line: string): Read {
  const end = line.indexOf('::', 2);
  const [name = '', ...rest] = line.slice(2, end).split(' ');
  const data = (text: string) => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
  const property = (text: string) =>
    text
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%');
  const pairs = rest
    .join(' ')
    .split(',')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), property(pair.slice(pair.indexOf('=') + 1))]);
  return { name, properties: Object.fromEntries(pairs), data: data(line.slice(end + 2)) };
}

/** As Azure's agent reads one: `##vso[name key=value;key=value;]data`. */
function readAzure(line: string): Read {
  const start = line.indexOf('##vso[');
  const end = line.indexOf(']', start);
  const [name = '', ...rest] = line.slice(start + 6, end).split(' ');
  const back = (text: string) =>
    text
      .replaceAll('%3B', ';')
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%5D', ']')
      .replaceAll('%AZP25', '%');
  const pairs = rest
    .join(' ')
    .split(';')
    .filter(Boolean)
    .map((pair) => [pair.slice(0, pair.indexOf('=')), back(pair.slice(pair.indexOf('=') + 1))]);
  return { name, properties: Object.fromEntries(pairs), data: back(line.slice(end + 1)) };
}

const note: FindingNote = {
  level: 'error',
  title: 'lodash 4.17.4: 1 critical, 2 high',
  message: '100% sure:\nupdate, please',
  file: 'a,b:c.json',
  line: 3,
};

const hostile = fc
  .array(
    fc.constantFrom('::', ':', ',', '%', '%0A', '\n', '\r', ']', ';', '##vso[', '##[', '=', ' ', 'x', '::error::'),
    { minLength: 1, maxLength: 10 },
  )
  .map((parts) => parts.join(''));
const notes = fc.array(
  fc.record(
    {
      level: fc.constantFrom('error', 'warning', 'notice' as const),
      title: hostile,
      message: hostile,
      file: hostile,
      line: fc.nat(),
    },
    { requiredKeys: ['level', 'title', 'message'] },
  ),
  { maxLength: 5 },
) as fc.Arbitrary<FindingNote[]>;

describe("GitHub's commands", () => {
  test('hold a note as the runner reads it back', () => {
    const [line = ''] = githubCommands([note]);
    expect(line).toBe(
      '::error file=a%2Cb%3Ac.json,line=3,title=lodash 4.17.4%3A 1 critical%2C 2 high::100%25 sure:%0Aupdate, please',
    );
    expect(readGithub(line)).toEqual({
      name: 'error',
      properties: { file: 'a,b:c.json', line: '3', title: 'lodash 4.17.4: 1 critical, 2 high' },
      data: '100% sure:\nupdate, please',
    });
  });

  test('are one line each, and no name adds to them', () => {
    fc.assert(
      fc.property(notes, (given) => {
        const lines = githubCommands(given);
        expect(lines.length).toBe(given.length);
        lines.forEach((line, i) => {
          const { level, title, message, file, line: at } = given[i] as FindingNote;
          expect(line).not.toMatch(/[\r\n]/);
          const place = file === undefined ? {} : { file, ...(at === undefined ? {} : { line: String(at) }) };
          expect(readGithub(line)).toEqual({ name: level, properties: { ...place, title }, data: message });
        });
      }),
    );
  });

  test('are ten of each level, the first', () => {
    const many = Array.from(
      { length: 30 },
      (_, i): FindingNote => ({ level: i % 2 ? 'error' : 'warning', title: `${i}`, message: '' }),
    );
    const titles = githubCommands(many).map((line) => Number(readGithub(line).properties.title));
    expect(titles).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test('show no control character, no turned text and no endless message', () => {
    const [line = ''] = githubCommands([{ level: 'error', title: 'a\u001b[31m\u202eb', message: 'x'.repeat(5000) }]);
    expect(readGithub(line).properties.title).toBe('a [31m b');
    expect(readGithub(line).data).toBe(`${'x'.repeat(999)}…`);
  });
});

describe("Azure's commands", () => {
  test('hold a note as the agent reads it back', () => {
    const [line = ''] = azureCommands([{ ...note, file: 'a;b].json' }]);
    expect(line).toBe(
      '##vso[task.logissue type=error;sourcepath=a%3Bb%5D.json;linenumber=3;]lodash 4.17.4: 1 critical, 2 high: 100%AZP25 sure:%0Aupdate, please',
    );
  });

  test('are one line each, and no name adds to them', () => {
    fc.assert(
      fc.property(notes, (given) => {
        const lines = azureCommands(given);
        lines.forEach((line, i) => {
          const { level, title, message, file, line: at } = given[i] as FindingNote;
          expect(line).not.toMatch(/[\r\n]/);
          const place =
            file === undefined ? {} : { sourcepath: file, ...(at === undefined ? {} : { linenumber: String(at) }) };
          const type = level === 'error' ? 'error' : 'warning';
          expect(readAzure(line)).toEqual({
            name: 'task.logissue',
            properties: { type, ...place },
            data: `${title}: ${message}`,
          });
        });
      }),
    );
  });

  test('without properties', () => {
    expect(azureCommand('task.uploadsummary', [], '/a b/summary.md')).toBe('##vso[task.uploadsummary]/a b/summary.md');
  });
});

describe('outputs', () => {
  /** As GitHub's runner reads the file. */
  function readOutputs(text: string): Map<string, string> {
    const lines = text.split('\n');
    const read = new Map<string, string>();
    for (let i = 0; i < lines.length - 1; i++) {
      const [name = '', limit = ''] = (lines[i] ?? '').split('<<');
      const end = lines.indexOf(limit, i + 1);
      read.set(name, lines.slice(i + 1, end).join('\n'));
      i = end;
    }
    return read;
  }

  test('come back as they were, whatever they hold', () => {
    const value = fc.oneof(
      hostile,
      fc.constantFrom('', 'a\nverdict<<x\npass\nx', `sluice-${'0'.repeat(16)}`, 'a\nsluice-6c45cb72a36e63d5\n'),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), (values) => {
        const outputs = new Map(values.map((text, i) => [`o${i}`, text]));
        expect(readOutputs(githubOutputs(outputs))).toEqual(outputs);
      }),
    );
  });

  test('are variables of one line for GitLab', () => {
    const outputs = new Map([
      ['verdict', 'stop'],
      ['exit-code', '2'],
      ['reports', 'a b\nVERDICT=pass'],
    ]);
    expect(dotenvOutputs(outputs)).toBe('SLUICE_VERDICT=stop\nSLUICE_EXIT_CODE=2\nSLUICE_REPORTS=a b VERDICT=pass\n');
    expect([variableName('event-file'), oneLine('a\r\n\u2028b')]).toEqual(['SLUICE_EVENT_FILE', 'a b']);
  });
});
