import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Budget, CostFailure } from '../../../src/policy/expression/budget.ts';
import { compile } from '../../../src/policy/expression/compile.ts';
import { EvaluationFailure, type Scope } from '../../../src/policy/expression/contract.ts';
import { parseExpression } from '../../../src/policy/expression/parse.ts';
import { commonVariables } from '../../../src/policy/subject/fields/all.ts';

const variables = { finding: 'Finding', pkg: 'Package', file: 'File', ...commonVariables };

const lists = new Map([
  ['bases', ['debian:*', 'registry.example.com/**']],
  ['bad-patterns', ['[']],
  ['ids', Array.from({ length: 100 }, (_, i) => `CVE-2024-${i}`)],
]);

const pkg = {
  name: 'openssl',
  version: '3.0.9-1',
  ecosystem: 'deb',
  purl: 'pkg:deb/debian/openssl@3.0.9-1?arch=amd64&distro=debian-12',
  license: 'Apache-2.0',
  licenses: ['Apache-2.0'],
  flaws: 2,
};

const scope: Scope = {
  finding: {
    id: 'CVE-2024-7',
    severity: 'high',
    score: 8.1,
    cwes: ['CWE-79', 'CWE-80'],
    published: '2026-01-01T23:59:59Z',
    kevDue: '',
    cvss: { AV: 'N' },
    hasFix: true,
  },
  pkg,
  file: { path: '/etc/ssl/private/server.key', values: { port: '8080' }, mode: 0o4755 },
  image: {
    packages: [pkg, { ...pkg, name: '@scope/tool', ecosystem: 'npm', purl: 'pkg:npm/%40scope/tool@1.2.3', flaws: 0 }],
    labels: { stage: 'production' },
    env: new Map([['HOME', '/root']]),
    user: '',
    cmd: [],
    tag: 'v1.2.3',
    base: { name: 'debian:12', known: true },
    portNumbers: [22, 8080],
  },
  policy: { failOn: 'high', environment: '' },
  today: '2026-01-31',
};

function evaluate(text: string, values: Scope = scope): unknown {
  const { image, policy, today, ...subjects } = values;
  const parsed = parseExpression(text, variables);
  const outcomes = [
    () => compile(parsed, { lists })(values),
    () => compile(parsed, { lists, constants: { image, policy, today } })(subjects),
  ].map((run) => {
    try {
      return run();
    } catch (error) {
      if (error instanceof EvaluationFailure) return error.message;
      throw error;
    }
  });
  // What is the same in all evaluations may be said beforehand or with the others.
  expect(outcomes[1]).toBe(outcomes[0]);
  return outcomes[0];
}

describe('functions', () => {
  test.each([
    ["finding.severity.atLeast('high')", true],
    ["finding.severity.atLeast('critical')", false],
    ['finding.severity.atLeast(policy.failOn)', true],
    ["finding.severity.atLeast('never')", false],
    ["''.atLeast('low')", false],
    ['finding.severity.atLeast(image.labels.stage)', 'production is no severity'],
    ["file.path.glob('/etc/**/*.key')", true],
    ["file.path.glob('/etc/*.key')", false],
    ['lists.bases.exists(base, image.base.name.glob(base))', true],
    ["finding.id in lists.ids && !('CVE-2024-100' in lists.ids)", true],
    ["image.tag.matches(r'^v\\d+\\.\\d+\\.\\d+$')", true],
    ["image.tag.matches('^v2')", false],
    ["lists['bad-patterns'].exists(p, image.tag.matches(p))", 'missing closing ]: ['],
    ['lists.nothing == []', 'there is no "nothing"'],
    ["pkg.inRange('>= 3.0, < 3.0.11')", true],
    ["pkg.inRange('< 3 || 3.*')", true],
    ["pkg.inRange('3.0.*') && !pkg.inRange('3.0.1.*') && pkg.inRange('*')", true],
    ["pkg.inRange('!= 3.0.9-1')", false],
    ["pkg.inRange('3.0.9-1') && pkg.inRange('== 3.0.9-1')", true],
    ["pkg.olderThan('3.0.10') && pkg.newerThan('3.0.9~rc1')", true],
    ["pkg.olderThan('no version')", '"no version" is no version by the order of deb'],
    ["pkg.licensedUnder(['MIT', 'Apache-*'])", true],
    ["pkg.licensedUnder(['MIT'])", false],
    ["image.hasPackage('open*') && image.hasPackage('pkg:deb/debian/openssl')", true],
    ["image.hasPackage('pkg:npm/@scope/tool@1.2.*')", true],
    ["image.hasPackage('pkg:npm/tool')", false],
    ["finding.cwes.containsAny(['CWE-80', 'CWE-1'])", true],
    ['image.portNumbers.containsAny([1, 2, 3, 4, 5, 6, 7, 8, 9])', false],
    ["finding.cwes.containsAll(['CWE-80', 'CWE-79']) && !finding.cwes.containsAll(['CWE-1'])", true],
    ["['a', 'b', 'a'].distinct() == ['a', 'b']", true],
    ['days(finding.published) == 30', true],
    ['days(finding.kevDue) == -1', true],
    ["days('2026-02-01') == -1 && days('2026-01-31') == 0", true],
    ['days(finding.id) > 0', '"CVE-2024-7" is no date'],
    ["'İstanbul'.lower().size() > 0 && 'aB'.upper() == 'AB' && 'ÄaB'.lowerAscii() == 'Äab'", true],
    ["'a😀b'.size() == 3 && 'a😀b'.substring(1, 2) == '😀' && 'a😀b'.indexOf('b') == 2", true],
    ["'a😀b'.charAt(2) == 'b' && 'ab'.charAt(2) == ''", true],
    ["'ab'.charAt(3) == ''", 'a text of 2 characters has none at 3'],
    ["'ab'.substring(3) == ''", 'a text of 2 characters has no part from 3 to 2'],
    ["'a-b-c'.split('-', 2) == ['a', 'b-c'] && 'a$1'.replace('a', '$&') == '$&$1'", true],
    ["int('-12') == -12 && int(2.9) == 2 && double('1e2') == 100.0 && string(1.5) == '1.5' && bool('t')", true],
    ["int('') == 0", '"" is no whole number'],
    ["int('9007199254740993') == 0", '"9007199254740993" is no whole number'],
    ["double('0x1') == 1.0", '"0x1" is no number'],
    ["bool('yes')", '"yes" is neither true nor false'],
    ["double('nan') == double('nan')", false],
  ])('%s', (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });
});

describe('values', () => {
  test.each([
    ["has(image.labels.stage) && !has(image.labels.toString) && !('toString' in image.labels)", true],
    ["has(image.env.HOME) && image.env['HOME'] == '/root' && image.env.HOME != ''", true],
    ['has(image.user) || has(image.cmd)', false],
    ["image.labels.owner == 'me'", 'there is no "owner"'],
    ["image.labels.constructor == 'me'", 'there is no "constructor"'],
    ["finding.cwes[2] == ''", 'a list of 2 has nothing at 2'],
    ["finding.cwes[-1] == ''", 'a list of 2 has nothing at -1'],
    ["finding.title == ''", 'title is not known here'],
    ["file.values.port == '8080' && int(file.values['port']) > 1024", true],
    ["image.env.exists(name, image.env[name] == '/root')", true],
    ["image.packages.map(p, p.flaws > 0, p.name) == ['openssl']", true],
    ['image.packages.filter(p, p.flaws > 5).size() == 0', true],
    ['image.packages.exists_one(p, p.name == pkg.name)', true],
    ['file.mode == 0x9ed', true],
  ])('%s', (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });
});

describe('failures', () => {
  test.each([
    ["image.labels.x == 'a' || true", true],
    ["true || image.labels.x == 'a'", true],
    ["image.labels.x == 'a' || false", 'there is no "x"'],
    ["image.labels.x == 'a' && false", false],
    ["image.labels.x == 'a' && true", 'there is no "x"'],
    ["image.labels.x == 'a' || image.labels.y == 'a'", 'there is no "x"'],
    ["image.labels.x == 'a' || finding.hasFix || image.labels.y == 'a'", true],
    ["image.packages.exists(p, image.labels[p.name] == '' || p.flaws == 0)", true],
    ["image.packages.all(p, image.labels[p.name] == '' && p.flaws == 2)", false],
    ["image.packages.exists(p, image.labels[p.name] == '')", 'there is no "openssl"'],
    ["image.packages.filter(p, image.labels[p.name] == '').size() == 0 || false", 'there is no "openssl"'],
    ["finding.hasFix ? true : image.labels.x == ''", true],
    ['1 / (finding.cwes.size() - 2) == 0', 'division by 0'],
    ['9007199254740991 + 1 > 0', 'a whole number gets too large'],
    ['-7 / 2 == -3 && -7 % 3 == -1 && 7.0 / 2.0 == 3.5', true],
  ])('%s', (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });

  test('a fault in a constant part is told at each evaluation', () => {
    const predicate = compile(parseExpression('image.labels.x.size() == 1', variables), {
      lists,
      constants: { image: scope.image },
    });
    for (let time = 0; time < 2; time++) expect(() => predicate({})).toThrow(new EvaluationFailure('there is no "x"'));
  });
});

describe('what takes too long is stopped', () => {
  const many = Array.from({ length: 3000 }, (_, i) => ({ ...pkg, name: `p${i}`, flaws: 1 }));
  const large: Scope = { ...scope, image: { ...(scope.image as object), packages: many } };
  const evaluateLarge = (text: string): boolean => compile(parseExpression(text, variables), { lists })(large);

  test('loops in loops, and no other part goes on over it', () => {
    const loops = 'image.packages.all(p, image.packages.all(q, p.flaws + q.flaws == 2))';
    for (const text of [loops, `${loops} || finding.hasFix`, `image.packages.exists(r, ${loops} || finding.hasFix)`])
      expect(() => evaluateLarge(text)).toThrow(new CostFailure('the expression takes more than 5000000 steps'));
    expect(evaluateLarge('image.packages.all(p, image.packages.exists(q, p.name == q.name || true))')).toBe(true);
  });

  test('lists and texts that grow', () => {
    const doubled = `image.packages.map(p, [p.name]${' + [p.name]'.repeat(20)}).size() > 0`;
    expect(evaluateLarge(doubled)).toBe(true);
    const nested = 'image.packages.map(p, image.packages.map(q, image.packages.map(r, r.name))).size() > 0';
    expect(() => evaluateLarge(nested)).toThrow(CostFailure);
    const texts = `pkg.name${".replace('', 'xxxxxxxxxxxxxxxx')".repeat(30)} == ''`;
    expect(() => evaluateLarge(texts)).toThrow(EvaluationFailure);
    const joined = 'image.packages.map(p, image.packages.map(q, p.name + q.name).join()).join().size() > 0';
    expect(() => evaluateLarge(joined)).toThrow(EvaluationFailure);
  });

  test('compiling is no longer than the text', () => {
    const started = performance.now();
    for (const text of [
      `1 / 0${' + 1'.repeat(400)} > 0`,
      `(pkg.name${" + 'a'".repeat(400)}) == ''`,
      `[1]${' + [1]'.repeat(300)} == []`,
    ])
      compile(parseExpression(text, variables), { lists, constants: scope });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('all evaluations together', () => {
    const budget = new Budget(10_000);
    const predicate = compile(parseExpression('image.packages.all(p, p.flaws == 1)', variables), { lists, budget });
    for (let time = 0; time < 3; time++) expect(predicate(large)).toBe(true);
    expect(() => predicate(large)).toThrow(CostFailure);
  });

  test('a regular expression is linear in the text', () => {
    const predicate = compile(parseExpression("file.path.matches('(a+)+$')", variables), { lists });
    const hostile = { file: { path: `${'a'.repeat(50_000)}!` } };
    predicate(hostile);
    const started = performance.now();
    expect(predicate(hostile)).toBe(false);
    expect(performance.now() - started).toBeLessThan(100);
  });
});

test('compiling and evaluating load no library', () => {
  const open = ['compile.ts', 'sieve.ts', 'functions.ts'].map((name) => resolve('src/policy/expression', name));
  const seen = new Set(open);
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)(?! type)[^;]*? from '([^']+)';/gm,
    )) {
      expect(name, file).toMatch(/^(?:\.|node:)/);
      const imported = resolve(dirname(file), name);
      if (name.startsWith('.') && !seen.has(imported)) open.push(imported);
      seen.add(imported);
    }
  }
  expect(seen.size).toBeGreaterThan(20);
  expect([...seen].filter((file) => /parse\.ts$|reading/.test(file) && file.includes('expression'))).toEqual([]);
});
