import { createRequire } from 'node:module';
import fc from 'fast-check';
import markdownIt, { type Token } from 'markdown-it';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { report as markdown } from '../../src/report/markdown.ts';
import { report as prometheus } from '../../src/report/prometheus.ts';
import { arbitraryEvidence } from './arbitrary-evidence.ts';
import * as samples from './samples.ts';

const { context, evidence, hostile, known, knownVerdict, placedSecret, placedSetting, shop, shopVerdict } = samples;
interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly metrics: readonly { readonly value: string; readonly labels?: Readonly<Record<string, string>> }[];
}

const require = createRequire(import.meta.url);
// It brings no types.
const parsePrometheus = require('parse-prometheus-text-format') as (text: string) => Family[];

const pass: Verdict = { decision: 'pass', reasons: [] };

const traps = evidence({
  ...samples.trapImage,
  placed: [
    placedSecret({ title: hostile, message: '@everyone see #1 and a@b.example', links: ['https://x.example/)<b>'] }),
    placedSetting({ place: { in: 'environment', name: '| a | b |\n| --- |' } }),
  ],
});

/** The same three of every format, and one with all that can be known. */
const given: readonly (readonly [string, Evidence, Verdict])[] = [
  ['empty', evidence({}), pass],
  ['ordinary', { ...shop, placed: [placedSecret(), placedSetting()] }, shopVerdict],
  ['all that is known', known, knownVerdict],
  ['hostile', traps, samples.trapVerdict],
];

describe('markdown-it, as GitHub and GitLab set up their readers', () => {
  // HTML is read and bare addresses become links: what would be active must show itself.
  const reader = markdownIt({ html: true, linkify: true });

  /** HTML that sluice writes itself: folding, line ends in cells, code in which a pipe or a bracket stands. */
  const ownHtml = /^(?:<\/?details>|<summary>[\w ,:'-]+<\/summary>|<br>|<\/?code>|<!-- sluice:comment [\w.:/%-]* -->)$/;

  function flat(tokens: readonly Token[]): Token[] {
    return tokens.flatMap((token) => [token, ...flat(token.children ?? [])]);
  }

  /** What a reader would do beyond showing text; a line each. */
  function faults(text: string): string[] {
    const tokens = flat(reader.parse(text, {}));
    const html = tokens.filter(({ type }) => type === 'html_block' || type === 'html_inline');
    const texts = tokens.filter(({ type }) => type === 'text').map(({ content }) => content);
    const links = tokens.filter(({ type }) => type === 'link_open');
    return [
      ...html.flatMap(({ content }) => content.trim().split('\n')).filter((line) => !ownHtml.test(line)),
      ...tokens.filter(({ type }) => type === 'image').map(({ content }) => `an image: ${content}`),
      ...links.filter(({ markup }) => markup !== '').map((token) => `a link by itself: ${token.attrGet('href')}`),
      ...links
        .map((token) => token.attrGet('href') ?? '')
        .map(String)
        .filter((href) => !/^https:\/\/[\w.-]+\/[\w./%:#?=-]*$/.test(href)),
      ...texts.filter((one) => /(?:^|\W)@\w|(?:^|\W)(?:#|!|GH-)\d|\w@\w/i.test(one)).map((one) => `a mention: ${one}`),
      ...tablesOf(tokens),
    ];
  }

  /** Tables whose rows have not all the same number of cells. */
  function tablesOf(tokens: readonly Token[]): string[] {
    const wrong: string[] = [];
    let columns = 0;
    let cells = 0;
    for (const { type } of tokens) {
      if (type === 'table_open') columns = 0;
      else if (type === 'tr_open') cells = 0;
      else if (type === 'th_open' || type === 'td_open') cells++;
      else if (type === 'tr_close') {
        if (columns !== 0 && cells !== columns) wrong.push(`a row of ${cells} cells in a table of ${columns}`);
        columns ||= cells;
      }
    }
    return wrong;
  }

  const written = (one: Evidence, verdict: Verdict, variant: string, name = context.name): string =>
    markdown.render(one, verdict, { ...context, name, variant });

  test('would see what must not be there', () => {
    expect(faults('<b>x</b> @you www.example.com ![a](b)\n\n[x](javascript:1)').length).toBe(4);
    // A row with a cell too few is filled up, one with a pipe too many loses what is behind: the text must tell.
    expect(faults('see #1')).toEqual(['a mention: see #1']);
  });

  describe.each(['comment', 'summary'])('the %s', (variant) => {
    test.each(given)('is text, tables and own links alone: %s', (what, one, verdict) => {
      const text = written(one, verdict, variant, what === 'hostile' ? hostile : context.name);
      expect(faults(text)).toEqual([]);
      const tables = reader.parse(text, {}).filter(({ type }) => type === 'table_open').length;
      expect(tables).toBeGreaterThan(0);
    });
  });

  test('whatever was found', () => {
    fc.assert(
      fc.property(arbitraryEvidence, fc.constantFrom('comment', 'summary'), (one, variant) => {
        expect(faults(written(one, pass, variant))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('parse-prometheus-text-format, and what promtool asks for', () => {
  /** What promtool's linter tells of (`promtool check metrics`); a line each. */
  function remarks(text: string): string[] {
    const families = parsePrometheus(text);
    return families.flatMap(({ name, help, type, metrics }) => [
      ...(help === '' ? [`${name}: no help`] : []),
      ...(type === 'GAUGE' ? [] : [`${name}: ${type}`]),
      ...(/_(?:total|count|sum|bucket)$/.test(name) ? [`${name}: the ending of another type`] : []),
      ...(/[A-Z]|__/.test(name) ? [`${name}: no snake case`] : []),
      ...(/(?:milliseconds|minutes|hours|days|kilobytes)/.test(name) ? [`${name}: no base unit`] : []),
      ...metrics.flatMap(({ value, labels = {} }) => [
        ...(Number.isFinite(Number(value)) ? [] : [`${name}: ${value}`]),
        ...Object.keys(labels).filter((label) => !/^[a-z][a-z_]*$/.test(label)),
      ]),
    ]);
  }

  test.each(given)('%s', (_what, one, verdict) => {
    const text = prometheus.render(one, verdict, context);
    expect(remarks(text)).toEqual([]);
    const families = parsePrometheus(text);
    const found = families.find(({ name }) => name === 'sluice_verdict_info')?.metrics;
    expect(found).toHaveLength(1);
    expect(found?.[0]?.labels?.decision).toBe(verdict.decision);
    expect(families.flatMap(({ metrics }) => metrics)).toHaveLength(
      text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length,
    );
  });

  test('whatever was found', () => {
    fc.assert(
      fc.property(arbitraryEvidence, (one) => {
        expect(remarks(prometheus.render(one, pass, context))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
