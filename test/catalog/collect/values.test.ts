import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentReader, shownValue, type ValueFormat } from '../../../src/catalog/collect/values.ts';
import { messageOf, SluiceError } from '../../../src/util/error.ts';

/** What stands at pointers in a file; of one that can't be read, why. */
async function values(format: ValueFormat, text: string, ...pointers: string[]): Promise<unknown> {
  const reader = await documentReader(format);
  try {
    const read = reader(Buffer.from(text));
    return pointers.map((at) => shownValue(read, at));
  } catch (thrown) {
    return thrown instanceof SluiceError ? thrown.code : messageOf(thrown).split('\n')[0];
  }
}

describe('a value in a configuration file', () => {
  test.each<[ValueFormat, string]>([
    ['json', '{"server":{"port":80,"tls":true,"hosts":["a","b"]},"n":null}'],
    ['yaml', 'server:\n  port: 80\n  tls: true\n  hosts: [a, b]\nn: ~\n'],
    ['toml', 'n = "null"\n[server]\nport = 80\ntls = true\nhosts = ["a", "b"]\n'],
  ])('of %s is found by its pointer', async (format, text) => {
    expect(await values(format, text, '/server/port', '/server/tls', '/server/hosts/1', '/n', '/server/no')).toEqual([
      ...['80', 'true', 'b', 'null', undefined],
    ]);
    expect(await values(format, text, '/server/hosts', '/server', '', 'server')).toEqual([
      '["a","b"]',
      '{"port":80,"tls":true,"hosts":["a","b"]}',
      expect.stringContaining('"server":{'),
      undefined,
    ]);
  });

  test('of INI is found by section and key', async () => {
    const text = 'top = 1\n[main]\nkey = value\n[a/b]\nkey = 2\n';
    expect(
      await values('ini', text, '/main/key', '/top', '//top', '/a~1b/key', '/main', '/main/key/x', '/x/y', ''),
    ).toEqual([...['value', '1', '1', '2', undefined, undefined, undefined, undefined]]);
  });

  test('of XML is found by elements and attributes', async () => {
    const text =
      '<Server port="8005"><Service><Connector port="80"/></Service><Service name="b"><Connector port="443">x</Connector>' +
      '</Service></Server>';
    const pointers = [
      ...['/Server/@port', '/Server/Service/Connector/@port', '/Server/Service/Connector/1/@port'],
      ...['/Server/Service/1/@name', '/Server/Service/@name', '/Server/Service/Connector/1', '/Server/Service'],
      ...['/Service/@name', '/Server/@port/x', '/Server/Service/7', ''],
    ];
    expect(await values('xml', text, ...pointers)).toEqual([
      ...['8005', '80', '443', 'b', 'b', 'x', '', undefined, undefined, undefined, undefined],
    ]);
  });

  test('that looks like a secret is hidden, and a switch is none', async () => {
    const text = JSON.stringify({
      ...{ password: 'hunter2', url: 'https://me:hunter2@example.com', PasswordAuthentication: 'yes', tokens: 12 },
      ...{ token: '', key: 'ghp_hunter2hunter2hunter2', nested: { password: 'hunter2' } },
    });
    const pointers = ['/password', '/url', '/PasswordAuthentication', '/tokens', '/token', '/key', '/nested'];
    expect(await values('json', text, ...pointers)).toEqual(['***', '***', 'yes', '12', '', '***', '***']);
  });

  test('that is long is cut', async () => {
    expect(await values('json', JSON.stringify({ a: 'x'.repeat(5_000) }), '/a')).toEqual([`${'x'.repeat(4_096)}…`]);
  });

  test('of several YAML documents is that of the first that has it; merged keys and aliases count', async () => {
    const text = 'a: 1\n---\na: 2\nb: &b {c: 3}\n---\nd:\n  <<: *e\n';
    expect(await values('yaml', text.replace('*e', '{f: 4}'), '/a', '/b/c', '/d/f')).toEqual(['1', '3', '4']);
    expect(await values('yaml', 'a: &a {b: 1}\nc: *a\n', '/c/b')).toEqual(['1']);
  });

  test('of TOML may be a date or a large number', async () => {
    const text = 'a = 1979-05-27T07:32:00Z\nb = 12345678901234567890\nc = [12345678901234567890]\n';
    expect(await values('toml', text, '/a', '/b', '/c')).toEqual([
      '1979-05-27T07:32:00.000Z',
      '12345678901234567890',
      '["12345678901234567890"]',
    ]);
  });
});

test('a byte order mark and a declared encoding take nothing away', async () => {
  expect(await values('json', '\ufeff{"a":1}', '/a')).toEqual(['1']);
  expect(await values('yaml', '\ufeffa: 1', '/a')).toEqual(['1']);
  expect(await values('toml', '\ufeffa = 1', '/a')).toEqual(['1']);
  expect(await values('ini', '\ufeff[a]\nb=1', '/a/b')).toEqual(['1']);
  expect(await values('xml', "\ufeff<?xml version='1.0' encoding='ISO-8859-1'?><a b='1'/>", '/a/@b')).toEqual(['1']);
});

test('YAML of many entries is read in linear time', async () => {
  const text = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n');
  const started = performance.now();
  expect(await values('yaml', text, '/k19999')).toEqual(['1']);
  expect(performance.now() - started).toBeLessThan(5_000);
});

describe('a file that is not of its format', () => {
  test.each<[ValueFormat, string, string | RegExp]>([
    ['json', '{', 'json/malformed'],
    ['json', '['.repeat(300), 'json/too-deep'],
    ['yaml', 'a: [', 'config/malformed'],
    ['yaml', '['.repeat(500_000), 'config/too-deep'],
    ['yaml', '- '.repeat(100_000), 'config/too-deep'],
    ['yaml', '[ # ]\n'.repeat(3_000), 'config/too-deep'],
    ['yaml', Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''), 'config/too-deep'],
    ['yaml', `a: &a 1\nb: [${'*a,'.repeat(501)}]`, 'config/too-large'],
    ['yaml', 'x'.repeat(1024 * 1024 + 1), 'config/too-large'],
    ['yaml', '---\n'.repeat(101), 'config/too-large'],
    ['yaml', 'a\n'.repeat(10).replaceAll('a', '!'.repeat(10)), /./],
    ['toml', 'a = ', /TOML/],
    ['toml', `a${'.a'.repeat(300)} = 1`, 'config/too-deep'],
    ['toml', `a = ${'['.repeat(300)}`, /TOML/],
    ['toml', '#'.repeat(1024 * 1024 + 1), 'config/too-large'],
    ['ini', 'a='.repeat(50_000), 'config/too-large'],
    ['json', '{"a":1,"a":2}', 'config/ambiguous'],
    ['json', '{"b":[{"c":1,"\\u0063":2}]}', 'config/ambiguous'],
    ['yaml', 'a: 1\nb: ~\n"a": 2\n', 'config/ambiguous'],
    ['yaml', 'a: {b: [{c: 1, c: 2}]}', 'config/ambiguous'],
    ['yaml', 'a: 1\n---\n? {x: 1, x: 2}\n: 3\n', 'config/ambiguous'],
    ['yaml', 'a\0: 1', 'config/encoding'],
    ['ini', '\ufeff[\0a\0]\0', 'config/encoding'],
    ['xml', '<?xml version="1.0" encoding="UTF-7"?><a/>', 'config/encoding'],
    ['xml', '<\0a\0/\0>\0', 'config/encoding'],
    ['xml', '<a>', 'xml/malformed'],
    ['xml', '<!DOCTYPE a><a/>', 'xml/doctype'],
  ])('%s: %.20s is told', async (format, text, why) => {
    const said = await values(format, text, '/a');
    expect(typeof said).toBe('string');
    expect(said).toMatch(why);
  });

  test('of YAML with aliases that make much of little is told', async () => {
    const lines = [...'bcdefghij'].map((name, i) => {
      const list = Array.from({ length: 9 }, () => `*${'abcdefghij'[i]}`);
      return `${name}: &${name} [${list.join(',')}]\n`;
    });
    expect(await values('yaml', `a: &a [x,x,x,x,x,x,x,x]\n${lines.join('')}`, '/a')).toMatch(/alias/);
  });

  test('is told or read, whatever its bytes are', async () => {
    const formats = ['json', 'yaml', 'toml', 'ini', 'xml'] as const;
    const readers = await Promise.all(formats.map(documentReader));
    const marks = fc.constantFrom(
      ...['a', ': ', '- ', '[', ']', '{', '}', '"', "'", '&a ', '*a', '<a', '>', '/>', '\n'],
    );
    const more = fc.constantFrom(...['  ', '=', '#', '!', '|', '\t', '%', '---\n', '?', ',', '\0', '<!', '1', '.']);
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(marks, more)).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, fc.nat(formats.length - 1), (body, number) => {
        let found: unknown;
        try {
          const read = readers[number]?.(Buffer.from(body));
          found = read && ['', '/a', '/a/a', '/a/@a', '//a'].map((at) => shownValue(read, at));
        } catch (thrown) {
          found = [messageOf(thrown)];
        }
        expect((found as unknown[]).every((one) => one === undefined || typeof one === 'string')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
