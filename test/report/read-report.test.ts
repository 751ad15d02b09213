import fc from 'fast-check';
import { expect, test } from 'vitest';
import { report } from '../../src/report/json.ts';
import { isPlainFinding, isPlainPackage } from '../../src/report/kept/quick.ts';
import { findingShape, packageShape } from '../../src/report/kept/shapes.ts';
import { readReport } from '../../src/report/read-report.ts';
import { SluiceError } from '../../src/util/error.ts';
import { arbitraryEvidence } from './arbitrary-evidence.ts';
import { context, evidence, known, knownVerdict, placedSecret, shop, shopVerdict } from './samples.ts';

const pass = { decision: 'pass', reasons: [] } as const;
const good = report.render(known, knownVerdict, context);

function read(value: unknown) {
  return readReport(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
}

/** What is wrong with a report, in one line. */
function wrongWith(value: unknown): string {
  try {
    read(value);
  } catch (thrown) {
    if (thrown instanceof SluiceError) return `${thrown.code}: ${thrown.message}`;
    throw thrown;
  }
  return 'nothing';
}

/** The good report with one value changed. */
function changed(change: (report: Record<string, never>) => void): unknown {
  const value = JSON.parse(good) as Record<string, never>;
  change(value);
  return value;
}

test('evidence comes back as it was written', () => {
  fc.assert(
    fc.property(arbitraryEvidence, (given) => {
      expect(read(report.render(given, pass, context))).toStrictEqual(given);
    }),
    { numRuns: 200 },
  );
});

test('a report that is read is written again as the same bytes', () => {
  fc.assert(
    fc.property(arbitraryEvidence, (given) => {
      const text = report.render(given, pass, context);
      expect(report.render(read(text), pass, context)).toBe(text);
    }),
    { numRuns: 50 },
  );
});

test.each([
  ['all that can be known', known, knownVerdict],
  ['findings of every sort', shop, shopVerdict],
] as const)('%s comes back', (_, given, verdict) => {
  expect(read(report.render(given, verdict, context))).toStrictEqual(given);
});

test('what a waiver answered counts again', () => {
  const [first, ...rest] = shop.findings;
  const waived = { ...first, answered: { by: 'waiver', because: 'until 2026-02-01' } };
  const given = evidence({ ...shop, findings: [waived, ...rest] as typeof shop.findings });
  expect(read(report.render(given, pass, context)).findings[0]).toStrictEqual(first);
});

test('a report of an older sluice, without what came later, is read', () => {
  const value = changed((given) => {
    const { distribution } = given.target as unknown as { distribution: Record<string, unknown> };
    distribution.endOfLife = '2025-05-09';
  });
  const { target, image, collected } = read(value);
  expect({ release: target.release, image, collected }).toEqual({
    release: { endOfLife: '2025-05-09', source: '' },
    image: undefined,
    collected: undefined,
  });
});

test('what a later sluice adds is left out', () => {
  const value = changed((given) => Object.assign(given, { later: { more: 1 } }));
  expect(read(value)).toStrictEqual(known);
});

test.each<[string, (report: Record<string, never>) => void, string]>([
  [
    'a word that is none',
    (r) => set(r, 'findings', 3, 'severity', 'bad'),
    '/findings/3/severity: must be one of critical, high, medium, low, negligible, unknown, not "bad"',
  ],
  ['a finding without an id', (r) => set(r, 'findings', 0, 'id', undefined), '/findings/0/id: is missing'],
  ['a null', (r) => set(r, 'findings', 0, 'title', null), '/findings/0/title: must be a text, not null'],
  [
    'another kind of finding',
    (r) => set(r, 'findings', 0, 'kind', 'smell'),
    '/findings/0/kind: must be one of vulnerability, secret, misconfiguration, external, not "smell"',
  ],
  ['a secret that is none', (r) => set(r, 'findings', 0, 'kind', 'secret'), '/findings/0/message: is missing'],
  [
    'a line below the first',
    (r) => set(r, 'findings', 0, { ...placedSecret(), place: { in: 'file', path: '/a', line: 0 } } as never),
    '/findings/0/place/line: must be a whole number from 1',
  ],
  [
    'a score above all',
    (r) => set(r, 'findings', 0, { ...placedSecret(), secret: { shown: '', score: 101, notes: [] } } as never),
    '/findings/0/secret/score: must be a whole number from 0 to 100',
  ],
  [
    'a finding in a package that is not listed, behind one in a place',
    (r) => {
      set(r, 'findings', 0, placedSecret() as never);
      set(r, 'findings', 1, 'package', 'pkg:npm/other@1');
    },
    '/findings/1/package: is none of the packages',
  ],
  [
    'what nobody looks for',
    (r) => set(r, 'looked', ['secret'] as never),
    '/looked/0: must be one of packages, secrets, configuration, licences, not "secret"',
  ],
  [
    'a layer below the lowest',
    (r) => set(r, 'packages', 0, 'layer', -1),
    '/packages/0/layer: must be a whole number from 0, not -1',
  ],
  ['a list for an object', (r) => set(r, 'packages', 0, []), '/packages/0: must be an object, not a list'],
  ['an object for a list', (r) => set(r, 'packages', {}), '/packages: must be a list, not an object'],
  [
    'a digest of another sort',
    (r) => set(r, 'target', 'digest', 'sha512:1'),
    '/target/digest: the digest "sha512:1" is not sha256, the only algorithm known',
  ],
  [
    'a code with a line end',
    (r) => set(r, 'problems', [{ code: 'a\nb', message: '', blinding: true }]),
    '/problems/0/code: must be a code such as data/missing',
  ],
  [
    'a word for a switch',
    (r) => set(r, 'problems', [{ code: 'a/b', message: '', blinding: 'no' }]),
    '/problems/0/blinding: must be true or false, not "no"',
  ],
  [
    'a number that is too large',
    (r) => set(r, 'sources', 0, 'records', 1e300),
    '/sources/0/records: must be a whole number from 0, not 1e+300',
  ],
  ['presences that leave nothing to judge', (r) => set(r, 'judged', []), '/judged: names no presence'],
  [
    'a finding in what is not listed',
    (r) => set(r, 'findings', 1, 'package', 'pkg:npm/x@1'),
    '/findings/1/package: is none of the packages',
  ],
  [
    'control characters',
    (r) => set(r, 'judged', ['\u001b[31m']),
    '/judged/0: must be one of installed, declared, application, not "\\\\x1b[31m"',
  ],
  [
    'a label that is no text',
    (r) => set(r, 'image', { ...facts, labels: { 'a/b~c\u0007': 1 } }),
    '/image/labels/a~1b~0c\\x07: must be a text, not 1',
  ],
])('%s is told with its place', (_, change, message) => {
  expect(wrongWith(changed(change))).toBe(`report/malformed: ${message}`);
});

const facts = {
  user: '',
  entrypoint: [],
  cmd: [],
  workingDir: '',
  stopSignal: '',
  healthcheck: [],
  ports: [],
  volumes: [],
  env: [],
  labels: {},
  annotations: {},
  history: [],
  created: '',
  size: 0,
};

/** Sets the value at a path; undefined removes it. */
function set(report: unknown, ...path: readonly unknown[]): void {
  const keys = path.slice(0, -1) as string[];
  const last = keys.pop() as string;
  const holder = keys.reduce((value, key) => value[key] as Record<string, unknown>, report as Record<string, unknown>);
  holder[last] = path.at(-1);
}

test.each([
  ['', 'report/not-json: it is not JSON: Unexpected end of JSON input'],
  [
    '{"schema": "sluice/v1"',
    "report/not-json: it is not JSON: Expected ',' or '}' after property value in JSON at position 22",
  ],
  ['null', 'report/schema: it is no JSON report of sluice'],
  ['[]', 'report/schema: it is no JSON report of sluice'],
  ['{"schema": "sluice-diff/v1"}', 'report/schema: it is no JSON report of sluice: its schema is "sluice-diff/v1"'],
  ['{"schema": ["sluice/v1"]}', 'report/schema: it is no JSON report of sluice'],
  ['{"schema": "sluice/v1"}', 'report/malformed: /target: is missing'],
])('%s is no report', (text, message) => {
  expect(wrongWith(text)).toBe(message);
});

test('a byte order mark is skipped', () => {
  expect(read(`\ufeff${good}`)).toStrictEqual(known);
});

test('depth exhausts no stack', () => {
  const deep = '['.repeat(1_000_000);
  expect(wrongWith(deep)).toMatch(/^report\/not-json: /);
  expect(wrongWith(deep + ']'.repeat(1_000_000))).toBe('report/schema: it is no JSON report of sluice');
  expect(wrongWith(`${good.trimEnd().slice(0, -1)}, "target": ${'['.repeat(1e6)}${']'.repeat(1e6)}}`)).toBe(
    'report/malformed: /target: must be an object, not a list',
  );
});

test('more values than any report has are refused before they are built', () => {
  expect(wrongWith(`[${'[],'.repeat(4_000_001)}0]`)).toBe(
    'report/too-large: the report is too large: more than 8000000 values',
  );
});

test('a report beyond the limit is refused unread', () => {
  const bytes = Buffer.alloc(0);
  Object.defineProperty(bytes, 'length', { value: 500 * 1024 * 1024 });
  expect(() => readReport(bytes)).toThrow(
    new SluiceError('report/too-large', 'the report is too large: larger than 268435456 bytes'),
  );
});

test('random bytes and values never crash it', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        expect(() => readReport(Buffer.from(bytes))).toThrow(SluiceError);
      },
    ),
    { numRuns: 300 },
  );
});

test('a good report with one value exchanged is read or refused in one line', () => {
  const places = placesIn(JSON.parse(good) as unknown);
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
      const told = wrongWith(changed((given) => set(given, ...place, value)));
      expect(told).toMatch(/^(?:nothing|report\/[a-z-]+: [^\n\u001b]{1,400})$/);
    }),
    { numRuns: 1000 },
  );
});

/** Paths of all values in a value. */
function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}

test('what is told to be right at once is right member by member', () => {
  const values = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constant(undefined));
  const cases = [
    { given: known.findings[0] as object, isRight: isPlainFinding, shape: findingShape },
    { given: known.findings[1] as object, isRight: isPlainFinding, shape: findingShape },
    { given: { ...shop.packages[1], dev: true, hashes: ['sha256:1'] }, isRight: isPlainPackage, shape: packageShape },
  ];
  let told = 0;
  fc.assert(
    fc.property(fc.constantFrom(...cases), fc.nat(), values, ({ given, isRight, shape }, at, value) => {
      const names = Object.keys(given);
      const mutated = { ...given, [names[at % names.length] as string]: value };
      if (!isRight(mutated as never)) return;
      told++;
      expect(shape(structuredClone(mutated), false)).toEqual(mutated);
    }),
    { numRuns: 2000 },
  );
  expect(told).toBeGreaterThan(50);
});

test('a secret that was shown is not kept, and what waivers answered counts again', () => {
  const shown = placedSecret({
    secret: { shown: 'ghp_…(40)', score: 95, notes: [], value: 'the secret itself' },
    answered: { by: 'waiver', because: 'waived' },
  });
  const text = report.render({ ...known, looked: ['secrets'], placed: [shown] }, knownVerdict, context);
  expect(read(text)).toStrictEqual({
    ...known,
    looked: ['secrets'],
    placed: [placedSecret({ secret: { shown: 'ghp_…(40)', score: 95, notes: [] } })],
  });
});
