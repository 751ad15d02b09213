import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { Browser } from '../../src/report/browse/browser.ts';
import { frame, type Header } from '../../src/report/browse/frame.ts';
import { isHeading } from '../../src/report/browse/rows.ts';
import { browseTabs } from '../../src/report/browse/tabs.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import { arbitraryEvidence } from './arbitrary-evidence.ts';
import {
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

const header: Header = { name: 'shop.json', decision: ' STOP ', found: '1 critical', colour: false };
const full: Evidence = { ...shop, placed: [placedSecret(), placedSetting(), placedByOthers()] };

function opened(found: Evidence = full, verdict: Verdict = shopVerdict): Browser {
  return new Browser(browseTabs(found, verdict));
}

function press(browser: Browser, ...keys: string[]): Browser {
  for (const key of keys) browser.press(key);
  return browser;
}

/** What stands in the list: ids, and headings in brackets. */
function list(browser: Browser): string[] {
  return browser.rows.map((row) => (isHeading(row) ? `[${row.heading}]` : row.id));
}

const worstFirst = [
  'CVE-2019-10744',
  'secret/github-token',
  'CVE-2025-26519',
  'CVE-2025-26519',
  'image/runs-as-root',
  'CVE-2021-23337',
  'B105',
  'NSWG-ECO-1',
  // Only declared: it counts for nothing.
  'CVE-2022-3517',
];

describe('the lists', () => {
  test('are findings, packages, layers and reasons, the worst first', () => {
    const browser = opened();
    expect(list(browser)).toEqual(worstFirst);
    expect(list(press(browser, 'tab')).map((purl) => purl.slice(0, 22))).toEqual(
      [
        'pkg:npm/lodash@4.17.4',
        'pkg:apk/alpine/musl@1.',
        'pkg:apk/alpine/musl-ut',
        'pkg:npm/minimatch@3.0.4',
        'pkg:npm/%40scope%2Ftoo',
      ].map((purl) => purl.slice(0, 22)),
    );
    expect(list(press(browser, '3'))).toEqual(shop.target.layers.map(({ digest }) => digest));
    expect(list(press(browser, 'right'))).toEqual(['vulnerability/severity', 'rpm/row-damaged', 'data/age']);
    expect(press(browser, 'tab').tab).toBe(0);
    expect(press(browser, 'left').tab).toBe(3);
  });

  test('are searched by words that must all be there', () => {
    expect(list(press(opened(), '/', 'lodash 4.17'))).toEqual(['CVE-2019-10744', 'CVE-2021-23337', 'NSWG-ECO-1']);
    expect(list(press(opened(), '/', 'MUSL', ' ', 'write'))).toEqual(['CVE-2025-26519', 'CVE-2025-26519']);
    const none = press(opened(), '/', 'no', 't', 'backspace', 'such');
    expect(none.place.search).toBe('nosuch');
    expect(none.entry).toBeUndefined();
    expect(list(press(none, 'escape'))).toEqual(worstFirst);
    expect(list(press(opened(), '/', 'env', 'enter', 'escape'))).toEqual(worstFirst);
  });

  test('are narrowed by severity, kind and whether it counts, and Esc undoes it', () => {
    expect(list(press(opened(), 'v'))).toEqual(worstFirst.slice(0, 1));
    expect(list(press(opened(), 'v', 'v'))).toEqual([...worstFirst.slice(0, 4), 'CVE-2022-3517']);
    expect(list(press(opened(), 't', 't'))).toEqual(['secret/github-token']);
    const browser = opened(known, knownVerdict);
    expect(list(press(browser, 'a'))).toHaveLength(4);
    expect(list(press(browser, 'a'))).toEqual(['CVE-2023-0003', 'CVE-2023-0003', 'CVE-2023-0004']);
    expect(list(press(browser, 'escape'))).toHaveLength(7);
  });

  test('are put together by package, layer and what ends it', () => {
    const browser = press(opened(), 'b');
    expect(list(browser).slice(0, 4)).toEqual(['[lodash 4.17.4]', 'CVE-2019-10744', 'CVE-2021-23337', 'NSWG-ECO-1']);
    expect(list(press(browser, 'b')).filter((row) => row.startsWith('['))).toEqual([
      '[layer 1: npm ci]',
      '[layer 0: ADD file:root in /]',
      '[the image itself]',
    ]);
    expect(list(press(browser, 'b'))[0]).toBe('[Update lodash 4.17.4 to 4.17.12.]');
    expect(list(press(browser, 'b'))).toEqual(worstFirst);
  });

  test('are sorted by something else', () => {
    const browser = opened(known, knownVerdict);
    press(browser, 's');
    expect(browser.entry?.id).toBe('CVE-2021-44228');
    expect(list(press(opened(), 's', 's')).slice(0, 2)).toEqual(['secret/github-token', 'B105']);
    expect(list(press(opened(), '3', 's'))).toEqual([...shop.target.layers].reverse().map(({ digest }) => digest));
  });
});

describe('keys', () => {
  test('move, and stay in the list', () => {
    const browser = opened();
    frame(browser, header, 80, 24);
    expect(press(browser, 'down', 'j', 'j', 'up').place.cursor).toBe(2);
    expect(press(browser, 'G', 'down').place.cursor).toBe(worstFirst.length - 1);
    expect(press(browser, 'home', 'k').place.cursor).toBe(0);
    expect(press(browser, 'pagedown').place.cursor).toBe(8);
    expect(press(browser, 'pageup').place.cursor).toBe(0);
  });

  test('copy the id and the fix, open the page, quit', () => {
    const browser = opened();
    expect(browser.press('c')).toEqual({ do: 'copy', text: 'CVE-2019-10744' });
    expect(browser.press('f')).toEqual({ do: 'copy', text: 'Update lodash 4.17.4 to 4.17.12.' });
    expect(browser.press('o')).toEqual({ do: 'open', url: 'https://nvd.nist.gov/vuln/detail/CVE-2019-10744' });
    press(browser, 'G', 'up');
    expect(browser.press('f')).toBeUndefined();
    expect(browser.message).toBe('nothing is known that ends it');
    expect(press(browser, '4', 'o').message).toBe('there is no page on it');
    expect(browser.press('q')).toEqual({ do: 'quit' });
    expect(press(browser, '/').press('q')).toBeUndefined();
    expect(browser.press('ctrl-c')).toEqual({ do: 'quit' });
  });
});

describe('the screen', () => {
  test('at 80 columns has what is told below the list', () => {
    expect(frame(press(opened(), 'down'), { ...header }, 80, 24)).toEqual([
      ' STOP   shop.json · 1 critical',
      '[1 Findings 9]  2 Packages 5   3 Layers 2   4 Reasons 3',
      'all 9 · sorted by worst',
      '  critical    CVE-2019-10744       lodash 4.17.4 → 4.17.12',
      '› high        secret/github-token  GitHub token                                 ',
      '  high        CVE-2025-26519       musl 1.2.3-r3 → 1.2.3-r4',
      '  high        CVE-2025-26519       musl-utils 1.2.3-r3 → 1.2.3-r4',
      '  medium      image/runs-as-root   Runs as root',
      '  medium      CVE-2021-23337       lodash 4.17.4 → 4.17.21',
      '  low         B105                 Hard-coded password',
      '  unknown     NSWG-ECO-1           lodash 4.17.4 no fix known',
      '  high        CVE-2022-3517        minimatch 3.0.4 → 3.0.5',
      '─'.repeat(80),
      'high  GitHub token [secret/github-token]',
      '  Found       a GitHub token (ghp_…(40), its checksum holds)',
      '  Where       /app/.env:2 · layer 1',
      '  Why         Whoever has it can act in the name of its owner.',
      '              no rule speaks of it',
      '  Fix         Revoke it, and give the new one to the build as a secret mount.',
      '  Advisory    https://docs.example.com/tokens',
      '  Serves      NIST SP 800-190 4.1.4',
      '  Known as    0123456789abcdef0123456789abcdef',
      '↑↓ move  Enter whole  Tab list  / search  v severity  b group  ? keys  q quit',
    ]);
  });

  test('in whole scrolls what is told to its end and no further', () => {
    const browser = press(opened(), '4', 'enter');
    frame(browser, header, 80, 24);
    press(browser, ...Array<string>(100).fill('down'));
    expect(frame(browser, header, 80, 24)[3]).toContain('stop  3 bad ones');
    expect(browser.place.cursor).toBe(0);
    expect(press(browser, 'escape').whole).toBe(false);
  });

  test('that is too small says so', () => {
    expect(frame(opened(), header, 79, 24).join(' ')).toBe(
      'sluice tui needs 80x24, and this terminal has 79x24: make it larger, or press q.',
    );
    expect(frame(opened(), header, 1, 1).length).toBe(1);
  });

  const keys = [
    'down',
    'up',
    'G',
    'g',
    'tab',
    'left',
    'enter',
    'escape',
    '/',
    'a',
    'b',
    's',
    'v',
    't',
    '?',
    'J',
    ' ',
    'pagedown',
    hostile,
    'c',
    '3',
  ];

  test('whatever the report holds and whatever is pressed, it fits and is harmless', () => {
    fc.assert(
      fc.property(
        fc.oneof(arbitraryEvidence, fc.constant(trapImage), fc.constant(full)),
        fc.array(fc.constantFrom(...keys), { maxLength: 25 }),
        fc.constantFrom([80, 24], [129, 30], [130, 30], [200, 50]),
        fc.boolean(),
        (found, pressed, [columns = 80, rows = 24], colour) => {
          const browser = opened(found, trapVerdict);
          for (const key of pressed) {
            browser.press(key);
            const lines = frame(browser, { ...header, name: hostile, found: hostile, colour }, columns, rows);
            expect(lines).toHaveLength(rows - 1);
            expect(lines.filter((line) => displayWidth(line) > columns)).toEqual([]);
            const text = lines.join('').replace(/\x1b\[[0-9;]*m/g, '');
            expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

test('a hundred thousand findings are searched and drawn within the time between two keys', () => {
  const one = pack({ name: 'one', version: '1.0.0' });
  const findings = Array.from({ length: 100_000 }, (_, i) =>
    finding(one, { id: `CVE-2024-${i}`, severity: 'high', title: `flaw number ${i}`, fixed: ['1.0.1'] }),
  );
  const given = evidence({ packages: [one], findings });
  const keys = ['number 9', '9', '9', '9', 'enter', 'G', 'up', 'pageup', 'g', 'down', 'down'];
  let browser = opened(given);
  let least = keys.map(() => Number.POSITIVE_INFINITY);
  // CPU time in milliseconds, and of three turns the least, so that a busy machine makes no difference; a tenth of a second is felt.
  const areQuick = (times: readonly number[]): boolean =>
    Math.max(...times) < 1000 && times.filter((time) => time < 50).length > times.length / 2;
  for (let turn = 0; turn < 3 && !areQuick(least); turn++) {
    browser = opened(given);
    press(browser, '/', 'x', 'backspace');
    frame(browser, header, 200, 50);
    least = keys.map((key, index) => {
      const { user, system } = process.cpuUsage();
      browser.press(key);
      frame(browser, header, 200, 50);
      const used = process.cpuUsage({ user, system });
      return Math.min(least[index]!, (used.user + used.system) / 1000);
    });
  }
  expect(list(browser)).toHaveLength(19);
  expect(areQuick(least), `it takes ${least.map(Math.round).join(', ')} ms`).toBe(true);
});
