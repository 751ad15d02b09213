import { applyPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandsFor } from '../../../src/format/lock/commands.ts';
import type { EditContext, Edited } from '../../../src/format/lock/contract.ts';
import { lockEditor } from '../../../src/format/lock/editors.ts';
import { memberAt, membersAt, without } from '../../../src/format/lock/json-places.ts';
import { raisedRange } from '../../../src/format/lock/npm-range-text.ts';
import { managePom } from '../../../src/format/lock/pom.ts';
import { spliced } from '../../../src/format/lock/splices.ts';
import { unifiedDiff } from '../../../src/format/lock/unified.ts';

/** A placeholder of Maven's. */
const of = (name: string): string => `\${${name}}`;

const context: EditContext = { admits: () => true, sibling: () => undefined };

function edit(
  file: string,
  text: string,
  name: string,
  from: string,
  to: string,
  more: Partial<EditContext> = {},
): Edited {
  return lockEditor(file)!(file, text, { name, from, to }, { ...context, ...more });
}

/** The new text of the file itself, or why there is none. */
function said(file: string, text: string, name: string, from: string, to: string, more?: Partial<EditContext>): string {
  const result = edit(file, text, name, from, to, more);
  return result.kind === 'edited' ? (result.texts.get(file) ?? '') : `! ${result.because}`;
}

/** A good file of each kind, with a change that it takes. */
const good: readonly (readonly [file: string, text: string, name: string])[] = [
  ['package-lock.json', '{"lockfileVersion":3,"packages":{"node_modules/a":{"version":"1.0.0"}}}', 'a'],
  ['requirements.txt', 'a==1.0.0\n# b\nc[d] == 1.0.0 ; x\n', 'a'],
  ['Pipfile.lock', '{"_meta":{},"default":{"a":{"version":"==1.0.0"}}}', 'a'],
  ['go.mod', 'module m\nrequire (\n\ta 1.0.0 // indirect\n)\nreplace b => a 1.0.0\n', 'a'],
  [
    'pom.xml',
    '<project><!-- x --><dependencies><dependency a="<"><groupId>g</groupId><artifactId>a</artifactId><version>1.0.0</version></dependency></dependencies></project>',
    'g:a',
  ],
  [
    'Gemfile.lock',
    'GEM\n  specs:\n    a (1.0.0)\n    b (2)\n      a (>= 1)\n\nCHECKSUMS\n  a (1.0.0) sha256=00\n',
    'a',
  ],
  ['gradle.lockfile', 'g:a:1.0.0=x\ng:b:1.0.0=y\n', 'g:a'],
];

describe('editors of lock files', () => {
  test.each(good)('%s: change nothing but the version', (file, text, name) => {
    const after = said(file, text, name, '1.0.0', '1.0.1');
    expect(after).not.toMatch(/^!/);
    expect(after.replaceAll('1.0.1', '1.0.0')).toBe(text.replace(' sha256=00', ''));
    expect(after).not.toBe(text);
    // There is nothing of that version any more.
    expect(said(file, after, name, '1.0.0', '1.0.1')).toMatch(/^! the file does not /);
  });

  test.each(good)('%s: take any bytes in linear time and never throw', (file, text, name) => {
    const mutated = fc.tuple(fc.nat(text.length), fc.nat(20), fc.string({ unit: 'binary', maxLength: 20 }));
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string({ maxLength: 400 })), (input) => {
        const body =
          typeof input === 'string' ? input : text.slice(0, input[0]) + input[2] + text.slice(input[0] + input[1]);
        const result = edit(file, body, name, '1.0.0', '1.0.1');
        expect(result.kind === 'refused' ? result.because : result.texts.get(file)).toEqual(expect.any(String));
      }),
      { numRuns: 100 },
    );
    for (const unit of ['(', '[', '{"a":', '<a>', '<!--', '"', ' ', '\n', 'a==', '\\\n', '    a (1.0.0)\n      b\n']) {
      const started = performance.now();
      edit(file, unit.repeat(40_000 / unit.length), name, '1.0.0', '1.0.1');
      edit(file, text + unit.repeat(40_000 / unit.length), name, '1.0.0', '1.0.1');
      expect(performance.now() - started).toBeLessThan(1000);
    }
  });

  test('are of the files that hold nothing that a registry must be asked for', () => {
    const names = [
      'requirements-dev.txt',
      'buildscript-gradle.lockfile',
      'yarn.lock',
      'Cargo.lock',
      'poetry.lock',
      'x.txt',
    ];
    expect(names.map((name) => lockEditor(name) !== undefined)).toEqual([true, true, false, false, false, false]);
  });
});

describe('package-lock.json', () => {
  const lock = (packages: object, more: object = {}) => JSON.stringify({ lockfileVersion: 3, packages, ...more });
  const own = { 'node_modules/a': { version: '1.0.0' } };

  test('is left alone where the new version may not fit', () => {
    const refusals: readonly (readonly [packages: object, because: string])[] = [
      [{ 'node_modules/a': { version: '1.0.0', inBundle: true } }, 'a comes bundled inside another package'],
      [{ 'node_modules/a': { version: '1.0.0', resolved: 'git+ssh://x' } }, 'a is not taken from a registry'],
      [
        { 'node_modules/a': { version: '1.0.0', dependencies: { b: '1' } } },
        'a needs other packages, and only npm can tell which its new version needs',
      ],
      [{ ...own, 'node_modules/b': { version: '1.0.0', dependencies: { a: '1.0.0' } } }, 'b asks for a 1.0.0'],
      [{ ...own, '': { dependencies: { a: 'x || y' } } }, 'the project asks for a x || y'],
      [{ ...own, '': { dependencies: { a: '1.0.0' } } }, 'package.json, which asks for a, is not at hand'],
      [{ 'node_modules/a': { version: '2.0.0' } }, 'the file does not lock a 1.0.0'],
    ];
    for (const [packages, because] of refusals) {
      expect(said('package-lock.json', lock(packages), 'a', '1.0.0', '1.0.1', { admits: () => false })).toBe(
        `! ${because}`,
      );
    }
    const old = JSON.stringify({ lockfileVersion: 1, dependencies: { a: { version: '1.0.0' } } });
    expect(said('package-lock.json', old, 'a', '1.0.0', '1.0.1')).toMatch(/^! a lock file of this old version/);
  });

  test('is edited where a dependent that holds back finds another copy', () => {
    const packages = {
      ...own,
      'node_modules/b': { version: '1.0.0', dependencies: { a: '0.9.0' } },
      'node_modules/b/node_modules/a': { version: '0.9.0' },
    };
    const after = said('package-lock.json', lock(packages), 'a', '1.0.0', '1.0.1', {
      admits: (range) => range !== '0.9.0',
    });
    expect(JSON.parse(after).packages).toEqual({ ...packages, 'node_modules/a': { version: '1.0.1' } });
  });

  test('and package.json ask for the new version in the way they asked for the old', () => {
    const packages = { '': { devDependencies: { a: '~1.0.0' } }, ...own };
    const manifest = '{ "devDependencies": {"a": "~1.0.0" } }';
    const result = edit('package-lock.json', lock(packages), 'a', '1.0.0', '2.0.1', {
      admits: () => false,
      sibling: (name) => (name === 'package.json' ? manifest : undefined),
    });
    expect(result.kind === 'edited' && [...result.texts]).toEqual([
      ['package.json', '{ "devDependencies": {"a": "~2.0.1" } }'],
      ['package-lock.json', lock({ '': { devDependencies: { a: '~2.0.1' } }, 'node_modules/a': { version: '2.0.1' } })],
    ]);
    const other = edit('package-lock.json', lock(packages), 'a', '1.0.0', '2.0.1', {
      admits: () => false,
      sibling: () => '{}',
    });
    expect(other).toEqual({ kind: 'refused', because: 'package.json and the lock file do not ask for the same' });
  });

  test('ranges are raised as they are written, and no others', () => {
    const ranges = [
      '1.0.0',
      '^1.0.0',
      '~1.2',
      '>=1',
      '=1.0.0',
      '<=2',
      '1.x',
      '1 || 2',
      '>1 <2',
      'latest',
      'git+https://x',
    ];
    expect(ranges.map((range) => raisedRange(range, '3.0.0'))).toEqual([
      '3.0.0',
      '^3.0.0',
      '~3.0.0',
      '>=3.0.0',
      '=3.0.0',
      ...Array(6).fill(undefined),
    ]);
  });
});

describe('other files', () => {
  test('Gemfile.lock is left alone where the Gemfile or a gem asks for less, or the gem needs others', () => {
    const gems = (more: string) => `GEM\n  specs:\n    a (1.0.0)\n${more}`;
    const refuse = { admits: () => false };
    expect(said('Gemfile.lock', gems('\nDEPENDENCIES\n  a (= 1.0.0)\n'), 'a', '1.0.0', '2', refuse)).toBe(
      '! the Gemfile asks for a = 1.0.0, which must be raised first',
    );
    expect(said('Gemfile.lock', gems('    b (1)\n      a (< 2)\n'), 'a', '1.0.0', '2', refuse)).toBe(
      '! another gem asks for a < 2, and must be updated with it',
    );
    expect(said('Gemfile.lock', gems('      b (>= 1)\n'), 'a', '1.0.0', '2')).toBe(
      '! a needs other gems, and only Bundler can tell which',
    );
  });

  test("pom.xml: the project's own version is never taken for that of a dependency", () => {
    const text = `<project><groupId>g</groupId><version>1.0.0</version><dependencies><dependency><groupId>${of('project.groupId')}</groupId><artifactId>a</artifactId><version>${of('project.version')}</version></dependency></dependencies></project>`;
    expect(said('pom.xml', text, 'g:a', '1.0.0', '1.0.1')).toBe('! the file does not state g:a 1.0.0');
    const literal = text.replace(of('project.version'), '[1.0.0]');
    expect(said('pom.xml', literal, 'g:a', '1.0.0', '1.0.1')).toBe(literal.replace('[1.0.0]', '[1.0.1]'));
  });

  test('pom.xml: what others bring is managed beside what is managed already', () => {
    const text =
      '<project>\r\n\t<dependencyManagement>\r\n\t\t<dependencies>\r\n\t\t</dependencies>\r\n\t</dependencyManagement>\r\n</project>';
    const result = managePom('pom.xml', text, { name: 'g:a', to: '2' });
    expect(result.kind === 'edited' && result.texts.get('pom.xml')).toBe(
      text.replace(
        '<dependencies>',
        '<dependencies>\r\n\t\t\t<dependency>\r\n\t\t\t\t<groupId>g</groupId>\r\n\t\t\t\t<artifactId>a</artifactId>\r\n\t\t\t\t<version>2</version>\r\n\t\t\t</dependency>',
      ),
    );
    expect(managePom('pom.xml', text, { name: 'g:</a>', to: '2' }).kind).toBe('refused');
  });

  test('go.mod: what is excluded, retracted or replaced is left as it is', () => {
    const kept = 'exclude a 1.0.0\nretract (\n\ta 1.0.0\n)\nreplace a 1.0.0 => b 2.0.0\n// require a 1.0.0\n';
    expect(said('go.mod', `require a 1.0.0\n${kept}`, 'a', '1.0.0', '1.0.1')).toBe(`require a 1.0.1\n${kept}`);
    expect(said('go.mod', kept, 'a', '1.0.0', '1.0.1')).toBe('! the file does not require a 1.0.0');
  });

  test('requirements: names are the same however they are spelled, and ranges are no pins', () => {
    expect(said('requirements.txt', 'Zope.Interface==1\n', 'zope-interface', '1', '2')).toBe('Zope.Interface==2\n');
    for (const line of ['a>=1', 'a==1.*', 'a @ https://x', '-e a==1', 'ab==1']) {
      expect(said('requirements.txt', line, 'a', '1', '2')).toBe('! the file does not pin a');
    }
  });
});

describe('places in JSON', () => {
  const deep = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, fc.jsonValue({ maxDepth: 1 }), fc.dictionary(fc.string(), tie('value'))),
  })).value;

  test('are those of the members, whatever stands in them', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), deep, { maxKeys: 6 }),
        fc.constantFrom(undefined, 1, '\t'),
        (value, indent) => {
          const text = JSON.stringify(value, undefined, indent);
          const read = JSON.parse(text) as Record<string, unknown>;
          const members = membersAt(text, 0);
          expect(members.map(({ key }) => key)).toEqual(Object.keys(read));
          for (const member of members) {
            expect(JSON.parse(text.slice(member.start, member.end))).toEqual(read[member.key]);
            expect(memberAt(text, [member.key])).toEqual(member);
            const { [member.key]: _gone, ...left } = read;
            expect(JSON.parse(spliced(text, [without(members, member)]))).toEqual(left);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('of a key that stands twice are those of the last, as readers take it', () => {
    const text = '{"a":{"b":1},"a":{"b":2}}';
    expect(text.slice(memberAt(text, ['a', 'b'])!.start)).toBe('2}}');
  });
});

describe('commands', () => {
  test('hold nothing that a shell would read as more than a word, and no option', () => {
    for (const name of ['a;b', '$(a)', '`a`', 'a b', '--global', "a'b", 'a\nb', '']) {
      expect(commandsFor('npm', 'package-lock.json', { name, from: '1', to: '1' })).toEqual([]);
      expect(commandsFor('npm', '', { name: 'a', from: '1', to: name })).toEqual([]);
    }
    expect(commandsFor('npm', '', { name: '@a/b', from: '1', to: '1.0.0-rc.1' })).toEqual([
      'npm install @a/b@1.0.0-rc.1',
    ]);
    expect(commandsFor('golang', 'app', { name: 'stdlib', from: '1', to: '1.22.5' })).toEqual(['go get go@1.22.5']);
    expect(commandsFor('generic', 'redis', { name: 'redis', from: '1', to: '7' })).toEqual([]);
    const berry = { name: 'a', from: '1', to: '1' };
    expect(commandsFor('npm', 'yarn.lock', berry, '__metadata:\n')).toEqual(['yarn up a@1']);
  });
});

describe('unified diffs', () => {
  test('are applied to the text that they were made of', async () => {
    const lines = fc.array(fc.constantFrom('a', 'b', '', '-c', '+d', '\\ e', '@@ -1 +1 @@', '--- a/x'), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(lines, lines, fc.constantFrom('\n', '\r\n'), fc.boolean(), async (a, b, eol, ends) => {
        const [before, after] = [a, b].map((part) => part.join(eol) + (ends ? eol : '')) as [string, string];
        const diff = await unifiedDiff('x/y.lock', before, after);
        if (before === after) return;
        expect(diff).toMatch(/^--- a\/x\/y\.lock\n\+\+\+ b\/x\/y\.lock\n@@ /);
        expect(applyPatch(before, diff!, { autoConvertLineEndings: false })).toBe(after);
      }),
      { numRuns: 150 },
    );
  });

  test('are none where path or text would do something to a terminal, or lead elsewhere', async () => {
    for (const path of ['/etc/passwd', '../x', 'a/../../x', 'a\nb', 'a\x1b[31m', 'a"b', 'a\tb']) {
      expect(await unifiedDiff(path, 'a\n', 'b\n')).toBeUndefined();
    }
    for (const text of ['\x1b]0;x\x07', '\u202e', 'safe\revil', '\u009b31m']) {
      expect(await unifiedDiff('x', `a\n${text}\n`, `b\n${text}\n`)).toBeUndefined();
    }
  });
});
