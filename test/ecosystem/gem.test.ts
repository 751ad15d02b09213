import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/gem/index.ts';

const head = { size: 10, mode: 0o644 };
const specifications = 'usr/local/bundle/specifications';
const parse = (path: string, content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
};
const specified = (content: string | Buffer, file = 'x-1.0.gemspec') => parse(`${specifications}/${file}`, content);
const locked = (content: string | Buffer) => parse('app/Gemfile.lock', content);
const unreadable = (path: string, message: string) => ({ code: 'gem/unreadable', message, path, blinding: false });

describe('claims', () => {
  test.each([
    'specifications/x-1.0.gemspec',
    `${specifications}/x-1.0.gemspec`,
    'usr/lib/ruby/gems/3.1.0/specifications/default/x-1.0.gemspec',
    'usr/share/rubygems-integration/all/specifications/x-1.0.gemspec',
    'app/vendor/bundle/ruby/3.1.0/specifications/x-1.0-x86_64-linux.gemspec',
    'usr/local/bundle/bundler/gems/rails-0a1b2c3d4e5f/rails.gemspec',
    'usr/local/bundle/bundler/gems/rails-0a1b2c3d4e5f/activesupport/activesupport.gemspec',
    'opt/gems/tool-2.0/vendor/specifications/x-1.0.gemspec',
    'Gemfile.lock',
    'app/Gemfile.lock',
    'app/gems.locked',
    'srv/gems/my-app/Gemfile.lock',
    'srv/gems/my-2fa-app/Gemfile.lock',
    'srv/my_node_modules/Gemfile.lock',
  ])('%s', (path) => {
    expect(ecosystem.claims(path, head)).toBe(true);
  });

  test.each([
    '',
    'app/x.gemspec',
    'app/my-specifications/x-1.0.gemspec',
    `${specifications}/other/x-1.0.gemspec`,
    'usr/local/bundle/gems/x-1.0/x.gemspec',
    'usr/local/bundle/gems/x-1.0/spec/specifications/y-1.0.gemspec',
    'usr/local/bundle/gems/x-1.0/lib/test/a/specifications/default/y-1.0.gemspec',
    'usr/local/bundle/bundler/gems/rails/rails.gemspec',
    'usr/local/bundle/bundler/gems/rails-main/rails.gemspec',
    'usr/local/bundle/bundler/gems/rails-0a1b2c3d4e5f/a/b/c/d.gemspec',
    'usr/local/bundle/bundler/gems/rails-0a1b2c3d4e5f/test/x/x.gemspec',
    'usr/local/bundle/gems/x-1.0/Gemfile.lock',
    'usr/local/bundle/gems/x-1.0-java/a/gems.locked',
    'usr/local/bundle/bundler/gems/rails-0a1b2c3d4e5f/Gemfile.lock',
    'app/node_modules/x/Gemfile.lock',
    'app/Gemfile.lock.old',
    'app/my-Gemfile.lock',
  ])('not %s', (path) => {
    expect(ecosystem.claims(path, head)).toBe(false);
  });
});

test.each([
  [`${specifications}/x-1.0.gemspec`, 'usr/local/bundle/gems/x-1.0'],
  ['specifications/x-1.0-java.gemspec', 'gems/x-1.0-java'],
  ['usr/lib/ruby/gems/3.1.0/specifications/default/x-1.0.gemspec', 'usr/lib/ruby/gems/3.1.0/gems/x-1.0'],
  ['b/bundler/gems/rails-0a1b2c3d4e5f/rails.gemspec', 'b/bundler/gems/rails-0a1b2c3d4e5f'],
  ['b/bundler/gems/rails-0a1b2c3d4e5f/a/a.gemspec', 'b/bundler/gems/rails-0a1b2c3d4e5f/a'],
  ['app/Gemfile.lock', undefined],
])('the folder of %s', (path, folder) => {
  expect(ecosystem.folder?.(path)).toBe(folder);
});

describe('gemspecs', () => {
  const record = { name: 'x', version: '1.0', presence: 'installed' };

  test('as RubyGems writes them since 3.4, and before 2.0', () => {
    const recent = `# -*- encoding: utf-8 -*-
# stub: x 1.0 x86_64-linux lib

Gem::Specification.new do |s|
  s.name = "x".freeze
  s.version = "1.0".freeze
  s.platform = "x86_64-linux".freeze
  s.description = "a\\n  s.version = \\"2.0\\"".freeze
  s.licenses = ["MIT".freeze, "Apache-2.0".freeze]
  s.add_runtime_dependency(%q<b>.freeze, ["~> 1.4".freeze])
  s.add_dependency(%q<a>.freeze, [">= 0".freeze])
  s.add_development_dependency(%q<rake>.freeze, [">= 0".freeze])
end`;
    const said = { ...record, arch: 'x86_64-linux', license: '(MIT OR Apache-2.0)', needs: ['a', 'b'] };
    expect(specified(recent)).toEqual({ packages: [said], problems: [] });
    expect(specified(recent.replaceAll('\n', '\r\n')).packages).toEqual([said]);
    const old = `Gem::Specification.new do |s|
  s.name = %q{x}
  s.version = "1.0"
  s.platform = Gem::Platform.new(["x86", "mswin32", nil])
  s.licenses = %q{MIT}
end`;
    expect(specified(old).packages).toEqual([{ ...record, arch: 'x86-mswin32', license: 'MIT' }]);
  });

  test('as people write them', () => {
    const text = `Gem::Specification.new do |spec|
  spec.name          = 'x'
  spec.version       = Gem::Version.new("1.0")
  spec.license       = 'It\\'s "free"'
  spec.platform      = Gem::Platform::RUBY
  spec.add_dependency 'json', '~> 2'
  spec.add_dependency "#{evil}"
  spec.name = 'later'
end`;
    expect(specified(text).packages).toEqual([{ ...record, license: `It's "free"`, needs: ['json'] }]);
  });

  test('that compute what they are, by their stub or the name of the file', () => {
    const computed =
      'Gem::Specification.new do |s|\n  s.name = NAME\n  s.version = "1.#{MINOR}"\n  s.license = "MIT"\nend\n';
    const missing = "name or version is missing; the file's name tells it";
    const path = `${specifications}/y-b-2.0.rc1-java.gemspec`;
    expect(parse(path, computed)).toEqual({
      packages: [{ name: 'y-b', version: '2.0.rc1', presence: 'installed', arch: 'java', license: 'MIT' }],
      problems: [unreadable(path, missing)],
    });
    expect(parse(path, `# stub: x 1.0 ruby lib\n# stub: ext/x/extconf.rb\n${computed}`)).toEqual({
      packages: [{ ...record, license: 'MIT' }],
      problems: [],
    });
    const checkout = 'b/bundler/gems/x-0a1b2c3d4e5f/x-1.0.gemspec';
    const none = 'the gemspec names no gem and version in plain text';
    expect(parse(checkout, computed)).toEqual({ packages: [], problems: [unreadable(checkout, none)] });
    for (const file of ['x.gemspec', '-1.0.gemspec', 'x-1..0.gemspec', 'x-.gemspec']) {
      const place = `${specifications}/${file}`;
      expect(parse(place, '')).toEqual({ packages: [], problems: [unreadable(place, none)] });
    }
  });

  test('that try to break out of a text', () => {
    const cases = [
      's.name = "x',
      's.name = "x\\',
      's.name = "\\u{110000000}"',
      's.name = "\\ud800"',
      's.name = "\\uxxxx"',
      's.name == "x"',
      's.name = ["x"]',
      's.name = "a b"',
    ];
    for (const line of cases) {
      expect(specified(`  ${line}\n  s.version = "1.0"\n`, 'y-2.0.gemspec').packages).toEqual([
        { name: 'y', version: '1.0', presence: 'installed' },
      ]);
    }
    const dumped = 's.name = "x"\ns.version = "1.0"\ns.license = "\\u00e9\\u{1F600}\\"\\\\\\#\\n"';
    expect(specified(dumped).packages).toEqual([{ ...record, license: 'é😀"\\#\n' }]);
  });
});

describe('Gemfile.lock', () => {
  const lock = `PATH
  remote: .
  specs:
    own (0.1.0)
      rack (>= 2)

GIT
  remote: https://example.com/tool.git
  revision: 0123456789abcdef0123456789abcdef01234567
  specs:
    tool (2.0.0.pre)

GEM
  remote: https://rubygems.org/
  specs:
    nokogiri (1.15.4)
      mini_portile2 (~> 2.8.2)
      racc (~> 1.4)
    nokogiri (1.15.4-aarch64-linux)
      racc (~> 1.4)
    nokogiri (1.15.4-x86_64-linux)
      racc (~> 1.4)
    native (1.0-arm64-darwin)
    native (1.0-x86_64-linux)
    only (1.0-java)
    racc (1.7.1)
    bad (not a version)
    (1.0)

PLATFORMS
  ruby
  x86_64-linux

DEPENDENCIES
  own!
  nokogiri

CHECKSUMS
  nokogiri (1.15.4) sha256=${'a'.repeat(64)}
  nokogiri (1.15.4-x86_64-linux) sha256=${'B'.repeat(64)},sha512=${'c'.repeat(128)},md5=00
  own (0.1.0)
  racc (1.7.1) sha256=zz
  absent (1.0) sha256=${'a'.repeat(64)}

RUBY VERSION
   ruby 3.2.2p53

BUNDLED WITH
   2.5.0
`;
  const declared = { presence: 'declared' };
  const all = [
    { name: 'own', version: '0.1.0', presence: 'application', needs: ['rack'] },
    { name: 'tool', version: '2.0.0.pre', ...declared },
    {
      name: 'nokogiri',
      version: '1.15.4',
      ...declared,
      needs: ['mini_portile2', 'racc'],
      hashes: [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`, `sha512:${'c'.repeat(128)}`],
    },
    { name: 'native', version: '1.0', ...declared, arch: 'x86_64-linux' },
    { name: 'only', version: '1.0', ...declared, arch: 'java' },
    { name: 'racc', version: '1.7.1', ...declared },
  ];

  test('with all of its sections, one package for all platforms', () => {
    expect(locked(lock)).toEqual({ packages: all, problems: [] });
    expect(locked(`\ufeff${lock.replaceAll('\n', '\r\n')}`)).toEqual({ packages: all, problems: [] });
    expect(parse('gems.locked', lock).packages).toEqual(all);
  });

  test('that is none', () => {
    const problem = (message: string) => ({ packages: [], problems: [unreadable('app/Gemfile.lock', message)] });
    expect(locked('')).toEqual({ packages: [], problems: [] });
    expect(locked('\n \n')).toEqual({ packages: [], problems: [] });
    expect(locked('hello\n')).toEqual(problem('this is not a lock file of Bundler'));
    expect(locked('GEM\n\0')).toEqual(problem('the lock file is not text'));
    expect(locked('GEM\n  specs:\n<<<<<<< a\n    x (1)\n')).toEqual(problem('the lock file holds a merge conflict'));
  });

  test('of too many gems', () => {
    const lines = Array.from({ length: 100_002 }, (_, at) => `    x${at} (1.0)`);
    const { packages, problems } = locked(`GEM\n  specs:\n${lines.join('\n')}\n`);
    expect(packages).toHaveLength(100_000);
    const message = 'the lock file names more than 100000 gems; the rest is left out';
    expect(problems).toEqual([{ code: 'gem/too-many-packages', message, path: 'app/Gemfile.lock', blinding: false }]);
  });

  test('of hostile bytes never throws', () => {
    const pieces = fc.constantFrom(
      ...lock.split(/(?<=\n)/),
      's.name = "x"\n',
      '# stub: x 1 ruby lib\n',
      '\0',
      '  "\\u{',
      '(',
      'é',
    );
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(
        text,
        fc.constantFrom('Gemfile.lock', 'specifications/x-1.gemspec', 'specifications/x'),
        (content, path) => {
          const { packages, problems } = parse(path, content);
          return (
            packages.length <= 20 && problems.length <= 1 && packages.every(({ name, version }) => name && version)
          );
        },
      ),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(fc.nat(lock.length), fc.nat(255), (at, byte) => {
        const bytes = Buffer.from(lock);
        bytes[at] = byte;
        return locked(bytes).packages.length <= 7 && specified(bytes).packages.length <= 1;
      }),
      { numRuns: 200 },
    );
  });
});

test('takes long lines and files in linear time', () => {
  const started = performance.now();
  for (const unit of [
    '    x (1)\n',
    '      y\n',
    '  s.name = "\\',
    '(',
    ' ',
    '  s.licenses = ["a", ',
    '  x (1) sha256=a,',
    '-1',
  ]) {
    const long = unit.repeat(1_000_000 / unit.length);
    locked(`GEM\n  specs:\n${long}`);
    locked(`GEM\n  specs:\n    x (1)\nCHECKSUMS\n${long}`);
    specified(long);
  }
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('purl and advisories', () => {
  const plain = { name: 'rack', version: '2.0.6', presence: 'installed' } as const;
  expect(ecosystem.purl(plain, undefined)).toBe('pkg:gem/rack@2.0.6');
  expect(ecosystem.purl({ ...plain, arch: 'x86_64-linux' }, undefined)).toBe(
    'pkg:gem/rack@2.0.6?platform=x86_64-linux',
  );
  expect(ecosystem.advisories({ ...plain, name: 'RedCloth' }, undefined)).toEqual({
    ecosystem: 'RubyGems',
    name: 'RedCloth',
    version: '2.0.6',
  });
});
