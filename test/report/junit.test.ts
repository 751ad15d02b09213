import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { stableName } from '../../src/report/junit/suite-name.ts';
import { report } from '../../src/report/junit.ts';
import { arbitraryEvidence } from './arbitrary-evidence.ts';
import {
  context,
  evidence,
  finding,
  hostile,
  known,
  knownVerdict,
  pack,
  placedByOthers,
  placedSecret,
  placedSetting,
  shop,
  shopVerdict,
  trapImage,
  trapVerdict,
} from './samples.ts';

interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  text: string;
}

interface Rule {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly children: readonly string[];
  readonly once?: readonly string[];
  readonly text?: boolean;
}

const rules = new Map(
  Object.entries(
    JSON.parse(
      readFileSync(resolve(import.meta.dirname, '..', 'fixtures', 'junit', 'elements.json'), 'utf8'),
    ) as Record<string, Rule>,
  ),
);

const pass: Verdict = { decision: 'pass', reasons: [] };
const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Reads XML 1.0 as strictly as it can be: throws at what is not well-formed, and at whatever sluice never writes. */
function readXml(document: string): Element {
  expect(document.isWellFormed()).toBe(true);
  expect(/[^\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(document)).toBeNull();
  const [declaration = ''] = document.split('\n', 1);
  expect(declaration).toBe('<?xml version="1.0" encoding="UTF-8"?>');
  const token = /<\/([a-z-]+)>|<([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  token.lastIndex = declaration.length;
  const top: Element = { name: '', attributes: new Map(), children: [], text: '' };
  const open = [top];
  while (token.lastIndex < document.length) {
    const at = token.lastIndex;
    const found = token.exec(document);
    if (!found) throw new Error(`no XML at ${document.slice(at, at + 80)}`);
    const [, closed, opened, given = '', empty, text] = found;
    const last = open.at(-1) as Element;
    if (closed !== undefined) {
      if (closed !== last.name || open.length === 1) throw new Error(`${closed} closes ${last.name}`);
      open.pop();
    } else if (opened !== undefined) {
      const attributes = [...given.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(
        ([, name, value]) => [name as string, unescaped(value as string)] as const,
      );
      const element: Element = { name: opened, attributes: new Map(attributes), children: [], text: '' };
      expect(element.attributes.size).toBe(attributes.length);
      last.children.push(element);
      if (empty === '') open.push(element);
    } else last.text += unescaped(text as string);
  }
  if (open.length !== 1 || top.children.length !== 1 || top.text.trim() !== '') throw new Error('no one root');
  return top.children[0] as Element;
}

function unescaped(text: string): string {
  return text.replace(/&([^;]*;?)/g, (all, name: string) => {
    const char = entities.get(name.slice(0, -1));
    if (char === undefined || !name.endsWith(';')) throw new Error(`no entity: ${all}`);
    return char;
  });
}

/** What is wrong with an element by the schema, and with the sums that suites tell. */
function faults(element: Element): string[] {
  const { name, attributes, children, text } = element;
  const rule = rules.get(name);
  if (!rule) return [`unknown ${name}`];
  const cases = children.filter((child) => child.name === 'testcase');
  const having = (result: string) =>
    String(cases.filter((one) => one.children.some((child) => child.name === result)).length);
  const sums = [
    ['tests', String(cases.length)],
    ['failures', having('failure')],
    ['errors', having('error')],
    ['skipped', having('skipped')],
  ] as const;
  const names = cases.map((one) => `${one.attributes.get('classname')} ${one.attributes.get('name')}`);
  return [
    ...rule.required.filter((one) => !attributes.has(one)).map((one) => `${name} has no ${one}`),
    ...[...attributes.keys()]
      .filter((one) => !rule.required.includes(one) && !rule.optional.includes(one))
      .map((one) => `${name} has ${one}`),
    ...children.filter((child) => !rule.children.includes(child.name)).map((child) => `${child.name} in ${name}`),
    ...(rule.once ?? [])
      .filter((one) => children.filter((child) => child.name === one).length > 1)
      .map((one) => `${name} has ${one} twice`),
    ...(rule.text || text.trim() === '' ? [] : [`text in ${name}`]),
    ...(name === 'testsuite' ? sums : [])
      .filter(([sum, value]) => attributes.get(sum) !== value)
      .map(([sum, value]) => `${sum} is ${attributes.get(sum)}, not ${value}`),
    ...(new Set(names).size === names.length ? [] : ['a test case stands twice']),
    ...children.flatMap(faults),
  ];
}

/** The one suite of the report, which must be good JUnit XML. */
function suiteOf(given: Evidence, verdict: Verdict = pass, name = context.name): Element {
  const root = readXml(report.render(given, verdict, { ...context, name }));
  expect(faults(root)).toEqual([]);
  expect(root.name).toBe('testsuites');
  expect(root.children).toHaveLength(1);
  return root.children[0] as Element;
}

/** Each case with what came of it: `class name: failure 2, system-out`. */
function resultsOf(suite: Element): string[] {
  return suite.children
    .filter(({ name }) => name === 'testcase')
    .map(({ attributes, children }) => {
      const results = children.filter(({ name }) => name !== 'system-out').map(({ name }) => name);
      return `${attributes.get('classname')}|${attributes.get('name')}|${results.join(' ') || 'passed'}`;
    });
}

test('a check that takes anything would be none', () => {
  const good = report.render(shop, shopVerdict, context);
  expect(faults(readXml(good))).toEqual([]);
  expect(faults(readXml(good.replace('<failure type=', '<failure time=')))).toEqual(['failure has time']);
  expect(faults(readXml(good.replace(/ tests="/g, ' tests="1')))).toEqual([
    expect.stringMatching(/^tests is 1\d+, not/),
  ]);
  for (const [from, to] of [
    ['</testsuites>', ''],
    ['&apos;', "'<"],
    ['lodash', '&lodash;'],
    ['lodash', '\u0001'],
  ] as const)
    expect(() => readXml(good.replace(from, to) === good ? 'unchanged' : good.replace(from, to))).toThrow();
});

test('a clean report in full: the verdict is a test, or Jenkins would call it no report', () => {
  expect(report.render(evidence({}), pass, context)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="sluice" tests="1" failures="0" errors="0">
  <testsuite name="shop.tar linux/amd64" tests="1" failures="0" errors="0" skipped="0" time="0">
    <properties>
      <property name="sluice" value="1.2.3"/>
      <property name="decision" value="pass"/>
      <property name="target" value="image"/>
      <property name="digest" value="sha256:${'a'.repeat(64)}"/>
      <property name="image id" value="sha256:${'b'.repeat(64)}"/>
      <property name="platform" value="linux/amd64"/>
      <property name="distribution" value="Alpine Linux v3.18"/>
      <property name="data for npm" value="osv-export, current at 2026-01-03T04:05:06.000Z"/>
    </properties>
    <testcase classname="sluice.gate" name="verdict" time="0">
      <system-out>The gate lets it pass.</system-out>
    </testcase>
  </testsuite>
</testsuites>
`);
});

const stopping: Verdict = {
  decision: 'stop',
  reasons: [
    {
      rule: 'vulnerability/severity',
      decision: 'stop',
      message: '3 bad ones',
      action: 'update lodash',
      subjects: shop.findings.slice(0, 3).map(({ id, package: purl }) => ({ id, package: purl })),
    },
    { rule: 'rpm/row-damaged', decision: 'undecided', message: '/var/lib/rpm/rpmdb.sqlite: a row is damaged' },
    {
      rule: 'vulnerability/lesser',
      decision: 'warn',
      message: '1 more',
      subjects: shop.findings.slice(4, 5).map(({ id, package: purl }) => ({ id, package: purl, due: '2026-02-01' })),
    },
    { rule: 'data/age', decision: 'warn', message: 'the data is old', action: 'run: sluice db update' },
  ],
};

test('a case a package with a failure for each finding that stops; what blinds is an error', () => {
  const suite = suiteOf(shop, stopping);
  expect(resultsOf(suite)).toEqual([
    'sluice.gate|verdict|failure',
    'sluice.gate|data/age|passed',
    'sluice.packages.npm|lodash|failure',
    'sluice.packages.apk|musl|failure',
    'sluice.packages.apk|musl-utils|failure',
    'sluice.packages.npm|minimatch|passed',
    'sluice.unread|rpm/row-damaged /var/lib/rpm/rpmdb.sqlite|error',
    'sluice.unread|npm/unreadable /app/x/package.json|passed',
  ]);
  const lodash = suite.children.find(({ attributes }) => attributes.get('name') === 'lodash');
  const [failure, out] = lodash?.children ?? [];
  const musl = suite.children.find(({ attributes }) => attributes.get('name') === 'musl');
  expect(musl?.children.map(({ name }) => name)).toEqual(['failure']);
  expect(suite.children[1]?.children[0]?.attributes.get('message')).toBe('The gate stops: 3 bad ones');
  expect(Object.fromEntries(failure?.attributes ?? [])).toEqual({
    type: 'vulnerability',
    message: 'critical CVE-2019-10744 in lodash 4.17.4: A flaw. Update lodash 4.17.4 to 4.17.12.',
  });
  expect(failure?.text.split('\n')).toEqual([
    'critical CVE-2019-10744 in lodash 4.17.4: A flaw. Update lodash 4.17.4 to 4.17.12.',
    'package: pkg:npm/lodash@4.17.4',
    'in: /app/node_modules/lodash/package.json',
    'by rule: vulnerability/severity',
    'see: https://nvd.nist.gov/vuln/detail/CVE-2019-10744',
  ]);
  expect(out?.text.split('\n')).toEqual([
    'critical CVE-2019-10744 in lodash 4.17.4: A flaw. Update lodash 4.17.4 to 4.17.12. [stop, by vulnerability/severity]',
    'medium CVE-2021-23337 in lodash 4.17.4: A flaw. Update lodash 4.17.4 to 4.17.21. [warn until 2026-02-01, by vulnerability/lesser]',
    'unknown NSWG-ECO-1 in lodash 4.17.4. No fix is known for lodash 4.17.4. [no rule speaks of it]',
  ]);
});

test('undecided is never a pass, and what stops without a finding has failed', () => {
  const undecided: Verdict = {
    decision: 'undecided',
    reasons: [{ rule: 'data/missing', decision: 'undecided', message: 'there is no data' }],
  };
  expect(resultsOf(suiteOf(evidence({}), undecided))).toEqual([
    'sluice.gate|verdict|error',
    'sluice.gate|data/missing|error',
  ]);
  expect(resultsOf(suiteOf(shop, shopVerdict)).slice(0, 3)).toEqual([
    'sluice.gate|verdict|failure',
    'sluice.gate|vulnerability/severity|failure',
    'sluice.gate|data/age|passed',
  ]);
});

test('subjects that are no findings, and those that a reason leaves out, fail with the rule', () => {
  const subjects = [
    { id: '/etc/shadow', at: 'layer 1' },
    { id: 'CVE-2019-10744', package: 'pkg:npm/lodash@4.17.4' },
  ];
  const verdict: Verdict = {
    decision: 'stop',
    reasons: [
      { rule: 'file/open', decision: 'stop', message: 'open files', why: 'Anybody reads them.', subjects },
      { rule: 'cut', decision: 'stop', message: 'many', subjects: subjects.slice(1), total: 1001 },
    ],
  };
  const [, open, cut] = suiteOf(shop, verdict).children.filter(({ name }) => name === 'testcase');
  expect(open?.children.map(({ name, text }) => [name, text])).toEqual([
    ['failure', 'open files\non: /etc/shadow (layer 1)\nwhy: Anybody reads them.'],
  ]);
  expect(cut?.children.map(({ name, text }) => [name, text])).toEqual([
    ['failure', 'many\nIt fired on 1001, of which 1 are told by themselves.'],
  ]);
});

test('findings in places have cases of their own; what is answered was skipped, and why', () => {
  const twice = { in: 'file', path: '/app/.env', line: 9 } as const;
  const answered = { by: 'waiver', because: 'until May' } as const;
  const verdict: Verdict = {
    decision: 'stop',
    reasons: [
      {
        rule: 'secret/found',
        decision: 'stop',
        message: 'a secret',
        subjects: [{ id: 'secret/github-token', fingerprint: placedSecret().fingerprint }],
      },
    ],
  };
  const placed = [
    placedSecret({
      message: 'GitHub token: ghp_…(40)',
      secret: { shown: 'ghp_…(40)', score: 95, notes: [], value: 'ghp_the-secret-itself' },
    }),
    placedSecret({ place: twice, fingerprint: 'ff', answered }),
    placedSetting(),
    placedByOthers(),
  ];
  const suite = suiteOf(evidence({ placed, looked: ['packages', 'secrets'] }), verdict);
  expect(resultsOf(suite)).toEqual([
    'sluice.gate|verdict|failure',
    'sluice.gate|not looked for|skipped',
    'sluice.secrets|secret/github-token /app/.env|failure',
    'sluice.secrets|secret/github-token /app/.env (2)|skipped',
    'sluice.configuration|image/runs-as-root configuration User|passed',
    'sluice.other-tools|Bandit 1.7.5: B105 app/main.py|passed',
  ]);
  expect(suite.children[3]?.children[0]?.text.split('\n')).toEqual([
    'high secret/github-token: GitHub token: ghp_…(40)',
    'at: /app/.env:2 · layer 1',
    'why: Whoever has it can act in the name of its owner.',
    'fix: Revoke it, and give the new one to the build as a secret mount.',
    'by rule: secret/found',
    'controls: NIST SP 800-190 4.1.4',
    'see: https://docs.example.com/tokens',
  ]);
  expect(suite.children[4]?.children[0]?.attributes.get('message')).toBe('until May');
  expect(JSON.stringify(report.render(evidence({ placed }), verdict, context))).not.toContain('the-secret-itself');
});

test('packages of one name are told apart by version, and answered findings are told with why', () => {
  const [a, b] = ['1.0.0', '2.0.0'].map((version) => pack({ name: 'twice', version })) as [
    ReturnType<typeof pack>,
    ReturnType<typeof pack>,
  ];
  const findings = [a, b].map((one) => finding(one, { id: 'CVE-2026-1', severity: 'low' }));
  expect(resultsOf(suiteOf(evidence({ packages: [a, b], findings }))).slice(1)).toEqual([
    'sluice.packages.npm|twice 1.0.0|passed',
    'sluice.packages.npm|twice 2.0.0|passed',
  ]);
  const suite = suiteOf(known, knownVerdict);
  expect(resultsOf(suite)).toContain('sluice.packages.deb|libssl3|skipped');
  expect(JSON.stringify(report.render(known, knownVerdict, context))).toContain(
    '[does not count: Acme Security says that it is not affected]',
  );
});

test('hostile text stays text, and orders nobody to publish a file', () => {
  const sly = pack({ name: '[[[ATTACHMENT|/etc/passwd]]', version: '1' });
  const placed = [placedSecret({ title: hostile, message: hostile, place: { in: 'environment', name: hostile } })];
  const findings = [...trapImage.findings, finding(sly, { id: 'CVE-2026-2\ufffe]]>', severity: 'low' })];
  const text = report.render({ ...trapImage, findings, placed }, trapVerdict, context);
  expect(faults(readXml(text))).toEqual([]);
  expect(text).not.toMatch(/\[\[|<img|\u202e|]]>/);
  expect(text).toContain('[ [ [ATTACHMENT|/etc/passwd]]');
  expect(text).toContain('\\x1b[31mred\\x1b]0;title\\x07\\x0d\\x0a&lt;img src=x onerror=alert(1)&gt;');
});

test.each([
  ['registry.example.org/acme/shop:1.2.3', 'registry.example.org/acme/shop'],
  ['localhost:5000/shop@sha256:00', 'localhost:5000/shop'],
  ['alpine', 'alpine'],
  ['/srv/build/shop.tar', 'shop.tar'],
  ['archive:/srv/build/shop.tar:1.0', 'shop.tar'],
  ['oci:build/image@sha256:00', 'oci:build/image'],
  ['./shop.tar', 'shop.tar'],
  ['C:\\work\\shop.tar', 'shop.tar'],
  ['dir:.', 'dir:.'],
  ['/', 'sluice'],
])('%s is called %s, as its next build will be', (name, stable) => {
  expect(stableName(name)).toBe(stable);
  expect(suiteOf(evidence({}), pass, name).attributes.get('name')).toBe(`${stable} linux/amd64`);
});

test('whatever was found, the report is good JUnit XML, the same each time', () => {
  fc.assert(
    fc.property(arbitraryEvidence, fc.constantFrom(shopVerdict, knownVerdict, trapVerdict), (given, verdict) => {
      suiteOf(given, verdict);
      expect(report.render(given, verdict, context)).toBe(report.render(given, verdict, context));
    }),
    { numRuns: 80 },
  );
});
