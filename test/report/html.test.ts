import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import type { PageData } from '../../src/report/html/data.ts';
import { embeddedJson, html, raw } from '../../src/report/html/markup.ts';
import { pageData } from '../../src/report/html/page-data.ts';
import { report } from '../../src/report/html.ts';
import { harmless } from '../../src/util/harmless.ts';
import { arbitraryEvidence } from './arbitrary-evidence.ts';
import { readHtml } from './html-reader.ts';
import * as samples from './samples.ts';

const { context, evidence, finding, hostile, pack, placedByOthers, placedSecret, placedSetting } = samples;
const pass: Verdict = { decision: 'pass', reasons: [] };
const render = (given: Evidence, verdict: Verdict): string => report.render(given, verdict, context);

/** The data that the page's script would read. */
function dataOf(text: string): PageData {
  const [script] = readHtml(text).filter(({ name, attributes }) => name === 'script' && attributes.has('id'));
  return JSON.parse(script?.text ?? '') as PageData;
}

/** What a reader without the script sees. */
function seen(text: string): string {
  return readHtml(text)
    .filter(({ name }) => !['script', 'style'].includes(name))
    .map((element) => element.text)
    .join(' ')
    .replace(/\s+/g, ' ');
}

const reports: readonly (readonly [string, Evidence, Verdict])[] = [
  ['empty', evidence({}), pass],
  ['ordinary', samples.shop, samples.shopVerdict],
  ['of all that can be known', samples.known, samples.knownVerdict],
  ['hostile', samples.trapImage, samples.trapVerdict],
];

describe.each(reports)('the %s report', (_, given, verdict) => {
  const text = render(given, verdict);
  const elements = readHtml(text);

  test('is well-formed, has each id once, and its landmarks', () => {
    const ids = elements.flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(ids).toEqual([...new Set(ids)]);
    const named = new Set(ids);
    const marks = elements.filter(({ name }) => ['main', 'header', 'nav', 'footer', 'h1'].includes(name));
    expect(marks.map(({ name }) => name).sort()).toEqual(['footer', 'h1', 'header', 'main', 'nav']);
    const labels = elements.flatMap(({ attributes }) => attributes.get('aria-labelledby') ?? []);
    expect(labels.filter((id) => !named.has(id))).toEqual([]);
    const skips = elements.flatMap(({ attributes }) => attributes.get('href')?.match(/^#([a-z]+)$/)?.[1] ?? []);
    expect(skips.filter((id) => !named.has(id) && id !== 'layers')).toEqual([]);
  });

  test('lets run and use its own script and style alone', () => {
    const policy = elements.find(({ attributes }) => attributes.get('http-equiv') === 'Content-Security-Policy');
    const text = (name: string): string =>
      elements.filter((element) => element.name === name && !element.attributes.has('type'))[0]?.text ?? '';
    expect(policy?.attributes.get('content')?.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${hash('sha256', text('script'), 'base64')}'`,
      `style-src 'sha256-${hash('sha256', text('style'), 'base64')}'`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    expect(elements.filter(({ name }) => name === 'script' || name === 'style')).toHaveLength(3);
  });

  test('names nothing to load, no handler, and no address but of the web and of itself', () => {
    const attributes = elements.flatMap((element) => [...element.attributes]);
    expect(attributes.filter(([name]) => /^(?:on|style$|src|action$|formaction$|background$)/.test(name))).toEqual([]);
    const addresses = attributes.filter(([name]) => name === 'href').map(([, value]) => value);
    expect(addresses.filter((url) => !/^(?:#|https:\/\/[a-z.]+\/|data:image\/svg\+xml,)/.test(url))).toEqual([]);
  });

  test('holds no character that turns or hides text', () => {
    expect(text.replace(/\n/g, '')).toBe(harmless(text.replace(/\n/g, '')));
  });

  test('gives its script what was found', () => {
    const shown = JSON.parse(JSON.stringify(pageData(given, verdict, context)), (_key, value: unknown) =>
      typeof value === 'string' ? harmless(value.toWellFormed()) : value,
    ) as PageData;
    expect(dataOf(text)).toEqual(shown);
  });

  test('is the same each time', () => {
    expect(render(structuredClone(given), structuredClone(verdict))).toBe(text);
  });
});

test('a hostile image makes no element that an ordinary one does not', () => {
  const names = (text: string): Set<string> => new Set(readHtml(text).map(({ name }) => name));
  const ordinary = new Set([
    ...names(render(samples.known, samples.knownVerdict)),
    ...names(render(samples.shop, samples.shopVerdict)),
  ]);
  expect([...names(render(samples.trapImage, samples.trapVerdict))].filter((name) => !ordinary.has(name))).toEqual([]);
});

describe('without the script', () => {
  test('the worst findings, what could not be read, and the verdict are there', () => {
    const text = seen(render(samples.shop, samples.shopVerdict));
    for (const part of [
      'STOP',
      '3 bad ones; the policy stops at high',
      'CVE-2019-10744',
      'lodash 4.17.4',
      'Update lodash 4.17.4 to 4.17.12.',
      'a row is damaged',
      'npm install lodash@4.17.21',
    ])
      expect(text).toContain(part);
  });

  test('undecided is said to be no pass', () => {
    const text = seen(render(samples.shop, { decision: 'undecided', reasons: samples.shopVerdict.reasons }));
    expect(text).toContain('UNDECIDED The gate can’t tell, which is no pass');
    expect(text).toContain(': nobody knows what is in there. 1 problem that may hide something');
  });

  test('what was not looked for is said', () => {
    expect(seen(render(evidence({ looked: ['packages'] }), pass))).toContain(
      'not for secrets, configuration or licences',
    );
  });
});

describe('the data', () => {
  test('of any evidence is read again as it was, and can’t end its element', () => {
    fc.assert(
      fc.property(arbitraryEvidence, (given) => {
        const text = embeddedJson(pageData(given, pass, context)).markup;
        expect(text).not.toMatch(/[<\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/u);
        const back = JSON.parse(text) as PageData;
        expect(back.findings).toHaveLength(given.findings.length + (given.placed ?? []).length);
        expect(back.findings.map(({ id }) => id)).toEqual(
          [...given.findings, ...(given.placed ?? [])].map(({ id }) => harmless(id.toWellFormed())),
        );
        expect(new Set(back.findings.map(({ key }) => key)).size).toBe(back.findings.length);
        for (const { subject } of back.findings)
          if (subject !== undefined) expect(back.subjects[subject]).toBeDefined();
        readHtml(render(given, pass));
      }),
      { numRuns: 60 },
    );
  });

  test('holds what can’t end a script', () => {
    const texts = ['</script><script>', '<!--<script>', ']]>', '\u2028', '\ud800', '<\\/script'];
    const text = embeddedJson(texts).markup;
    expect(text).not.toContain('<');
    expect(JSON.parse(text)).toEqual(['</script><script>', '<!--<script>', ']]>', '\\u2028', '\ufffd', '<\\/script']);
  });

  test('never holds a secret, also where the user has asked to see it', () => {
    const secret = { shown: 'ghp_…(40)', score: 95, notes: [], value: 'the secret itself' };
    const text = render(evidence({ placed: [placedSecret({ secret })] }), pass);
    expect(text).toContain('ghp_…(40)');
    expect(text).not.toContain('the secret itself');
  });

  test('tells what the gate does with a finding, who answers it, and what is new', () => {
    const found = pack({ name: 'a', version: '1.0.0' });
    const given = evidence({
      packages: [found],
      findings: [
        finding(found, { id: 'CVE-2026-1', severity: 'high', fixed: ['1.0.1'] }),
        finding(found, {
          id: 'CVE-2026-2',
          severity: 'low',
          answered: { by: 'waiver', because: 'we take it until May' },
        }),
      ],
      placed: [placedSecret(), placedSetting(), placedByOthers()],
    });
    const subjects = [{ id: 'CVE-2026-1', package: found.purl, blame: 'introduced-known' as const }];
    const verdict: Verdict = {
      decision: 'stop',
      reasons: [{ rule: 'vulnerability/severity', decision: 'stop', message: 'm', subjects }],
      baseline: {
        since: '2026-01-01T00:00:00Z',
        findings: { 'introduced-known': 1, 'introduced-since': 0, 'inherited-known': 1, 'inherited-since': 0 },
      },
    };
    const { findings, subjects: in_ } = pageData(given, verdict, context);
    expect(
      findings.map(({ kind, decision, blame, answeredBy, aside, marks, subject }) => ({
        kind,
        decision,
        blame,
        answeredBy,
        aside,
        marks,
        subject,
      })),
    ).toEqual([
      {
        kind: 'vulnerability',
        decision: 'stop',
        blame: 'introduced-known',
        marks: [['introduced', 'warn']],
        subject: 0,
      },
      { kind: 'vulnerability', answeredBy: 'waiver', aside: 'we take it until May', subject: 0 },
      { kind: 'secret' },
      { kind: 'misconfiguration' },
      { kind: 'external' },
    ]);
    expect(in_).toEqual([
      {
        ...{ purl: found.purl, name: 'a', version: '1.0.0', presence: 'installed', paths: found.paths },
        update: { to: '1.0.1', clears: 1, of: 1, run: 'npm install a@1.0.1' },
      },
    ]);
  });

  test('has keys that outlast a new version, and tells apart what is alike', () => {
    const keys = (version: string): string[] => {
      const found = pack({ name: 'a', version });
      const one = finding(found, { id: 'CVE-2026-1', severity: 'high' });
      return pageData(evidence({ findings: [one, one] }), pass, context).findings.map(({ key }) => key);
    };
    expect(keys('2.0.0')).toEqual(keys('1.0.0'));
    expect(keys('1.0.0')).toEqual([expect.stringMatching(/^[0-9a-f]{14}$/), expect.stringMatching(/^[0-9a-f]{14}-2$/)]);
  });
});

describe('lines to copy', () => {
  test('are commands of the package manager that the image has', () => {
    const musl = pack({ ecosystem: 'apk', name: 'musl', version: '1.2.3-r3', purl: 'pkg:apk/alpine/musl@1.2.3-r3' });
    const given = evidence({
      packages: [musl],
      findings: [finding(musl, { id: 'CVE-1', severity: 'high', fixed: ['1.2.3-r4'] })],
    });
    expect(pageData(given, pass, context).subjects[0]?.update?.run).toBe(
      "apk add --no-cache --upgrade 'musl>=1.2.3-r4'",
    );
  });

  test('never hold what a shell would run', () => {
    const evil = pack({ name: 'a; rm -rf ~', version: '1.0.0' });
    const given = evidence({
      packages: [evil],
      findings: [finding(evil, { id: '$(id)', severity: 'high', fixed: ['2.0.0'] })],
    });
    const data = pageData(given, pass, { ...context, name: '$(id)' });
    expect(data.subjects[0]?.update).toEqual({ to: '2.0.0', clears: 1, of: 1 });
    expect(data.commandTarget).toBe('TARGET');
    expect(pageData(given, pass, context).commandTarget).toBe('shop.tar');
  });
});

describe('text in HTML', () => {
  test.each([
    ['a < b & c', 'a &lt; b &amp; c'],
    [`"'><img src=x onerror=alert(1)>`, '&quot;&apos;&gt;&lt;img src=x onerror=alert(1)&gt;'],
    ['\u202egpj\n\0', '\\u202egpj\\x0a\\x00'],
  ])('%j stays text', (text, expected) => {
    expect(html`<p title="${text}">${text}</p>`.markup).toBe(`<p title="${expected}">${expected}</p>`);
  });

  test('is made of nothing, numbers, lists and HTML', () => {
    expect(html`<p>${undefined}${[1, ['<', html`<b>x</b>`]]}</p>`.markup).toBe('<p>1&lt;<b>x</b></p>');
  });

  test.each(['a </script> b', '<!-- x', '</STYLE'])('a script or style may not hold %j', (text) => {
    expect(() => raw(text)).toThrow('would end its element');
  });

  test('is all of what is hostile in a report', () => {
    const shown = harmless(hostile.toWellFormed()).slice(0, 40);
    expect(seen(render(samples.trapImage, samples.trapVerdict))).toContain(shown.replace(/\s+/g, ' '));
  });
});
