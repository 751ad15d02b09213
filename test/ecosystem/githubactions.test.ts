import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/githubactions.ts';

const path = '.github/workflows/ci.yml';
const sha = '0c45773b623bea8c8e75f6c82b208c3cf94ea4f9';

function parse(content: string | Buffer) {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
}

/** The actions of a text without problems, as `owner/name@version`. */
function used(...lines: string[]): string[] {
  const { packages, problems } = parse(lines.join('\n'));
  expect(problems).toEqual([]);
  for (const { presence } of packages) expect(presence).toBe('declared');
  return packages.map(({ name, version }) => `${name}@${version}`);
}

function unreadable(message: string) {
  return { code: 'githubactions/unreadable', message, path, blinding: false };
}

describe('which files are read', () => {
  test.each([
    ...['.github/workflows/a.yml', 'src/.github/workflows/a.yaml', 'action.yml', 'x/action.yaml'],
    ...['my_vendor/.github/workflows/a.yml'],
  ])('%s', (at) => {
    expect(ecosystem.claims(at, { size: 1, mode: 0o644 })).toBe(true);
  });

  test.each([
    ...['.github/workflows/a.json', '.github/workflows/x/a.yml', 'workflows/a.yml', 'my.github/workflows/a.yml'],
    ...['reaction.yml', 'action.x.yml', 'action', 'action.yml/x', '.github/dependabot.yml'],
    ...[
      'node_modules/x/action.yml',
      'a/node_modules/x/.github/workflows/a.yml',
      'go/pkg/mod/x/.github/workflows/a.yml',
    ],
    ...['usr/lib/ruby/gems/3/gems/x/.github/workflows/a.yml', 'runner/_work/_actions/a/b/v1/.github/workflows/a.yml'],
  ])('not %s', (at) => {
    expect(ecosystem.claims(at, { size: 1, mode: 0o644 })).toBe(false);
  });
});

describe('what is used', () => {
  test.each([
    ['- uses: a/b@v1', 'a/b@v1'],
    ['uses: a/b@v1', 'a/b@v1'],
    ['  -   uses:   a/b@v1  ', 'a/b@v1'],
    ['- "uses": a/b@v1', 'a/b@v1'],
    ['- uses : a/b@v1', 'a/b@v1'],
    ['- uses: "a/b@v1"', 'a/b@v1'],
    ["- uses: 'a/b@v1' # c", 'a/b@v1'],
    ['- uses: a/b@v1 # c', 'a/b@v1'],
    ['- uses: a/b@v1#c', 'a/b@v1#c'],
    ['- uses: a/b/c/d@v1', 'a/b@v1'],
    ['- uses: a/b/.github/workflows/c.yml@v1', 'a/b@v1'],
    ['- uses: a/b@release/v1', 'a/b@release/v1'],
    ['- uses: a/b@pkg@1.0.0', 'a/b@pkg@1.0.0'],
    ['- uses: &anchor a/b@v1', 'a/b@v1'],
    ['- { uses: a/b@v1 }', 'a/b@v1'],
    ['- {name: x, uses: "a/b@v1", with: {c: d}}', 'a/b@v1'],
    ['- {uses: a/b@v1} # c', 'a/b@v1'],
  ])('%s', (line, expected) => {
    expect(used(line)).toEqual([expected]);
    expect(used(`${line}\r`)).toEqual([expected]);
  });

  test.each([
    ...['# uses: a/b@v1', '  # - uses: a/b@v1', '- name: x # uses: a/b@v1', 'uses2: a/b@v1', 'reuses: a/b@v1'],
    ...['uses:a/b@v1', '- uses: ./a', '- uses: docker://a:1', '- uses: *anchor', '- {name: uses}', '- { run: x }'],
  ])('nothing: %s', (line) => {
    expect(used(line)).toEqual([]);
  });

  test.each(['a@v1', 'a/b', 'a/b@', '/b@v1', 'a//b@v1', 'a b/c@v1', 'a/b@v 1', `a/\${{ x }}@v1`, `a/b@\${{ x }}`, ''])(
    'a problem: %s',
    (value) => {
      const message = '1 action has no name and version that can be read';
      expect(parse(`- uses: ${value}\n`)).toEqual({ packages: [], problems: [unreadable(message)] });
    },
  );

  test('each version once, and the readable ones besides others', () => {
    const lines = ['- uses: a/b@v1', '- uses: a', '- uses: a/b@v1', '- uses: c', '- uses: a/b@v2'];
    expect(parse(lines.join('\n'))).toEqual({
      packages: ['v1', 'v2'].map((version) => ({ name: 'a/b', version, presence: 'declared' })),
      problems: [unreadable('2 actions have no name and version that can be read')],
    });
  });

  test('no more than the limit', () => {
    const lines = Array.from({ length: 10_001 }, (_, i) => `- uses: a/b@v${i}`);
    expect(used(...lines)).toHaveLength(10_000);
  });

  test('and no binary file', () => {
    expect(parse('- uses: a/b@v1\n\0')).toEqual({ packages: [], problems: [unreadable('it is not text')] });
  });
});

describe('the comment behind a commit', () => {
  test.each([
    ['v4.1.1', 'v4.1.1'],
    ['4.1.1', '4.1.1'],
    ['tag=v4.1.1', 'v4.1.1'],
    ['pin@v4', 'v4'],
    ['ratchet:a/b@v4', 'v4'],
    ['v4 (pinned)', 'v4'],
    ['4', sha],
    ['2024-01-02', sha],
    ['main', sha],
    ['see v4', sha],
    ['', sha],
  ])('%j', (comment, version) => {
    expect(used(`- uses: a/b@${sha} # ${comment}`)).toEqual([`a/b@${version}`]);
  });

  test('says nothing of what is no commit', () => {
    expect(used('- uses: a/b@v3 # v4')).toEqual(['a/b@v3']);
    expect(used(`- uses: a/b@${sha.slice(1)} # v4`)).toEqual([`a/b@${sha.slice(1)}`]);
  });
});

describe('texts of several lines', () => {
  const inside = (head: string, indent: string, ...after: string[]) =>
    used(`${head}`, `${indent}- uses: in/side@v1`, '', `${indent}uses: in/side@v2`, ...after);

  test.each([
    ['run: |', '  '],
    ['  - run: >-', '      '],
    ['- run: |2 # c', '    '],
    ['- |', '  '],
    ['- >', ' '],
    ['- &text |', '  '],
    ['run: !tag &text |+', '  '],
    ['"run": |', '  '],
    ["- name: 'it # is' # a\n  run: |", '    '],
  ])('hold no actions: %j', (head, indent) => {
    expect(inside(head, indent, 'uses: out/side@v1')).toEqual(['out/side@v1']);
  });

  test.each([
    ['# run: |', '  '],
    ['steps: # run: |', '  '],
    ['run: x |', '  '],
    ['steps: "|"', '  '],
    ['steps:', '  '],
    ['run: a|', '  '],
  ])('do not begin with %j', (head, indent) => {
    expect(inside(head, indent)).toEqual(['in/side@v1', 'in/side@v2']);
  });

  test('end where the indentation does', () => {
    expect(used('- run: |', '    uses: in/side@v1', '  uses: out/side@v1')).toEqual(['out/side@v1']);
    expect(used('- run: |', '    x', '# comment', '    uses: in/side@v1', '- uses: out/side@v1')).toEqual([
      'out/side@v1',
    ]);
  });
});

describe('hostile text', () => {
  test('never throws', () => {
    const piece = fc.constantFrom(
      ...[
        '- ',
        'uses',
        ': ',
        'a/b',
        '@v1',
        '"',
        "'",
        '#',
        ' ',
        '\n',
        '|',
        '>',
        '{',
        '}',
        ',',
        '&x ',
        '*',
        '\t',
        '\r',
        ':',
      ],
    );
    const text = fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(pieces.join('')));
    const random = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(text, random), (bytes) => {
        for (const { name, version } of parse(bytes).packages) {
          expect(name).toMatch(/^[\w.-]+\/[\w.-]+$/);
          expect(version).toMatch(/^[!-~]+$/);
        }
      }),
    );
  });

  test.each(['"', '{ ', ' ', '#', '- ', '&a ', 'uses: {', ': |'])('takes linear time: %j', (piece) => {
    const start = performance.now();
    parse(piece.repeat(Math.floor((4 * 1024 * 1024) / piece.length)));
    parse(`- { uses: ${piece.repeat(200_000)}`);
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});

describe('names of packages', () => {
  const record = { name: 'actions/cache', version: 'v4.0.2', presence: 'declared' } as const;

  test('purl', () => {
    expect(ecosystem.purl(record, undefined)).toBe('pkg:githubactions/actions/cache@v4.0.2');
  });

  test.each([
    ['v4.0.2', '4.0.2'],
    ['4.0.2-rc.1', '4.0.2-rc.1'],
    ['v4', undefined],
    ['v4.0', undefined],
    ['main', undefined],
    [sha, undefined],
  ])('advisories of %s', (version, expected) => {
    const key = { ecosystem: 'GitHub Actions', name: 'actions/cache', version: expected };
    expect(ecosystem.advisories({ ...record, version }, undefined)).toEqual(expected === undefined ? undefined : key);
  });
});
