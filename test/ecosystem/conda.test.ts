import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { archiveIdentity, channelName, neededNames, splitDistribution } from '../../src/ecosystem/conda/identity.ts';
import { ecosystem } from '../../src/ecosystem/conda/index.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'conda');
const environment = join(fixtures, 'rattler-0.28', 'in', 'opt', 'conda');
const idna = readFileSync(join(environment, 'conda-meta', 'idna-3.7-pyhd8ed1ab_0.json'));
const zlib = readFileSync(join(environment, 'conda-meta', 'zlib-1.3.1-hb9d3cd8_2.json'));
const condaLock = readFileSync(join(fixtures, 'conda-lock-1.1', 'in', 'app', 'conda-lock.yml'));
const pixiLock = readFileSync(join(fixtures, 'rattler-0.28', 'in', 'app', 'pixi.lock'));
const parse = (path: string, content: string | Buffer) => {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
};
const problem = (path: string, message: string) => ({ code: 'conda/unreadable', message, path, blinding: false });
const record = (name: string, version: string, more: object = {}) => ({ name, version, presence: 'declared', ...more });
const metaPath = 'opt/conda/conda-meta/zlib-1.3.1-hb9d3cd8_2.json';

describe('claims', () => {
  const claims = (path: string): boolean => ecosystem.claims(path, { size: 10, mode: 0o644 });

  test.each([
    metaPath,
    'conda-meta/x-1-0.json',
    'app/.pixi/envs/default/conda-meta/x-1-0.json',
    'app/conda-lock.yml',
    'app/gpu.conda-lock.yml',
    'conda-lock.yaml',
    'pixi.lock',
    'app/conda-linux-64.lock',
    'app/spec-file.txt',
    'environment.yml',
    'app/environment-dev.yaml',
  ])('%s', (path) => {
    expect(claims(path)).toBe(true);
  });

  test.each([
    'opt/conda/conda-meta/history',
    'opt/conda/conda-meta/x/y.json',
    'opt/xconda-meta/y.json',
    'opt/conda/pkgs/x-1-0/info/index.json',
    'opt/conda/pkgs/x-1-0/conda-lock.yml',
    'usr/lib/python3/site-packages/x/environment.yml',
    'app/node_modules/x/pixi.lock',
    'app/xpixi.lock',
    'app/my-environment.yml',
    'app/environment.json',
    'app/conda.lock',
    'app/xspec-file.txt',
    'app/conda-linux-64.block',
    '',
  ])('not %s', (path) => {
    expect(claims(path)).toBe(false);
  });
});

describe('names', () => {
  test.each([
    ['zlib-1.3.1-hb9d3cd8_2', { name: 'zlib', version: '1.3.1', build: 'hb9d3cd8_2' }],
    ['ca-certificates-2024.7.4-0', { name: 'ca-certificates', version: '2024.7.4', build: '0' }],
    ['a-1', undefined],
    ['-1-0', undefined],
    ['a--0', undefined],
    ['a-1-', undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    expect(splitDistribution(text)).toEqual(expected);
  });

  test.each([
    ['https://conda.anaconda.org/conda-forge/linux-64', 'linux-64', 'conda-forge'],
    ['https://conda.anaconda.org/conda-forge/', 'noarch', 'conda-forge'],
    ['https://repo.anaconda.com/pkgs/main/linux-64', 'linux-64', 'main'],
    ['https://conda.anaconda.org/conda-forge/label/dev/linux-64', 'linux-64', 'conda-forge/label/dev'],
    ['https://host.example/t/secret/team/linux-64', 'linux-64', 'team'],
    ['https://host.example/t/secret/linux-64', 'linux-64', undefined],
    ['https://host.example', undefined, undefined],
    ['file:///srv/channel/noarch', 'noarch', 'channel'],
    ['pkgs/main', 'linux-64', 'main'],
    ['conda-forge', undefined, 'conda-forge'],
    ['<unknown>', undefined, undefined],
    ['', undefined, undefined],
  ])('the channel of %s', (place, subdir, name) => {
    expect(channelName(place, subdir)).toBe(name);
  });

  test.each([
    [
      'https://conda.anaconda.org/conda-forge/noarch/a-b-1.0-py_0.tar.bz2?x#00',
      { name: 'a-b', version: '1.0', build: 'py_0', channel: 'conda-forge', subdir: 'noarch' },
    ],
    ['a-1.0-0.conda', { name: 'a', version: '1.0', build: '0', channel: undefined, subdir: '' }],
    ['https://host.example/a-1.0.whl', undefined],
    ['', undefined],
  ])('the archive at %s', (url, expected) => {
    expect(archiveIdentity(url)).toEqual(expected);
  });

  test('what specs name', () => {
    const specs = [
      'python >=3.9',
      'zlib',
      'conda-forge::xz 5.*',
      '__glibc >=2',
      'a[version=1]',
      'b=1',
      'zlib 1',
      '',
      7,
      '::',
    ];
    expect(neededNames(specs)).toEqual(['a', 'b', 'python', 'xz', 'zlib']);
  });

  test('the package URL, and no advisories', () => {
    const { packages } = parse(metaPath, zlib);
    expect(packages.map((found) => ecosystem.purl(found, undefined))).toEqual([
      'pkg:conda/zlib@1.3.1?build=hb9d3cd8_2&channel=conda-forge&subdir=linux-64',
    ]);
    expect(packages.map((found) => ecosystem.advisories(found, undefined))).toEqual([undefined]);
    expect(ecosystem.purl({ name: 'A', version: '1', presence: 'declared' }, undefined)).toBe('pkg:conda/a@1');
  });
});

describe('the record of an installed package', () => {
  test('as rattler writes it', () => {
    expect(parse(metaPath, zlib)).toEqual({
      packages: [
        {
          name: 'zlib',
          version: '1.3.1',
          presence: 'installed',
          arch: 'linux-64',
          build: 'hb9d3cd8_2',
          vendor: 'conda-forge',
          license: 'Zlib',
          hashes: ['sha256:44f3d8aea0e63190df039b086158bfa9091843607685c47060e78cd6c5dad561'],
          needs: ['libgcc'],
        },
      ],
      problems: [],
    });
  });

  test('of older conda: what the place of its archive tells', () => {
    const meta = {
      name: 'a',
      version: '1.0',
      build: 'py_0',
      channel: 'defaults',
      url: 'https://repo.anaconda.com/pkgs/main/noarch/a-1.0-py_0.tar.bz2',
      md5: 'F'.repeat(32),
      license: 'None',
    };
    expect(parse(metaPath, JSON.stringify(meta)).packages).toEqual([
      {
        ...{ name: 'a', version: '1.0', presence: 'installed', arch: 'noarch', build: 'py_0', vendor: 'defaults' },
        hashes: [`md5:${'f'.repeat(32)}`],
      },
    ]);
  });

  test.each([
    ['', 'not JSON: Unexpected end of JSON input'],
    ['{"name":"zlib"}', "the package's record has no usable name and version"],
    ['[]', "the package's record has no usable name and version"],
    ['['.repeat(201), 'JSON nested deeper than 200 levels'],
  ])('%.20j: a problem, and the name of the file tells what it was', (content, message) => {
    expect(parse(metaPath, content)).toEqual({
      packages: [{ name: 'zlib', version: '1.3.1', presence: 'installed', build: 'hb9d3cd8_2' }],
      problems: [problem(metaPath, message)],
    });
  });

  test("another tool's settings are nothing", () => {
    expect(parse('opt/conda/conda-meta/settings.json', '{"theme":1}')).toEqual({ packages: [], problems: [] });
    const path = 'opt/conda/conda-meta/x.json';
    const message = "the package's record has no usable name and version";
    expect(parse(path, '{"name":"x"}')).toEqual({ packages: [], problems: [problem(path, message)] });
  });
});

describe('ownership', () => {
  const owned = (path: string, content: string | Buffer): unknown[] => {
    const bytes = Buffer.from(content);
    const told: unknown[] = [];
    const owns: Parameters<NonNullable<typeof ecosystem.ownership>['read']>[1] = ({ name, version }, file, digest) => {
      told.push([`${name} ${version}`, file, ...(digest === undefined ? [] : [digest])]);
    };
    ecosystem.ownership?.read({ path, bytes, size: bytes.length, mode: 0o644 }, owns, true);
    return told;
  };

  test('files below the environment, with the digests that they have', () => {
    const info = 'lib/python3.11/site-packages/idna-3.7.dist-info';
    const told = owned('opt/conda/conda-meta/idna-3.7-pyhd8ed1ab_0.json', idna) as string[][];
    expect(told.map(([owner, path]) => [owner, path])).toEqual(
      ['lib/python3.11/site-packages/idna/__init__.py', `${info}/INSTALLER`, `${info}/METADATA`, `${info}/RECORD`].map(
        (path) => ['idna 3.7', `opt/conda/${path}`],
      ),
    );
    const metadata = createHash('sha256')
      .update(readFileSync(join(environment, info, 'METADATA')))
      .digest('hex');
    expect(told[2]?.[2]).toBe(`sha256:${metadata}`);
  });

  test('a file that holds the path of the environment has the digest that it has there', () => {
    const [header, library, config] = owned('conda-meta/zlib-1.3.1-hb9d3cd8_2.json', zlib) as string[][];
    expect([header?.[1], library?.[1], config?.[1]]).toEqual([
      'include/zlib.h',
      'lib/libz.so.1.3.1',
      'lib/pkgconfig/zlib.pc',
    ]);
    expect(config?.[2]).toBe('sha256:eef900f2a9a2fb57aea73341f5955a1609cded5b92f1d565f5beb6743870db54');
  });

  test('hostile paths and digests', () => {
    const digest = 'a'.repeat(64);
    const meta = {
      name: 'a',
      version: '1',
      files: ['ok', 'b', '../up', 'c/../../up', '/etc/passwd', '', '.', 7, 'n\0', 'd/./e//f'],
      paths_data: {
        paths: [
          { _path: 'b', sha256: digest, path_type: 'hardlink' },
          { _path: 'changed', sha256: digest, prefix_placeholder: '/x' },
          { _path: 'link', sha256: digest, path_type: 'softlink' },
          { _path: 'folder', path_type: 'directory' },
          { _path: 'short', sha256: 'abc' },
          { _path: '../../etc/shadow', sha256: digest },
          null,
          {},
        ],
      },
    };
    const names = ['changed', 'link', 'short', 'ok', 'd/e/f'];
    expect(owned('env/conda-meta/a-1-0.json', JSON.stringify(meta))).toEqual([
      ['a 1', 'env/b', `sha256:${digest}`],
      ...names.map((name) => ['a 1', `env/${name}`]),
    ]);
    for (const content of ['', '[]', '{}', '{"name":"a","version":"1"}', '{"name":"a","version":"1","files":7}']) {
      expect(owned('env/conda-meta/a-1-0.json', content)).toEqual([]);
    }
  });
});

describe('lock files', () => {
  const hash = 'b6a85871a79d2e3b22d2d1b94ac2824226a63c6b741c88f7ae975f18b6778374';
  const build = { arch: 'linux-64', build: 'hb9d3cd8_2', vendor: 'conda-forge' };

  test('conda-lock.yml, as conda-lock writes it, with either line end', () => {
    const said = parse('app/conda-lock.yml', condaLock);
    expect(said.problems).toEqual([]);
    expect(said.packages.map(({ name, version }) => `${name} ${version}`)).toEqual([
      ...['_libgcc_mutex 0.1', 'libgcc 14.2.0', 'zlib 1.3.1', 'python 3.11.9', 'idna 3.7'],
    ]);
    expect(said.packages[2]).toEqual(
      record('zlib', '1.3.1', {
        ...build,
        hashes: ['sha256:44f3d8aea0e63190df039b086158bfa9091843607685c47060e78cd6c5dad561'],
        needs: ['libgcc'],
      }),
    );
    expect(said.others).toEqual([
      { ecosystem: 'pypi', packages: [record('iniconfig', '2.0.0', { hashes: [`sha256:${hash}`], dev: true })] },
    ]);
    expect(parse('app/conda-lock.yml', condaLock.toString().replaceAll('\n', '\r\n'))).toEqual(said);
  });

  test('pixi.lock, as rattler writes it, and older ones', () => {
    const said = parse('app/pixi.lock', pixiLock);
    expect(said.problems).toEqual([]);
    expect(said.packages.map(({ name, needs }) => [name, needs])).toEqual([
      ['_libgcc_mutex', undefined],
      ['libgcc', ['_libgcc_mutex']],
      ['python', ['libgcc', 'zlib']],
      ['zlib', ['libgcc']],
      ['idna', ['python']],
    ]);
    expect(said.packages[3]).toMatchObject({ license: 'Zlib', ...build });
    expect(said.others).toEqual([{ ecosystem: 'pypi', packages: [record('iniconfig', '2.0.0')] }]);
    const four = `version: 4
environments:
  default:
    packages:
      linux-64:
      - conda: x
packages:
- kind: conda
  name: zlib
  version: '1.3.1'
  build: hb9d3cd8_2
  subdir: linux-64
  url: https://conda.anaconda.org/conda-forge/linux-64/zlib-1.3.1-hb9d3cd8_2.conda
- kind: pypi
  name: own
  version: 0.1.0
  path: .
`;
    expect(parse('app/pixi.lock', four)).toEqual({ packages: [record('zlib', '1.3.1', build)], problems: [] });
  });

  test('an explicit list', () => {
    const list = `# platform: linux-64
https://host.example/c/noarch/before-1-0.conda
@EXPLICIT
https://conda.anaconda.org/conda-forge/linux-64/zlib-1.3.1-hb9d3cd8_2.conda#sha256:${hash}
https://host.example/t/secret/team/noarch/a-1-0.tar.bz2#${'0a'.repeat(16)}
https://host.example/odd.txt
`;
    expect(parse('app/conda-linux-64.lock', list)).toEqual({
      packages: [
        record('zlib', '1.3.1', { ...build, hashes: [`sha256:${hash}`] }),
        record('a', '1', { arch: 'noarch', build: '0', vendor: 'team', hashes: [`md5:${'0a'.repeat(16)}`] }),
      ],
      problems: [],
    });
  });

  test.each(['conda-lock.yml', 'pixi.lock', 'conda-linux-64.lock'])('%s: what is none is a problem', (name) => {
    for (const content of ['\0\0', '{}', 'just text']) {
      const { packages, problems } = parse(`app/${name}`, content);
      expect([packages, problems.map(({ code }) => code)]).toEqual([[], ['conda/unreadable']]);
    }
    expect(parse(`app/${name}`, '\n')).toEqual({ packages: [], problems: [] });
  });

  test('too many: the first hundred thousand, and a problem', () => {
    const lines = Array.from({ length: 100_001 }, (_, i) => `https://h.example/c/noarch/p-${i}-0.conda`);
    const { packages, problems } = parse('app/spec-file.txt', `@EXPLICIT\n${lines.join('\n')}`);
    expect(packages.length).toBe(100_000);
    const message = 'the file names more than 100000 packages; the rest is left out';
    expect(problems).toEqual([
      { code: 'conda/too-many-packages', message, path: 'app/spec-file.txt', blinding: false },
    ]);
  });
});

describe('environment.yml', () => {
  test('exact versions alone', () => {
    const text = `dependencies:
- a==1.0
- "b = 2.0 = py_0"
- c=3.0
- d=3.0=py*
- e==1.*
- f>=1
- conda-forge::g==1!4.0+x
- h==1,<2
- ==1
- pip:
  - i==5.0
  - j[x]==6.0; python_version < "3"
  - k>=1
  - l @ https://host.example/l==1
- m==7.0
channels:
- n==8.0
`;
    expect(parse('app/environment.yml', text)).toEqual({
      packages: [
        record('a', '1.0'),
        record('b', '2.0', { build: 'py_0' }),
        record('g', '1!4.0+x', { vendor: 'conda-forge' }),
        record('m', '7.0'),
      ],
      problems: [],
      others: [{ ecosystem: 'pypi', packages: [record('i', '5.0'), record('j', '6.0')] }],
    });
    expect(parse('app/environment_dev.yml', 'dependencies:\n  - a==1.0\n').packages).toEqual([
      record('a', '1.0', { dev: true }),
    ]);
  });

  test.each(['', 'name: x\n', '\0', '- a==1.0\n', 'x:\n  dependencies:\n    - a==1.0\n'])('%j says nothing', (text) => {
    expect(parse('app/environment.yml', text)).toEqual({ packages: [], problems: [] });
  });
});

describe('hostile files', () => {
  test.each([
    [metaPath, zlib],
    ['app/conda-lock.yml', condaLock],
    ['app/pixi.lock', pixiLock],
    ['app/environment.yml', readFileSync(join(fixtures, 'environment', 'in', 'srv', 'environment.yml'))],
    ['app/spec-file.txt', readFileSync(join(fixtures, 'environment', 'in', 'srv', 'spec-file.txt'))],
  ])('%s: any bytes give bounded records or a problem', (path, original) => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 10 });
    const mutated = fc.tuple(edits, fc.nat(100)).map(([changes, cut]) => {
      const bytes = Buffer.from(original.subarray(0, original.length - cut));
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      return bytes;
    });
    const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(mutated, noise), (bytes) => {
        const { packages, problems } = parse(path, bytes);
        expect(packages.length).toBeLessThan(20);
        expect(problems.length).toBeLessThan(2);
        ecosystem.ownership?.read({ path, bytes, size: bytes.length, mode: 0o644 }, () => {}, true);
      }),
      { numRuns: 150 },
    );
  });

  test('long lines and many items take linear time', () => {
    const started = process.cpuUsage();
    for (const text of ['- ', '-', 'a: ', '::', '=', '  - x\n', '- a\n', 'https://', '/t/']) {
      for (const name of ['conda-lock.yml', 'pixi.lock', 'environment.yml', 'spec-file.txt']) {
        parse(`app/${name}`, `@EXPLICIT\ndependencies:\npackage:\npackages:\n- name: ${text.repeat(100_000)}\n`);
      }
    }
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(4000);
  });
});
