import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/maven/index.ts';

function parse(path: string, content: string | Buffer) {
  const bytes = Buffer.from(content);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
}

function claims(path: string): boolean {
  return ecosystem.claims(path, { size: 1, mode: 0o644 });
}

function declared(name: string, version: string, dev = false) {
  return { name, version, presence: 'declared', ...(dev ? { dev } : {}) };
}

function warningOf(path: string, message: unknown, code = 'maven/unreadable') {
  return { code, message, path, blinding: false };
}

describe('which files are read', () => {
  test.each([
    ...['pom.xml', 'a/pom.xml', 'gradle.lockfile', 'a/gradle.lockfile', 'a/buildscript-gradle.lockfile'],
    ...['settings-gradle.lockfile', 'gradle/dependency-locks/x.lockfile', 'a/gradle/dependency-locks/a-b.lockfile'],
  ])('%s', (path) => {
    expect(claims(path)).toBe(true);
  });

  test.each([
    ...['x-pom.xml', 'a/xpom.xml', 'pom.xml.bak', 'a/META-INF/maven/g/a/pom.xml', 'node_modules/x/pom.xml'],
    ...['usr/lib/ruby/gems/3.1/gems/x/pom.xml', 'a/vendor/x/pom.xml', 'xgradle.lockfile', 'a.lockfile'],
    ...['dependency-locks/x.lockfile', 'my-gradle/dependency-locks/x.lockfile'],
    ...['gradle/dependency-locks/a/x.lockfile', 'a/node_modules/react-native/gradle.lockfile'],
  ])('not %s', (path) => {
    expect(claims(path)).toBe(false);
  });
});

describe('gradle.lockfile', () => {
  const path = 'a/gradle.lockfile';

  test('names modules; what only tests, compilers and checks need is for development', () => {
    const lines = [
      '# This is a Gradle generated file for dependency locking.',
      'a:both:1.0=compileClasspath,testRuntimeClasspath',
      'a:test:1.0=testCompileClasspath,testRuntimeClasspath',
      'a:unit:1.0=debugUnitTestRuntimeClasspath',
      'a:proc:1.0=debugAnnotationProcessorClasspath,annotationProcessor',
      'a:tool:1.0=kotlinCompilerPluginClasspath,jacocoAgent',
      'a:latest:1.0=latestRuntime',
      'a:kotlin:1.0=kotlin',
      '  a:blank:1.0=x  ',
      'empty=b,c',
    ];
    expect(parse(path, lines.join('\r\n'))).toEqual({
      packages: [
        declared('a:both', '1.0'),
        declared('a:test', '1.0', true),
        declared('a:unit', '1.0', true),
        declared('a:proc', '1.0', true),
        declared('a:tool', '1.0', true),
        declared('a:latest', '1.0'),
        declared('a:kotlin', '1.0'),
        declared('a:blank', '1.0'),
      ],
      problems: [],
    });
  });

  test('of a build script is for development altogether', () => {
    const packages = [declared('a:b', '1', true)];
    for (const name of ['buildscript-gradle.lockfile', 'settings-gradle.lockfile']) {
      expect(parse(name, 'a:b:1=classpath\n')).toEqual({ packages, problems: [] });
    }
    const old = 'gradle/dependency-locks/buildscript-classpath.lockfile';
    expect(parse(old, 'a:b:1\n')).toEqual({ packages, problems: [] });
  });

  test('of one configuration lists modules alone', () => {
    const file = (name: string) =>
      parse(`x/gradle/dependency-locks/${name}.lockfile`, '# A comment.\na:b:1\nc:d:2=e\n');
    expect(file('runtimeClasspath')).toEqual({ packages: [declared('a:b', '1'), declared('c:d', '2')], problems: [] });
    expect(file('testCompileClasspath').packages).toEqual([declared('a:b', '1', true), declared('c:d', '2')]);
  });

  test('counts the lines that are no module', () => {
    const lines = ['a:b:1', 'a:b=c', 'a:b:1:2=c', ':b:1=c', 'a:b:x=c', 'a b:c:1=d', 'a:b:1=c'];
    expect(parse(path, lines.join('\n'))).toEqual({
      packages: [declared('a:b', '1')],
      problems: [warningOf(path, '6 lines are no locked module')],
    });
    expect(parse(path, 'x').problems).toEqual([warningOf(path, '1 line is no locked module')]);
    expect(parse(path, '')).toEqual({ packages: [], problems: [] });
  });

  test('locks no more modules than the limit', () => {
    const { packages, problems } = parse(path, 'a:b:1=c\n'.repeat(50_001));
    expect(packages).toHaveLength(50_000);
    const message = 'the file locks more than 50000 modules; the rest is left out';
    expect(problems).toEqual([warningOf(path, message, 'maven/too-many-packages')]);
  });

  test('of too many bytes is not read', () => {
    const message = 'the file is larger than 16777216 bytes, the most that is read of its kind';
    expect(parse(path, Buffer.alloc(16 * 1024 * 1024 + 1))).toEqual({
      packages: [],
      problems: [warningOf(path, message, 'maven/too-large')],
    });
  });
});

function dependency(group: string, artifact: string, more: Record<string, string> = {}): string {
  const rest = Object.entries(more).map(([name, text]) => `<${name}>${text}</${name}>`);
  return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId>${rest.join('')}</dependency>`;
}

function project(...parts: string[]): string {
  return `<?xml version="1.0"?>\n<project xmlns="http://maven.apache.org/POM/4.0.0">${parts.join('\n')}</project>\n`;
}

function dependencies(...parts: string[]): string {
  return `<dependencies>${parts.join('\n')}</dependencies>`;
}

describe('pom.xml', () => {
  const path = 'app/pom.xml';
  const named = (text: string) => parse(path, text).packages.map(({ name, version }) => `${name}@${version}`);

  test('names dependencies with their versions', () => {
    const text = project(
      '<groupId>com.example</groupId><artifactId>shop</artifactId><version>1.0</version>',
      dependencies(
        dependency('a', 'plain', { version: ' 1.0 ' }),
        dependency('a', 'tests', { version: '2.0', scope: 'test' }),
        dependency('a', 'given', { version: '3.0', scope: 'provided' }),
        dependency('a', 'local', { version: '4.0', scope: 'system' }),
        dependency('a', 'elsewhere'),
        dependency('a', 'sources', { version: '1.0<!-- why -->-<![CDATA[rc]]>1', type: 'jar' }),
      ),
      `<build><plugins><plugin>${dependencies(dependency('a', 'build', { version: '9' }))}</plugin></plugins></build>`,
    );
    expect(parse(path, text)).toEqual({
      packages: [
        declared('a:plain', '1.0'),
        declared('a:tests', '2.0', true),
        declared('a:given', '3.0'),
        declared('a:sources', '1.0-rc1'),
      ],
      problems: [],
    });
  });

  test('fills in properties, its own coordinates and those of its parent', () => {
    const text = project(
      '<parent><groupId>com.example</groupId><artifactId>all</artifactId><version>7.0</version></parent>',
      '<artifactId>shop</artifactId>',
      `<properties><v>\${major}.1</v><major>2</major><loop>\${loop}</loop><project.version>8.1</project.version></properties>`,
      dependencies(
        dependency(`\${project.groupId}`, 'sibling', { version: `\${project.parent.version}` }),
        dependency(`\${groupId}.x`, `\${project.artifactId}-api`, { version: `\${v}` }),
        dependency('a', 'own', { version: `\${pom.version}` }),
        dependency('a', 'stated', { version: `\${project.version}` }),
        dependency('a', 'unknown', { version: `1.\${nothing}` }),
        dependency('a', 'loop', { version: `1.\${loop}` }),
      ),
    );
    expect(named(text)).toEqual(['com.example:sibling@7.0', 'com.example.x:shop-api@2.1', 'a:own@7.0', 'a:stated@8.1']);
  });

  test('takes versions and scopes from what it manages itself', () => {
    const managed = dependencies(
      dependency('a', 'managed', { version: '1.1', scope: 'test' }),
      dependency('a', 'managed', { version: '9' }),
      dependency('a', 'unused', { version: '9' }),
    );
    const text = project(
      `<dependencyManagement>${managed}</dependencyManagement>`,
      dependencies(dependency('a', 'managed')),
    );
    expect(parse(path, text).packages).toEqual([declared('a:managed', '1.1', true)]);
  });

  test('a range is no version, unless it is of one', () => {
    const versions = ['[1.0]', '[1.0,2.0)', '(,1.0]', '1.0,2.0', 'LATEST', '[1.0', `\${v}`, ''];
    const text = project(dependencies(...versions.map((version, i) => dependency('a', `b${i}`, { version }))));
    expect(named(text)).toEqual(['a:b0@1.0']);
  });

  test('a dependency of program and tests is the program\u2019s', () => {
    const version = '1';
    const twice = [dependency('a', 'b', { version, scope: 'test' }), dependency('a', 'b', { version })];
    for (const order of [twice, [...twice].reverse()]) {
      expect(parse(path, project(dependencies(...order))).packages).toEqual([declared('a:b', '1')]);
    }
  });

  test('that is no project says nothing', () => {
    for (const text of ['', '<settings/>', project()])
      expect(parse(path, text)).toEqual({ packages: [], problems: [] });
  });

  test.each([
    ...['<project>', '<project></x>', '</project>', '<project/><project/>', 'plain text', '<a>'.repeat(201)],
    ...['<!DOCTYPE x><project/>', '<?xml version="1.0"?>', '<project><version>1.0</version'],
  ])('that is damaged is a problem: %j', (text) => {
    const { packages, problems } = parse(path, text);
    expect(packages).toEqual([]);
    expect(problems).toEqual([warningOf(path, expect.stringMatching(/XML/))]);
  });

  test('may name people with the references of HTML', () => {
    const people = '<developers><developer><name>S&oslash;ren &amp; Co</name></developer></developers>';
    expect(named(project(people, dependencies(dependency('a', 'b', { version: '1' }))))).toEqual(['a:b@1']);
  });

  test('can not be made to grow', () => {
    const levels = Array.from({ length: 20 }, (_, i) => `<v${i + 1}>${`\${v${i}}`.repeat(40)}</v${i + 1}>`);
    const grown = project(
      `<properties><v0>1</v0>${levels.join('')}<long>${'1'.repeat(900)}</long></properties>`,
      dependencies(
        dependency('a', 'b', { version: `\${v20}` }),
        dependency('a', 'c', { version: `\${long}` }),
        dependency('a', 'd', { version: `\${v1}` }),
        dependency('a', 'e', { version: '1'.repeat(300) }),
      ),
    );
    expect(named(grown)).toEqual([`a:d@${'1'.repeat(40)}`]);
  });

  test('names no more dependencies than the limit', () => {
    const many = Array.from({ length: 20_001 }, (_, i) => dependency('a', `b${i}`, { version: '1' }));
    const { packages, problems } = parse(path, project(dependencies(...many)));
    expect(packages).toHaveLength(20_000);
    const message = 'the project names more than 20000 dependencies; the rest is left out';
    expect(problems).toEqual([warningOf(path, message, 'maven/too-many-packages')]);
  });
});

describe('hostile text', () => {
  const pom = Buffer.from(
    project('<properties><v>1</v></properties>', dependencies(dependency('a', 'b', { version: `\${v}` }))),
  );
  const lock = Buffer.from('# x\na:b:1=c,d\nempty=\n');

  test.each([
    ['a/pom.xml', pom],
    ['gradle.lockfile', lock],
    ['gradle/dependency-locks/x.lockfile', lock],
  ])('never throws: %s', (path, good) => {
    const mutated = fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 10 })
      .map((changes) => {
        const bytes = Buffer.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        return bytes;
      });
    const random = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(mutated, random), (bytes) => {
        const { packages, problems } = parse(path, bytes);
        expect(packages.length).toBeLessThan(10);
        for (const { message } of problems) expect(message).toMatch(/^[ -~]+$/);
      }),
    );
  });
});
