import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/golang/index.ts';
import type { PackageRecord } from '../../src/model/package.ts';

const path = 'app/vendor/modules.txt';

function parse(text: string, at = path) {
  const bytes = Buffer.from(text);
  return ecosystem.parse({ path: at, bytes, size: bytes.length, mode: 0o644 });
}

function record(name: string, version: string): PackageRecord {
  return { name, version, presence: 'declared' };
}

function unreadable(message: string) {
  return [{ code: 'go/vendor-unreadable', message, path, blinding: false }];
}

describe('vendor/modules.txt', () => {
  const claims = (name: string) => ecosystem.claims(name, { size: 1_000, mode: 0o644 });

  test('of a program, and not of what it vendors or of the toolchain', () => {
    const wanted = [
      path,
      'vendor/modules.txt',
      'src/vendor/modules.txt',
      'go/src/vendor/modules.txt',
      'go/src/x/vendor/modules.txt',
    ];
    expect(wanted.filter((name) => !claims(name))).toEqual([]);
    const others = [
      'app/myvendor/modules.txt',
      'app/vendor/example.com/x/vendor/modules.txt',
      'vendor/x/vendor/modules.txt',
      'go/pkg/mod/example.com/x@v1.0.0/vendor/modules.txt',
      'app/testdata/vendor/modules.txt',
      'usr/local/go/src/vendor/modules.txt',
      'usr/local/go/src/cmd/vendor/modules.txt',
      'usr/share/go-1.19/src/vendor/modules.txt',
      'app/vendor/modules.txt.bak',
      'modules.txt',
    ];
    expect(others.filter(claims)).toEqual([]);
  });

  test('names the modules of which packages are there, as they were replaced', () => {
    const text = [
      '# example.com/a v1.0.0',
      '## explicit; go 1.20',
      'example.com/a',
      'example.com/a/b',
      '# example.com/unused v1.0.0',
      '## explicit',
      '# example.com/local v0.0.0 => ./my folder',
      'example.com/local',
      '# example.com/root v0.0.0 => /src/root',
      'example.com/root',
      '# example.com/old v1.0.0 => example.com/fork v1.2.0+incompatible',
      'example.com/old',
      '# example.com/a v1.0.0 => example.com/a v1.0.1\r',
      'example.com/a/c',
      '',
      '# example.com/never => example.com/other v1.0.0',
    ];
    expect(parse(`${text.join('\n')}\n`)).toEqual({
      packages: [
        record('example.com/a', 'v1.0.0'),
        record('example.com/fork', 'v1.2.0+incompatible'),
        record('example.com/a', 'v1.0.1'),
      ],
      problems: [],
    });
  });

  test('with a line that makes no sense is a warning, and the rest stands', () => {
    const good = '# example.com/a v1.0.0\nexample.com/a\n';
    const packages = [record('example.com/a', 'v1.0.0')];
    const bad = ['# example.com/b', '# a b c', '# ', '# a"b v1', '# a v1 => b "c"', `# ${'a'.repeat(1_025)} v1`];
    for (const line of bad) {
      const problems = unreadable('line 3 of modules.txt can not be read');
      expect(parse(`${good}${line}\nexample.com/b\n`), line).toEqual({ packages, problems });
    }
  });

  test('of more than 16 MiB or 50,000 modules is not read to its end', () => {
    const large = `# example.com/a v1.0.0\n${'\n'.repeat(16 * 1024 * 1024)}`;
    expect(parse(large)).toEqual({ packages: [], problems: unreadable('modules.txt is larger than 16 MiB') });
    const many = parse('# example.com/a v1\nb\n'.repeat(50_001));
    expect(many).toEqual({
      packages: [record('example.com/a', 'v1')],
      problems: unreadable('line 100001 of modules.txt can not be read'),
    });
  });

  test('of any text never throws', () => {
    const piece = fc.oneof(
      fc.constantFrom('# ', '## ', '\n', ' ', '=>', 'example.com/a', ' v1.0.0', '\r', './x'),
      fc.string({ maxLength: 5, unit: 'binary-ascii' }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (parts) => {
        const { packages, problems } = parse(parts.join(''));
        expect(packages.every(({ name, version }) => /^[!-~]+$/.test(name) && /^[!-~]+$/.test(version))).toBe(true);
        expect(problems.length).toBeLessThan(2);
      }),
      { numRuns: 300 },
    );
  });
});

test('go.mod files of the toolchain itself name no dependencies', () => {
  const text = (module: string) => `module ${module}\n\ngo 1.26\n\nrequire golang.org/x/net v0.1.0\n`;
  for (const module of ['std', 'cmd'])
    expect(parse(text(module), 'usr/local/go/src/go.mod')).toEqual({ packages: [], problems: [] });
  expect(parse(text('example.com/std'), 'go.mod').packages).toEqual([record('golang.org/x/net', 'v0.1.0')]);
});
