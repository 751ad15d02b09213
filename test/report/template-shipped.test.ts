import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { escapes } from '../../src/report/template/escapes.ts';
import { templateReport } from '../../src/report/template/made.ts';
import { arbitraryEvidence } from './arbitrary-evidence.ts';
import {
  context,
  evidence,
  known,
  knownVerdict,
  placedSecret,
  placedSetting,
  shop,
  shopVerdict,
  trapImage,
  trapVerdict,
} from './samples.ts';

const pass: Verdict = { decision: 'pass', reasons: [] };
const folder = resolve(import.meta.dirname, '..', '..', 'templates');

function shown(text: string, name = 't.liquid', given: Evidence = shop, verdict: Verdict = shopVerdict): string {
  return templateReport({ name, text }).render(given, verdict, context);
}

function shipped(name: string, given: Evidence, verdict: Verdict): string {
  return shown(readFileSync(`${folder}/${name}`, 'utf8'), name, given, verdict);
}

const empty = [evidence({}), pass] as const;
const ordinary = [{ ...known, placed: [placedSecret(), placedSetting()] }, knownVerdict] as const;
const hostile = [{ ...trapImage, placed: [placedSecret({ title: '<b>|=1' })] }, trapVerdict] as const;

describe('the documentation', () => {
  const text = readFileSync(resolve(folder, '..', 'docs', 'templates.md'), 'utf8');

  test('has an example that works, and names what there is', () => {
    const [example = ''] = /(?<=```liquid\n)[\s\S]*?(?=```)/.exec(text) ?? [];
    expect(shown(example).trim()).toBe(
      [
        'critical  CVE-2019-10744  Update lodash 4.17.4 to 4.17.12.',
        'high  CVE-2025-26519  Update musl 1.2.3-r3 to 1.2.3-r4.',
        'high  CVE-2025-26519  Update musl-utils 1.2.3-r3 to 1.2.3-r4.',
      ].join('\n\n'),
    );
    for (const name of [...Object.keys(escapes), 'raw', 'by_severity', 'at_least']) expect(text).toContain(`\`${name}`);
    for (const [, value] of text.matchAll(/^\| `((?:finding|sluice|name|time|summary)[\w.]*)` /gm))
      expect(() => shown(`{% for finding in findings %}{% assign x = ${value} %}{% endfor %}`)).not.toThrow();
  });

  test('tells a mistake as it is told', () => {
    const told = /^sluice: (my\.liquid:.*) \[template\/invalid\]\n {8}(.*)$/m.exec(text) ?? [];
    expect(() => shown('a\n{{ fidings }}', 'my.liquid')).toThrow(
      expect.objectContaining({ message: told[1], hint: told[2] }),
    );
  });
});

describe('the templates that are shipped', () => {
  test.each([
    ['empty', ...empty],
    ['ordinary', ...ordinary],
    ['hostile', ...hostile],
  ] as const)('slack.json.liquid, %s: JSON within the limits of Block Kit', (_what, given, verdict) => {
    const message = JSON.parse(shipped('slack.json.liquid', given, verdict));
    expect(Object.keys(message)).toEqual(['text', 'blocks']);
    expect(message.blocks.length).toBeLessThanOrEqual(50);
    const texts = message.blocks.flatMap(
      (block: { text?: unknown; elements?: unknown[] }) => block.text ?? block.elements,
    );
    for (const { type, text } of texts) {
      expect(type).toBe('plain_text');
      expect(text.length).toBeGreaterThan(0);
      expect(text.length).toBeLessThanOrEqual(3000);
    }
    expect(message.blocks[0].text.text).toBe(`shop.tar: ${verdict.decision.toUpperCase()}`);
  });

  test('mail.txt.liquid tells the reasons and what stops', () => {
    expect(shipped('mail.txt.liquid', evidence({}), pass)).toBe(
      'Subject: shop.tar: pass\n\nshop.tar was looked into by the data of 2026-01-03 04:05 UTC.\nThe gate says PASS.\n\n',
    );
    const subjects = [{ id: 'CVE-2019-10744', package: 'pkg:npm/lodash@4.17.4' }];
    const reasons = [
      { rule: 'a/b', decision: 'stop' as const, message: 'bad', action: 'update it', why: 'It matters.', subjects },
    ];
    expect(shipped('mail.txt.liquid', shop, { decision: 'stop', reasons })).toBe(`Subject: shop.tar: stop

shop.tar was looked into by the data of 2026-01-03 04:05 UTC.
The gate says STOP.

  stop: bad
    why  It matters.
    fix  update it

What stops it:

  critical  CVE-2019-10744  A flaw
    /app/node_modules/lodash/package.json
    Update lodash 4.17.4 to 4.17.12.
    https://nvd.nist.gov/vuln/detail/CVE-2019-10744

`);
    expect(shipped('mail.txt.liquid', ...hostile)).not.toMatch(/\x1b|\u202e/);
  });

  test('owners.csv.liquid has a row for each package with findings', () => {
    expect(shipped('owners.csv.liquid', shop, shopVerdict).split('\n')).toEqual([
      'whose,layer,package,version,worst,findings,fix',
      'own,1,lodash,4.17.4,critical,3,Update lodash 4.17.4 to 4.17.12.',
      'own,0,musl,1.2.3-r3,high,1,Update musl 1.2.3-r3 to 1.2.3-r4.',
      'own,0,musl-utils,1.2.3-r3,high,1,Update musl-utils 1.2.3-r3 to 1.2.3-r4.',
      '',
    ]);
    for (const given of [empty, hostile]) {
      const lines = shipped('owners.csv.liquid', ...given).split('\n');
      expect(lines.length).toBe(given === empty ? 2 : 3);
    }
  });

  test('render any evidence', () => {
    fc.assert(
      fc.property(arbitraryEvidence, (given) => {
        JSON.parse(shipped('slack.json.liquid', given, pass));
        expect(shipped('mail.txt.liquid', given, pass)).toContain('The gate says PASS.');
        expect(shipped('owners.csv.liquid', given, pass)).toContain('whose,layer,');
      }),
      { numRuns: 50 },
    );
  });
});
