import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SecretRuleSet } from '../../../src/detect/secrets/contract.ts';
import { createScanner, openScanner } from '../../../src/detect/secrets/scanner.ts';
import { readSecretRules } from '../../../src/detect/secrets/toml/read-rule-set.ts';
import type { SecretMatch } from '../../../src/model/survey.ts';
import { sampleRules, sampleValues } from './sample-rules.ts';

const scanner = createScanner([sampleRules]);
const { token, run, far, anywhere, password } = sampleValues;

function scan(bytes: Buffer, pieces: readonly number[] = [], path = 'app/settings.py'): readonly SecretMatch[] {
  const reader = scanner.open(path, bytes.length)!;
  if (pieces.length === 0) return reader.whole(bytes).matches;
  let from = 0;
  for (const piece of pieces) {
    if (from >= bytes.length || !reader.write(Buffer.from(bytes.subarray(from, from + piece)))) break;
    from += piece;
  }
  if (from < bytes.length) reader.write(bytes.subarray(from));
  return reader.end().matches;
}

const rulesIn = (matches: readonly SecretMatch[]): readonly string[] => matches.map(({ rule }) => rule);

describe('a scanner', () => {
  test('tells rule, place and what may be shown', () => {
    const text = `ä line\nkey = "${token}" # here\n${far}\n${password}\n`;
    expect(scanner.search(text, 'app/settings.py')).toEqual([
      {
        rule: 'token',
        line: 2,
        column: 8,
        endLine: 2,
        endColumn: 32,
        fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
        shown: 'tok_…(24)',
        score: 75,
        notes: [],
      },
      {
        rule: 'far',
        line: 3,
        column: 9,
        endLine: 3,
        endColumn: 41,
        fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
        shown: '…(32)',
        score: 75,
        notes: [],
      },
      {
        rule: 'password',
        line: 4,
        column: 16,
        endLine: 4,
        endColumn: 29,
        fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
        shown: '…(13)',
        score: 85,
        notes: [],
      },
    ]);
  });

  test('tells values when they are asked for, and never else', () => {
    const shows = createScanner([sampleRules], { values: true });
    expect(shows.search(`x ${token}`, 'a')).toMatchObject([{ rule: 'token', value: token }]);
    expect(JSON.stringify(scanner.search(`x ${token} ${password}`, 'a'))).not.toMatch(/aB3dE6|Tr0ub4/);
  });

  test('counts columns in UTF-16 units and lines over blocks', () => {
    const text = `${'x'.repeat(200_000)}\n${'line\n'.repeat(50_000)}😀ä ${token}`;
    expect(scan(Buffer.from(text))).toMatchObject([{ rule: 'token', line: 50_002, column: 5, endColumn: 29 }]);
    const long = `${'ä'.repeat(300_000)} ${token}`;
    expect(scan(Buffer.from(long))).toMatchObject([{ line: 1, column: 300_002 }]);
  });

  test('leaves what is no text, and reads UTF-16 with and without its mark', () => {
    const binary = Buffer.concat([Buffer.from([1, 0, 0, 2, 0, 0]), Buffer.from(` ${token}`)]);
    expect(scan(binary)).toEqual([]);
    const little = Buffer.from(`a line\n ${token} \n`, 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const bytes of [little, big, Buffer.concat([Buffer.from([0xff, 0xfe]), little])]) {
      for (const size of [1, 3, 1000]) {
        const pieces = Array.from({ length: 200 }, () => size);
        expect(scan(bytes, pieces)).toMatchObject([{ rule: 'token', line: 2, column: 2 }]);
      }
    }
    expect(scan(Buffer.concat([Buffer.alloc(8000, 'x '), Buffer.from([0]), Buffer.from(` ${token}`)]))).toMatchObject([
      { rule: 'token', line: 1, column: 8003 },
    ]);
  });

  test('goes by the path alone where a rule has no pattern, also in what is no text', () => {
    expect(scan(Buffer.from([0, 1, 2, 0]), [], 'keys/site.p12')).toMatchObject([
      { rule: 'file', line: 1, notes: ['told by its path'] },
    ]);
  });

  test('leaves lines that say so', () => {
    const text = `a ${token} // sluice:allow\nb ${run} # gitleaks:allow\nc ${anywhere}\n`;
    expect(rulesIn(scan(Buffer.from(text)))).toEqual(['anywhere']);
  });

  test('lowers the score in tests, comments and examples, and of placeholders', () => {
    const scoreOf = (text: string, path: string): number | undefined => scanner.search(text, path)[0]?.score;
    expect(scoreOf(`k ${token}`, 'src/a.py')).toBe(75);
    expect(scoreOf(`# k ${token}`, 'src/a.py')).toBe(65);
    expect(scoreOf(`k ${token}`, 'tests/a.py')).toBe(55);
    expect(scoreOf(`an example: ${token}`, 'README.md')).toBe(35);
    // A user's rule tells all that it matches.
    expect(scoreOf('tok_xxxxxxxxxxxxxxxxxxxx', 'src/a.py')).toBe(1);
  });

  test.each([
    ['base64', Buffer.from(`{"auth": "${token}"}`).toString('base64'), 'written in base64'],
    ['base64, one further', Buffer.from(` {"auth": "${token}"}`).toString('base64'), 'written in base64'],
    ['base64, two further', Buffer.from(`  {"auth": "${token}"}`).toString('base64'), 'written in base64'],
    ['hex', Buffer.from(`k=${token} `).toString('hex'), 'written in hexadecimal digits'],
    ['url', encodeURIComponent(`?run=${run}&`), 'written with escapes of addresses'],
  ])('decodes %s once', (_, coded, note) => {
    const found = scanner.search(`first\ndata: ${coded} \n`, 'a.json');
    expect(found).toMatchObject([{ line: 2, notes: [note] }]);
    expect(scanner.search(Buffer.from(coded).toString('base64'), 'a.json')).toEqual([]);
  });

  test('tells a strong secret by its value wherever it is, a weak one by its place alone', () => {
    const print = (text: string, path: string): string | undefined => scanner.search(text, path)[0]?.fingerprint;
    expect(print(`a ${token}`, 'a')).toBe(print(`\n\nb = ${token}`, 'b'));
    expect(print(password, 'a')).not.toBe(print(password, 'b'));
    expect(print(password, 'a')).toBe(print(`\n${password.replace('Tr0ub4', 'Gu3ss3d')}`, 'a'));
    const twice = scanner.search(`${password}\n${password}`, 'a').map(({ fingerprint }) => fingerprint);
    expect(new Set(twice).size).toBe(2);
  });

  test('stops at the most that is told of one text', () => {
    const text = Array.from({ length: 3000 }, (_, i) => `tok_aB3dE6gH9jK2mN5p${String(i).padStart(4, '0')}`).join('\n');
    const reader = scanner.open('a', text.length)!;
    reader.write(Buffer.from(text));
    const { matches, problems } = reader.end();
    expect(matches).toHaveLength(1000);
    expect(problems).toEqual([
      { code: 'secrets/too-many', message: 'it has more than 1000 secrets: the others are not told', blinding: false },
    ]);
  });

  test('is the same for pieces of any size, and however much stands round', () => {
    const parts = fc.oneof(
      {
        weight: 2,
        arbitrary: fc.constantFrom(token, run, far, anywhere, password, 'tok_', 'run-', 'service ', 'password=', '<<4'),
      },
      { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll('\0', ' ')) },
      { weight: 1, arbitrary: fc.nat(6000).map((count) => 'lorem ipsum\n'.repeat(count)) },
    );
    fc.assert(
      fc.property(
        fc.array(parts, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 30 }),
        fc.nat(3),
        (all, pieces, lead) => {
          const bytes = Buffer.from(all.join(' '));
          // Where it lies in memory makes no difference.
          const moved = Buffer.concat([Buffer.alloc(lead), bytes]).subarray(lead);
          expect(scan(bytes, pieces)).toEqual(scan(moved));
        },
      ),
      { numRuns: 30 },
    );
  });

  test.each([' ', '\n', 'A', '\u00e4'])('counts a run of %j longer than is searched at once', (one) => {
    const count = 300_000;
    const bytes = Buffer.from(`${one.repeat(count)} ${token}`);
    const line = one === '\n' ? count + 1 : 1;
    const column = one === '\n' ? 2 : count + 2;
    expect(scan(bytes, [70_000])).toMatchObject([{ rule: 'token', line, column }]);
  });

  test('finds all of what plain expressions find', () => {
    const plain = new Map([
      ['token', /\btok_[A-Za-z0-9]{20}\b/g],
      ['run', /\brun-[a-z0-9]{10,40}\.[A-Z]{4,8};/g],
      ['anywhere', /<<[0-9]{3}-[0-9]{3}>>/g],
    ]);
    const filler = fc.constantFrom(' ', '\n', 'x', '.', '-', 'run-', 'tok_', '<<', 'abc123', 'QWER;', 'ru', 'to', '😀');
    const parts = fc.oneof(filler, fc.constantFrom(token, run, anywhere));
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 60 }), (all) => {
        const text = all.join('');
        const expected = [...plain].flatMap(([rule, form]) => [...text.matchAll(form)].map(() => rule)).sort();
        const found = rulesIn(scanner.search(text, 'a')).filter((rule) => plain.has(rule));
        expect([...found].sort()).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('never fails on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        expect(Array.isArray(scan(Buffer.from(bytes)))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('rule sets', () => {
  const read = (text: string): Promise<SecretRuleSet> => readSecretRules(text, 'r.toml');

  test('of overlapping matches the surer rule is told', async () => {
    const more = await read(`
[[rules]]
id = "anything"
regex = '''k = (\\S+)'''
keywords = ["k ="]
[rules.sluice]
score = 30
`);
    expect(rulesIn(createScanner([sampleRules, more]).search(`k = ${token}`, 'a'))).toEqual(['token']);
    expect(rulesIn(createScanner([sampleRules, more]).search('k = something', 'a'))).toEqual(['anything']);
  });

  test('a rule may require another near by, which need not be told', async () => {
    const set = await read(`
[[rules]]
id = "pair"
regex = '''id:([a-z]{6})'''
keywords = ["id:"]
[[rules.required]]
id = "half"
withinLines = 2
[[rules]]
id = "half"
regex = '''half:([a-z]{6})'''
keywords = ["half:"]
skipReport = true
`);
    const pairs = createScanner([set]);
    expect(rulesIn(pairs.search('id:qwovex\n\nhalf:mnbvzy', 'a'))).toEqual(['pair']);
    expect(rulesIn(pairs.search('id:qwovex\n\n\nhalf:mnbvzy', 'a'))).toEqual([]);
    expect(rulesIn(pairs.search('half:mnbvzy', 'a'))).toEqual([]);
  });

  test('a set may switch off rules of others, and allow for them', async () => {
    const set = await read(`
[extend]
useDefault = true
disabledRules = ["run"]
[[allowlists]]
targetRules = ["token"]
regexes = ['''gH9jK''']
`);
    expect(rulesIn(createScanner([sampleRules, set]).search(`${token} ${run} ${anywhere}`, 'a'))).toEqual(['anywhere']);
  });

  test('allowances hold by secret, match, line, path, stop word and commit', async () => {
    const set = await read(`
[[rules]]
id = "k"
regex = '''key=([a-z]{8})'''
keywords = ["key="]
[[rules.allowlists]]
condition = "AND"
paths = ['''\\.lock$''']
regexes = ['''^q''']
[[rules.allowlists]]
regexTarget = "line"
regexes = ['''public''']
[[rules.allowlists]]
regexTarget = "match"
regexes = ['''key=zz''']
[[rules.allowlists]]
stopwords = ["Nothing"]
[[rules.allowlists]]
commits = ["ABC123"]
`);
    const allowing = createScanner([set]);
    const count = (text: string, path: string): number => allowing.search(text, path).length;
    expect(count('key=qwovexmn', 'a.lock')).toBe(0);
    expect(count('key=qwovexmn', 'a.txt')).toBe(1);
    expect(count('key=mwovexmn', 'a.lock')).toBe(1);
    expect(count('key=mwovexmn public', 'a')).toBe(0);
    expect(count('key=zzovexmn', 'a')).toBe(0);
    expect(count('key=anothing', 'a')).toBe(0);
    const reader = allowing.open('a', 12, 'abc123')!;
    reader.write(Buffer.from('key=mwovexmn'));
    expect(reader.end().matches).toEqual([]);
  });

  test('a text that no rule is for is not opened', async () => {
    const set = await read(`
[[allowlists]]
paths = ['''\\.lock$''']
[[rules]]
id = "k"
regex = '''key=([a-z]{8})'''
`);
    const some = createScanner([set]);
    expect(some.open('a/b.lock', 10)).toBeUndefined();
    expect(some.open('a/b.txt', 10)).toBeDefined();
  });

  test('a pattern that goes back without end is run by the linear engine', async () => {
    const set = await read(`
[[rules]]
id = "bad"
regex = '''(x+x+)+y'''
keywords = ["xx"]
[[rules]]
id = "words"
regex = '''name=(\\p{L}{4,})'''
keywords = ["name="]
`);
    expect(() => createScanner([set])).toThrow('the rule bad: the pattern needs the linear engine');
    const linear = await openScanner([set]);
    const started = process.cpuUsage();
    expect(linear.search('x'.repeat(100_000), 'a')).toEqual([]);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(5000);
    expect(rulesIn(linear.search('a xxxxy name=abcd ', 'a'))).toEqual(['bad', 'words']);
  });
});
