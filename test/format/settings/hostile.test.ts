import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentFormats } from '../../../src/configuration/contract.ts';
import { mostCharacters, mostSettings } from '../../../src/format/settings/contract.ts';
import { readSettings } from '../../../src/format/settings/read.ts';

/** Formats whose files can be malformed; any text is one of the others. */
const strict = new Set<string>(['json', 'yaml', 'toml', 'xml']);

/** Pieces that mean something to some format. */
const piece = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    '<',
    '>',
    '</',
    '/>',
    ';',
    '#',
    '"',
    "'",
    '\\',
    '=',
    ':',
    ',',
    '\n',
    ' ',
    '\t',
    '\r\n',
    '\0',
    '!',
  ],
  ...[
    'include ',
    'Include ',
    'Match all',
    'Match user x',
    '<IfModule a>',
    '</IfModule>',
    '<!--',
    '-->',
    '<?x?>',
    '<![CDATA[',
  ],
  ...[
    'Defaults',
    'ALL=(ALL)',
    '@includedir /',
    '#include ',
    'x_by_lua_block {',
    '${',
    '&a',
    '*a',
    '- ',
    '? ',
    '---',
    '[[a]]',
  ],
  ...['key', 'value', '__proto__', 'constructor', '1.5', 'true', '\ufeff', '\u2028', '😀'],
);
const texts = fc.oneof(
  fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

describe.each(documentFormats)('%s', (format) => {
  test('whatever a file holds, it is read within bounds or refused', async () => {
    await fc.assert(
      fc.asyncProperty(texts, texts, async (text, other) => {
        const include = () => [{ path: '/etc/other', text: other }];
        const read = readSettings(format, { path: '/etc/main', text }, include);
        const settings = await (strict.has(format) ? read.catch(() => undefined) : read);
        if (!settings) return;
        const lines = Math.max(text.split('\n').length, other.split('\n').length);
        for (const { line, args, path } of settings.all) {
          expect(line).toBeGreaterThanOrEqual(0);
          expect(line).toBeLessThanOrEqual(lines);
          expect(Array.isArray(args)).toBe(true);
          expect(['/etc/main', '/etc/other']).toContain(path);
        }
        for (const [, setting] of settings.effective) expect(settings.all).toContain(setting);
      }),
      { numRuns: 60 },
    );
  });

  const large: readonly (readonly [string, string])[] = [
    ['many settings', 'a = b;\n'.repeat(10_000)],
    ['one line', 'a'.repeat(75_000)],
    ['one word after another', 'a '.repeat(37_000)],
    ['lines that go on', 'a \\\n'.repeat(20_000)],
    ['blocks', 'a {\n'.repeat(15_000)],
    ['sections', '<a b>\n'.repeat(12_000)],
    ['an opened quote', `a "${'b\n'.repeat(25_000)}`],
    ['brackets', '['.repeat(50_000)],
    ['long names inside of each other', `{"${'k'.repeat(25_000)}":{"${'l'.repeat(12_000)}":[${'1,'.repeat(5_000)}1]}}`],
    ['commas', `a${' ,'.repeat(25_000)} = b`],
    ['equals', '='.repeat(50_000)],
    ['comments', '<!--'.repeat(12_000)],
    ['tags', '<a>'.repeat(20_000)],
    ['includes', 'include x;\ninclude = x\n@include x\n!include x\n'.repeat(2_000)],
  ];
  test.each(large)('%s end soon', async (_, text) => {
    const begun = process.cpuUsage();
    const include = () => [{ path: '/x', text: 'a b;\n' }];
    const settings = await readSettings(format, { path: '/etc/main', text }, include).catch(() => undefined);
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1000).toBeLessThan(1000);
    if (!settings) return expect(strict.has(format)).toBe(true);
    expect(settings.all.length).toBeLessThanOrEqual(mostSettings);
    const characters = settings.all.reduce(
      (sum, { name, value, block }) => sum + name.length + value.length + block.length,
      0,
    );
    expect(characters).toBeLessThanOrEqual(mostCharacters + text.length * 3);
  });
});
