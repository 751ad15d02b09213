import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/hex/index.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'hex');
const jsx = 'usr/lib/rabbitmq/lib/rabbitmq_server-3.10.8/plugins/jsx-3.1.0/ebin/jsx.app';
const parse = (path: string, content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
};
const problem = (path: string, message: string) => ({ code: 'hex/unreadable', message, path, blinding: false });
const digest = 'ab'.repeat(32);
/** What is said of the one package of an application resource file. */
const app = (text: string | Buffer) => parse('opt/x/ebin/x.app', text);

describe('application resource files', () => {
  test('literals of every kind', () => {
    const text = `%% -*- erlang -*-
{application, 'my-app', % the name
 [{description, "a \\"quoted\\" {text}. % no comment"},
  {vsn, "1.2.3-rc.1"},
  {env, [{limit, 16#ff}, {ratio, -1.5e3}, {char, $"}, {escaped, $\\n}, {next, $,}, {map, #{a => 1, <<"b">> => [x|y]}},
         {bin, <<1, 2:16, "é"/utf8>>}, {empty, []}]},
  {applications, [kernel, stdlib, jason, 'my-dep', opt]},
  {optional_applications, [opt]},
  {licenses, ["Apache-2.0", <<"MIT">>]},
  {modules, ['Elixir.X', x@y]}]}.
`;
    expect(app(text)).toEqual({
      packages: [
        {
          name: 'my-app',
          version: '1.2.3-rc.1',
          presence: 'installed',
          license: 'Apache-2.0, MIT',
          needs: ['jason', 'my-dep'],
        },
      ],
      problems: [],
    });
  });

  test('names in Latin-1, as Erlang wrote before version 17', () => {
    const text = '{application,x,[{vsn,"1.0"},{licenses,["Lizenz f\u00fcr alle"]}]}.';
    const expected = [{ name: 'x', version: '1.0', presence: 'installed', license: 'Lizenz f\u00fcr alle' }];
    expect(app(Buffer.from(text, 'latin1')).packages).toEqual(expected);
    expect(app(text).packages).toEqual(expected);
  });

  test.each(['kernel', 'ssl', 'elixir', 'logger', 'cosEvent'])('%s is a part of the platform', (name) => {
    expect(app(`{application,${name},[{vsn,"1.0.0"}]}.`)).toEqual({ packages: [], problems: [] });
  });

  test.each([
    ['', 'it describes no application'],
    ['{application,', 'it ends in the middle of a term'],
    ['{application,x,[{vsn,"1"}', 'it ends in the middle of a term'],
    ['{application,x,[{vsn,"1', 'a quoted text has no end'],
    ['{release,x,[{vsn,"1"}]}.', 'it describes no application'],
    ['{application,"",[{vsn,"1"}]}.', 'it describes no application'],
    ['{application,x,[]}.', 'it states no version'],
    ['{application,x,[{vsn,git}]}.', 'it states no version'],
    ['{application,x,[{vsn,{cmd,"git describe"}}]}.', 'it states no version'],
    ['{application,x)', 'it holds what is no term'],
  ])('%s: %s', (text, message) => {
    const { packages, problems } = app(text);
    expect({ packages, problems }).toEqual({ packages: [], problems: [problem('opt/x/ebin/x.app', message)] });
  });

  test("an emptied file: the release's folder tells name and version", () => {
    const path = 'app/lib/my_app-1.2.3-rc.1/ebin/my_app.app';
    expect(parse(path, '')).toEqual({
      packages: [{ name: 'my_app', version: '1.2.3-rc.1', presence: 'installed' }],
      problems: [problem(path, 'it describes no application')],
    });
    expect(parse('lib/ssl-10.8/ebin/ssl.app', '').packages).toEqual([]);
    expect(parse('lib/other-1.0/ebin/x.app', '').packages).toEqual([]);
    expect(parse('ebin/x.app', '').packages).toEqual([]);
  });
});

describe('mix.lock', () => {
  test('entries of every age and source', () => {
    const text = `%{
  "a": {:hex, :a, "1.0.0"},
  "b" => {:hex, :b, "1.0.0", "${digest}", [:mix], [{:a, "~> 1.0", [hex: :"real-a", repo: "hexpm", optional: false]}, {:c, ">= 0.0.0", [optional: true]}], "hexpm"},
  # a comment
  d: {:hex, :d, "2.0.0-rc.0", "${'0'.repeat(64)}", [:rebar3, :mix], [], "hexpm:Acme", "${digest.toUpperCase()}"},
  "e": {:git, "https://github.com/example/e.git", "${'0'.repeat(40)}", [tag: "v1.0"]},
  "f": {:hex, :f, nil},
  "g": {:path, "../g", []},
}
`;
    expect(parse('mix.lock', text)).toEqual({
      packages: [
        { name: 'a', version: '1.0.0', presence: 'declared' },
        { name: 'b', version: '1.0.0', presence: 'declared', needs: ['real-a'] },
        { name: 'Acme/d', version: '2.0.0-rc.0', presence: 'declared', hashes: [`sha256:${digest}`] },
      ],
      problems: [],
    });
  });

  test.each(['', '%{}', '%{\n}\n', ' # nothing\n'])('%j names nothing', (text) => {
    expect(parse('mix.lock', text)).toEqual({ packages: [], problems: [] });
  });

  test.each([
    ['%{"a": {:hex, :a', 'it ends in the middle of a term'],
    ['{:a}', 'this is not a mix.lock'],
    ['%{} %{}', 'this is not a mix.lock'],
    ['<<<<<<< HEAD\n%{}', 'it holds what is no term'],
    [':', 'it holds what is no term'],
  ])('%j: %s', (text, message) => {
    expect(parse('mix.lock', text)).toEqual({ packages: [], problems: [problem('mix.lock', message)] });
  });

  test('too deep or too many', () => {
    expect(parse('mix.lock', '['.repeat(101)).problems).toEqual([
      problem('mix.lock', 'its terms nest deeper than 100 levels'),
    ]);
    expect(parse('mix.lock', `[${'a,'.repeat(500_001)}]`)).toEqual({
      packages: [],
      problems: [problem('mix.lock', 'it holds more than 500000 terms')],
    });
  });
});

describe('rebar.lock', () => {
  test('without digests, as a list alone', () => {
    const text = `[{<<"a">>,{pkg,<<"hex_a">>,<<"1.0.0">>},0},
 {<<"b">>,{git,"https://github.com/example/b",{ref,"00"}},1}, {"c",{pkg,"c","2.0"},0}].`;
    expect(parse('rebar.lock', text)).toEqual({
      packages: [
        { name: 'hex_a', version: '1.0.0', presence: 'declared' },
        { name: 'c', version: '2.0', presence: 'declared' },
      ],
      problems: [],
    });
  });

  test.each(['', '[].', '{"1.2.0",[]}.\n[{pkg_hash,[]}].', '% nothing'])('%j names nothing', (text) => {
    expect(parse('rebar.lock', text)).toEqual({ packages: [], problems: [] });
  });

  test.each(['{"1.2.0"}.', 'x.', '"x".'])('%j is none', (text) => {
    expect(parse('rebar.lock', text)).toEqual({
      packages: [],
      problems: [problem('rebar.lock', 'this is not a rebar.lock')],
    });
  });
});

test.each([
  [jsx, true],
  ['ebin/x.app', true],
  ['app/_build/prod/lib/x/ebin/x.app', true],
  ['app/xebin/x.app', false],
  ['app/ebin/sub/x.app', false],
  ['x.app', false],
  ['mix.lock', true],
  ['app/rebar.lock', true],
  ['app/deps/x/mix.lock', false],
  ['deps/x/rebar.lock', false],
  ['app/_build/default/lib/x/rebar.lock', false],
  ['app/xmix.lock', false],
  ['', false],
])('%s is claimed: %s', (path, claimed) => {
  expect(ecosystem.claims(path, { size: 1, mode: 0o644 })).toBe(claimed);
});

test.each([
  ['app/lib/jason-1.4.1/ebin/jason.app', 'app/lib/jason-1.4.1'],
  ['lib/x/ebin/x.app', 'lib/x'],
  [jsx, jsx.slice(0, jsx.indexOf('/ebin'))],
  ['app/ebin/x.app', undefined],
  ['ebin/x.app', undefined],
  ['app/mix.lock', undefined],
])('the folder of %s is %s', (path, folder) => {
  expect(ecosystem.folder?.(path)).toBe(folder);
});

test('purl and advisories, of private packages too', () => {
  const open = { name: 'Jason', version: '1.4.1', presence: 'declared' } as const;
  expect(ecosystem.purl(open, undefined)).toBe('pkg:hex/jason@1.4.1');
  expect(ecosystem.advisories(open, undefined)).toEqual({ ecosystem: 'Hex', name: 'Jason', version: '1.4.1' });
  const own = { ...open, name: 'Acme/ledger' };
  expect(ecosystem.purl(own, undefined)).toBe('pkg:hex/acme/ledger@1.4.1');
  expect(ecosystem.advisories(own, undefined)).toBeUndefined();
});

describe('hostile bytes', () => {
  test.each([
    ['app/mix.lock', 'mix-1.14/in/app/mix.lock'],
    ['app/rebar.lock', 'rebar3-3.19/in/app/rebar.lock'],
    [jsx, `rabbitmq-3.10/in/${jsx}`],
  ])('%s: random and mutated bytes never throw', (path, fixture) => {
    const good = readFileSync(join(fixtures, fixture));
    const mutated = fc
      .tuple(fc.nat(good.length - 1), fc.uint8Array({ maxLength: 8 }), fc.nat(good.length))
      .map(([at, bytes, end]) => Buffer.concat([good.subarray(0, at), bytes, good.subarray(at, end)]));
    const termlike = fc
      .array(
        fc.constantFrom(
          '{',
          '}',
          '[',
          ']',
          '<<',
          '>>',
          '%{',
          '#{',
          ':',
          'a',
          '"',
          "'",
          '$',
          ',',
          '.',
          '|',
          ' ',
          '=>',
          '\\',
        ),
      )
      .map((parts) => Buffer.from(parts.join('')));
    fc.assert(
      fc.property(fc.oneof(mutated, termlike, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const { packages, problems } = parse(path, Buffer.from(bytes));
        return packages.length <= 20 && problems.length <= 1;
      }),
      { numRuns: 500 },
    );
  });

  test.each(['{', '[', '"', '\\"', "'", '%', '#', ':', 'a', '<<', '$', '.', '-', 'a:', '=>', '/'])(
    'much of %j takes little time',
    (unit) => {
      const started = performance.now();
      for (const path of ['mix.lock', 'rebar.lock', jsx]) {
        parse(path, unit.repeat(100_000));
        parse(path, `[${unit.repeat(100_000)}`);
      }
      expect(performance.now() - started).toBeLessThan(3000);
    },
  );
});
