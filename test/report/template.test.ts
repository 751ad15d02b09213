import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { templateLimits } from '../../src/report/template/engine.ts';
import { templateReport } from '../../src/report/template/made.ts';
import { context, evidence, placedSecret, placedSetting, shop, shopVerdict } from './samples.ts';

const pass: Verdict = { decision: 'pass', reasons: [] };
const folder = resolve(import.meta.dirname, '..', '..', 'templates');

function shown(text: string, name = 't.liquid', given: Evidence = shop, verdict: Verdict = shopVerdict): string {
  return templateReport({ name, text }).render(given, verdict, context);
}

describe('a template', () => {
  test('is given the JSON report, and what every template would work out', () => {
    const text = [
      '{{ schema }} {{ name }} {{ sluice.version }} {{ time }} {{ verdict.decision }}',
      '{{ summary.critical }}/{{ summary.high }}/{{ summary.counted }}/{{ summary.all }}/{{ summary.packages }}',
      '{% for f in findings limit: 1 %}{{ f.id }} {{ f.counts }} {{ f.where }} {{ f.fix }} {{ f.link }}{% endfor %}',
      '{{ findings | at_least: "high" | size }} {{ findings | by_severity | map: "severity" | join: "," }}',
    ];
    expect(shown(text.join('\n')).split('\n')).toEqual([
      'sluice/v1 shop.tar 1.2.3 2026-01-03T04:05:06Z stop',
      '1/2/5/6/5',
      'CVE-2019-10744 true /app/node_modules/lodash/package.json Update lodash 4.17.4 to 4.17.12. ' +
        'https://nvd.nist.gov/vuln/detail/CVE-2019-10744',
      '4 critical,high,high,high,medium,unknown',
    ]);
  });

  test('may ask each finding for what another kind of finding has', () => {
    const text =
      '{% for f in findings %}{{ f.kind }}:{{ f.score | default: "-" }}:{{ f.message | default: "-" }};{% endfor %}';
    const both = {
      ...evidence({ findings: shop.findings.slice(1, 2), packages: shop.packages }),
      placed: [placedSetting()],
    };
    expect(shown(text, 't', both, pass)).toBe('vulnerability:-:-;misconfiguration:-:the image names no user;');
    const schema = JSON.parse(readFileSync(resolve(folder, '../schema/sluice-v1.json'), 'utf8'));
    const { finding, placed } = schema.$defs;
    const names = [...new Set([...Object.keys(finding.properties), ...Object.keys(placed.properties)])];
    for (const given of [evidence({ findings: shop.findings, packages: shop.packages }), both]) {
      const all = names.map((name) => `{% for f in findings %}{% assign x = f.${name} %}{% endfor %}`).join('');
      expect(shown(all, 't', given, pass)).toBe('');
    }
  });

  test('never sees a secret, also when the user has asked to see it', () => {
    const secret = placedSecret({ secret: { shown: 'ghp_…(40)', score: 95, notes: [], value: 'ghp_TheWhole' } });
    const text = shown('{{ findings | json }}', 't.txt', evidence({ placed: [secret] }), pass);
    expect(text).toContain('ghp_…(40)');
    expect(text).not.toContain('TheWhole');
  });

  test.each([
    ['r.html.liquid', '&lt;a href=&quot;&#39;&quot;&gt;=1+1; `x` $y'],
    ['r.xml', '&lt;a href=&quot;&apos;&quot;&gt;=1+1; `x` $y'],
    ['r.csv.liquid', '"<a href=""\'"">=1+1; `x` $y"'],
    ['r.json.liquid', '"<a href=\\"\'\\">=1+1; `x` $y"'],
    ['r.md', '`<a`'],
    ['r.sh', `'<a href="'\\''">=1+1; \`x\` $y'`],
    ['r.txt.liquid', '<a href="\'">=1+1; `x` $y'],
  ])('%s has its values escaped by its name', (name, expected) => {
    const reasons = [{ rule: 'x/y', decision: 'warn' as const, message: `<a href="'">=1+1; \`x\` $y` }];
    const text = shown('{{ verdict.reasons[0].message }}', name, evidence({}), { decision: 'warn', reasons });
    if (name === 'r.md')
      expect(text).toBe('<code>&#60;a href&#61;&#34;&#39;&#34;&#62;&#61;1&#43;1</code>; `` `x` $y ``');
    else expect(text).toBe(expected);
  });

  test('may say how a value is escaped, and is then believed', () => {
    const reasons = [{ rule: 'x/y', decision: 'warn' as const, message: `a "b" 'c' <d>` }];
    const text =
      '{% assign m = verdict.reasons[0].message %}{{ m | raw }}|{{ m | html }}|{{ m | shell }}|{{ m | json }}|{{ m | escape }}';
    expect(shown(text, 'r.html', evidence({}), { decision: 'warn', reasons })).toBe(
      `a "b" 'c' <d>|a &quot;b&quot; &#39;c&#39; &lt;d&gt;|'a "b" '\\''c'\\'' <d>'|"a \\"b\\" 'c' <d>"|a &quot;b&quot; &#39;c&#39; &lt;d&gt;`,
    );
  });
});

describe('a template that is wrong is named with its place and what to do', () => {
  const none = 'there is no such filter: docs/templates.md names those there are';
  const one = 'a template is one file: put the text in its place';
  test.each([
    [
      'a\n{{ fidings }}',
      'my.liquid:2:4: undefined variable: fidings',
      'did you mean findings? what may be absent is asked for by if, or with | default: ""',
    ],
    [
      '{% for f in findings %}{{ f.titel }}{% endfor %}',
      'my.liquid:1:27: undefined variable: f.titel',
      'did you mean title? what may be absent is asked for by if, or with | default: ""',
    ],
    ['{{ name | upcas }}', 'my.liquid:1:1: undefined filter: upcas', 'did you mean upcase?'],
    ['{{ name | xyzzyxyzzy }}', 'my.liquid:1:1: undefined filter: xyzzyxyzzy', none],
    ['\n\n  {% fo x in y %}', 'my.liquid:3:3: tag "fo" not found', none.replace('filter', 'tag')],
    ['{% include "/etc/passwd" %}', 'my.liquid:1:1: tag "include" not found', one],
    ['{% render "x" %}', 'my.liquid:1:1: tag "render" not found', one],
    ['{% layout "x" %}', 'my.liquid:1:1: tag "layout" not found', one],
    [
      '{% if true %}',
      'my.liquid:1:1: tag {% if true %} not closed',
      'the language is Liquid: what a template is given is listed in docs/templates.md',
    ],
    [
      '{{ "now" | date: "%Y" }}',
      'my.liquid:1:1: there is no now: use time, the time of the report',
      'the language is Liquid: what a template is given is listed in docs/templates.md',
    ],
    [
      '{{ findings | at_least: "bad" }}',
      'my.liquid:1:1: at_least takes a severity: critical, high, medium, low, negligible, unknown',
      'the language is Liquid: what a template is given is listed in docs/templates.md',
    ],
  ])('%s', (text, message, hint) => {
    expect(() => shown(text, 'my.liquid')).toThrow(
      expect.objectContaining({ code: 'template/invalid', message, hint }),
    );
  });

  test.each([
    ['{{ name.constructor }}'],
    ['{{ findings.__proto__ }}'],
    ['{{ verdict.toString }}'],
    ['{{ verdict["constructor"]["prototype"] }}'],
    ['{{ findings[0].hasOwnProperty }}'],
  ])('%s: there are no prototypes', (text) => {
    expect(() => shown(text)).toThrow(/undefined variable/);
  });

  test('one that is too long is not read', () => {
    expect(() => shown('x'.repeat(templateLimits.template + 1))).toThrow(
      expect.objectContaining({ code: 'template/too-large', message: 't.liquid has more than 1048576 characters' }),
    );
  });
});

describe('a hostile template ends soon', () => {
  const limits = { ...templateLimits, time: 300, output: 1_000_000, memory: 1_000_000 };
  const nested = '{% for i in (1..999) %}'.repeat(6) + '{% endfor %}'.repeat(6);
  const doubling = `{% assign s = name %}${'{% assign s = s | append: s %}'.repeat(60)}{{ s }}`;
  const capturing = `{% assign s = name %}${'{% capture s %}{{ s | raw }}{{ s | raw }}{% endcapture %}'.repeat(60)}{{ s }}`;
  test.each([
    ['a loop in a loop', nested, /limit exceeded/],
    ['a range without end', '{% for i in (1..99999999999) %}{{ i }}{% endfor %}', /limit exceeded/],
    ['a text that doubles', doubling, /limit exceeded|text/],
    ['a capture that doubles', capturing, /limit exceeded|more than/],
    [
      'values again and again',
      `{% for i in (1..90000) %}{{ findings | json }}{% endfor %}`,
      /more than|limit exceeded/,
    ],
    ['deep tags', '{% if true %}'.repeat(2000) + '{% endif %}'.repeat(2000), /too deep/],
    ['a long expression', `{{ name ${'| append: name '.repeat(5000)} }}`, /limit exceeded|more than/],
  ])('%s', (_what, text, message) => {
    const begin = performance.now();
    const run = (): string => templateReport({ name: 'h', text }, limits).render(shop, shopVerdict, context);
    expect(run).toThrow(expect.objectContaining({ code: 'template/invalid', message: expect.stringMatching(message) }));
    expect(performance.now() - begin).toBeLessThan(5_000);
  });

  test('whatever it is, it gives a text or is named', () => {
    const pieces = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      ' for i in findings ',
      ' endfor ',
      ' name ',
      '|',
      ' json ',
      '"',
      "'",
      '.',
      'if',
      '[',
      '\n',
      '(1..9)',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 })), { maxLength: 20 }), (parts) => {
        try {
          expect(
            typeof templateReport({ name: 'h', text: parts.join('') }, limits).render(shop, shopVerdict, context),
          ).toBe('string');
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'template/invalid', message: expect.stringMatching(/^h:\d+:\d+: ./) });
        }
      }),
      { numRuns: 300 },
    );
  });
});
