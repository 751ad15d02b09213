import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NewWaiver, newWaiverFile, withWaivers } from '../../../src/policy/waiver/write.ts';
import { SluiceError } from '../../../src/util/error.ts';
import { read } from './samples.ts';

const plain: NewWaiver = {
  ids: ['CVE-2026-0001'],
  packages: [],
  paths: [],
  rules: [],
  images: [],
  reason: 'never called',
  owner: 'shop team',
  expires: '2026-12-31',
  until: {},
};

/** How {@link plain} is written. */
const written = (indent: string): string =>
  [`- id: CVE-2026-0001`, '  reason: never called', '  owner: shop team', '  expires: 2026-12-31']
    .map((line) => `${indent}${line}\n`)
    .join('');

test('A new file holds the waivers, each with where it is from', () => {
  const full: NewWaiver = {
    ...plain,
    ids: ['CVE-2026-0001', 'CVE-2026-0002'],
    packages: ['pkg:npm/*'],
    rules: ['*'],
    reason: 'it: "is"\n#fine',
    ticket: '12',
    from: '2026-01-01',
    until: { fixReleased: true, exploited: true, epssAbove: 0.5, base: `sha256:${'a'.repeat(64)}` },
    comment: 'from .trivyignore:4',
  };
  const text = newWaiverFile([full]);
  expect(
    text,
  ).toBe(`# What may wait, why, who answers for it, and until when. The first that is over a finding answers it.
version: 1
waivers:
  # from .trivyignore:4
  - id: [ CVE-2026-0001, CVE-2026-0002 ]
    package: pkg:npm/*
    rule: "*"
    reason: 'it: "is" #fine'
    owner: shop team
    ticket: "12"
    from: 2026-01-01
    expires: 2026-12-31
    until: { fix: true, exploited: true, epss: 0.5, base: sha256:${'a'.repeat(64)} }
`);
  const { comment: _comment, ...told } = full;
  expect(read(text).waivers).toEqual([{ ...told, reason: 'it: "is" #fine', place: 'sluice.waivers.yaml:5' }]);
  expect(read(newWaiverFile([])).waivers).toEqual([]);
});

describe('What stands in a file stays as it is', () => {
  const one = '{ id: CVE-1, reason: r, owner: o, expires: 2026-12-31 }';
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['with comments', `# ours\nversion: 1\nwaivers:\n  # first\n  - ${one} # why\n# the end\n`, '  ', '# the end\n'],
    ['with other indents', `version: 1\nwaivers:\n- ${one}\n`, '', ''],
    ['without a last line end', `version: 1\nwaivers:\n    - ${one}`, '    ', ''],
    ['before other settings', `waivers:\n  - ${one}\n\nversion: 1\n`, '  ', '\nversion: 1\n'],
    [
      'behind a long text',
      `version: 1\nwaivers:\n  - id: CVE-1\n    owner: o\n    expires: 2026-12-31\n    reason: >\n      one\n      two\n`,
      '  ',
      '',
    ],
  ];
  test.each(cases)('%s', (_name, text, indent, after) => {
    const now = withWaivers(text, [plain]);
    const before = text.slice(0, text.length - after.length);
    expect(now).toBe((before.endsWith('\n') ? before : `${before}\n`) + written(indent) + after);
    expect(read(now).waivers.map(({ ids }) => ids)).toEqual([['CVE-1'], ['CVE-2026-0001']]);
  });

  test('without waivers', () => {
    for (const [text, head] of [
      ['version: 1\nwaivers: []\n', 'version: 1\nwaivers:\n'],
      ['version: 1\nwaivers:\n', 'version: 1\nwaivers:\n'],
      ['version: 1\nwaivers: [] # none\n', 'version: 1\nwaivers: # none\n'],
      ['version: 1\nwaivers:', 'version: 1\nwaivers:\n'],
    ] as const) {
      const now = withWaivers(text, [plain]);
      expect(now).toBe(head + written('  '));
      expect(read(now).waivers).toHaveLength(1);
    }
  });

  test('with line ends of Windows', () => {
    const text = `version: 1\r\nwaivers:\r\n  - ${one}\r\n`;
    expect(withWaivers(text, [plain])).toBe(text + written('  ').replaceAll('\n', '\r\n'));
  });

  test('and one in another form is refused', () => {
    for (const text of [`version: 1\nwaivers: [${one}]\n`, `{"version": 1, "waivers": [${one}]}`])
      expect(() => withWaivers(text, [plain])).toThrow(SluiceError);
  });
});

test('Whatever is said in it, a waiver that is written is read as what was meant', () => {
  const word = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(
      word,
      word,
      fc.constantFrom('', '  - { id: CVE-1, reason: r, owner: o, expires: 2026-12-31 }\n'),
      (reason, owner, before) => {
        const line = (text: string): string => text.replace(/\s+/g, ' ').trim();
        fc.pre(line(reason) !== '' && line(owner) !== '');
        const text = withWaivers(`version: 1\nwaivers:\n${before}`, [{ ...plain, reason, owner, comment: reason }]);
        expect(read(text).waivers.at(-1)).toMatchObject({
          ids: ['CVE-2026-0001'],
          reason: line(reason),
          owner: line(owner),
        });
      },
    ),
    { numRuns: 200 },
  );
});
