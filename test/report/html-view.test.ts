import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PageData, PageFinding } from '../../src/report/html/data.ts';
import { entriesOf } from '../../src/report/html/page/entries.ts';
import { grouped } from '../../src/report/html/page/group.ts';
import { select } from '../../src/report/html/page/select.ts';
import {
  firstView,
  isFiltered,
  readView,
  type Tab,
  tabs,
  type View,
  writeView,
} from '../../src/report/html/page/view.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 }).map((one) => one.toWellFormed());
const anyView: fc.Arbitrary<View> = fc.record({
  tab: fc.constantFrom(...tabs),
  sev: fc.uniqueArray(fc.constantFrom('critical', 'high', 'low'), { maxLength: 3 }),
  ...{ q: text, kind: text, from: text, layer: text, pkg: text, rule: text, fix: text, kev: text },
  ...{ new: text, show: text, sort: text, group: text, open: text },
});

describe('a link', () => {
  test('shares all that is looked at', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        expect(readView(`#${writeView(view)}`)).toEqual(view);
      }),
    );
  });

  test('of the first view is empty, and one to a section is no view', () => {
    expect(writeView(firstView)).toBe('');
    expect(readView('')).toEqual(firstView);
    expect(readView('#layers')).toBeUndefined();
  });

  test('that others have made is read without harm', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (fragment) => void readView(fragment)));
    expect(readView('#tab=__proto__&__proto__=1&constructor=2&sort=toString')).toEqual({
      ...firstView,
      sort: 'toString',
    });
    expect(readView(`#q=${'a'.repeat(9000)}`)?.q).toHaveLength(500);
  });

  test('tells whether anything is filtered', () => {
    expect([firstView, { ...firstView, sort: 'id', tab: 'packages' as const }].map(isFiltered)).toEqual([false, false]);
    expect(
      [
        { ...firstView, q: 'a' },
        { ...firstView, sev: ['high'] },
        { ...firstView, new: 'yes' },
      ].map(isFiltered),
    ).toEqual([true, true, true]);
  });
});

function finding(given: Partial<PageFinding> & Pick<PageFinding, 'key'>): PageFinding {
  return {
    kind: 'vulnerability',
    id: `CVE-${given.key}`,
    severity: 'low',
    title: '',
    places: [],
    fix: '',
    subject: 0,
    layer: 1,
    from: 'own',
    ...given,
  };
}

const data: PageData = {
  findings: [
    finding({ key: '1', severity: 'low', risk: 1 }),
    finding({
      key: '2',
      severity: 'high',
      title: 'Reads "too much" memory',
      fixed: ['2.0'],
      rules: ['a/b'],
      decision: 'stop',
    }),
    finding({
      key: '3',
      severity: 'high',
      exploited: 'yes',
      subject: 1,
      layer: 0,
      from: 'base',
      blame: 'introduced-known',
    }),
    finding({ key: '4', severity: 'critical', aside: 'VEX says so', answeredBy: 'vex' }),
    {
      key: '5',
      kind: 'secret',
      id: 'secret/x',
      severity: 'critical',
      title: 'Token',
      places: ['/app/.env:2'],
      fix: 'Revoke it.',
    },
  ],
  subjects: [
    {
      purl: 'pkg:npm/a@1',
      name: 'a',
      version: '1',
      presence: 'installed',
      paths: [],
      update: { to: '2.0', clears: 2, of: 2 },
    },
    { purl: 'pkg:npm/b@1', name: 'b', version: '1', presence: 'installed', paths: [] },
  ],
  packages: [
    {
      key: 'p1',
      purl: 'pkg:npm/b@1',
      name: 'b',
      version: '1',
      kind: 'npm',
      presence: 'installed',
      paths: [],
      layer: 0,
      from: 'base',
    },
    {
      key: 'p2',
      purl: 'pkg:npm/a@1',
      name: 'a',
      version: '1',
      kind: 'npm',
      presence: 'installed',
      paths: [],
      layer: 1,
      from: 'own',
    },
  ],
  licences: [{ key: 'l1', expression: 'MIT', class: 'notice', of: 'a 1', layer: 1, from: 'own' }],
  problems: [
    { key: 'q1', code: 'x/y', message: 'm', blinding: false },
    { key: 'q2', code: 'x/z', message: 'n', blinding: true, path: '/a', layer: 1 },
  ],
  layers: ['ADD base', 'RUN npm ci'],
  hasBaseline: true,
  commandTarget: 'TARGET',
};
const entries = entriesOf(data);

/** The keys of what a view shows. */
function shown(view: Partial<View>, tab: Tab = 'findings'): string {
  return select(entries[tab], { ...firstView, tab, ...view })
    .rows.map(({ key }) => key)
    .join(' ');
}

describe('a view shows', () => {
  test.each([
    [{}, '5 3 2 1'],
    [{ show: 'all' }, '5 3 2 1 4'],
    [{ show: 'aside' }, '4'],
    [{ sev: ['high'] }, '3 2'],
    [{ sev: ['high', 'low'] }, '3 2 1'],
    [{ kind: 'secret' }, '5'],
    [{ from: 'base' }, '3'],
    [{ layer: '1' }, '2 1'],
    [{ pkg: 'b' }, '3'],
    [{ rule: 'a/b' }, '2'],
    [{ fix: 'yes' }, '5 2'],
    [{ fix: 'no' }, '3 1'],
    [{ kev: 'yes' }, '3'],
    [{ new: 'yes' }, '3'],
    [{ q: 'CVE' }, '3 2 1'],
    [{ q: 'cve -b@1' }, '2 1'],
    [{ q: '"much memory"' }, ''],
    [{ q: '"reads "too' }, '2'],
    [{ q: 'much memory' }, '2'],
    [{ q: '.env' }, '5'],
    [{ q: ' -  ' }, '3 2 1'],
    [{ q: 'none of it' }, ''],
    [{ sort: 'id' }, '1 2 3 5'],
    [{ sort: '-id' }, '5 3 2 1'],
    [{ sort: 'risk' }, '1 5 3 2'],
    [{ sort: 'layer' }, '5 3 2 1'],
    [{ sort: 'fixed' }, '2 5 3 1'],
    [{ sort: 'toString' }, '5 3 2 1'],
  ])('by %j the findings %s', (view, expected) => {
    expect(shown(view)).toBe(expected);
  });

  test.each([
    ['packages', {}, 'p2 p1'],
    ['packages', { sev: ['low'] }, 'p2'],
    ['packages', { kind: 'secret' }, 'p2 p1'],
    ['packages', { sort: 'package' }, 'p2 p1'],
    ['licences', { sev: ['low'], pkg: 'b' }, 'l1'],
    ['licences', { q: 'mit a' }, 'l1'],
    ['problems', {}, 'q2 q1'],
    ['problems', { layer: '1' }, 'q2'],
  ] as const)('of the %s by %j %s', (tab, view, expected) => {
    expect(shown(view, tab)).toBe(expected);
  });

  test('how many each severity would leave, and what does not count', () => {
    const { bySeverity, counting, aside } = select(entries.findings, { ...firstView, sev: ['high'], q: 'c' });
    expect({ bySeverity: Object.fromEntries(bySeverity), counting, aside }).toEqual({
      bySeverity: { critical: 1, high: 2, low: 1 },
      counting: 2,
      aside: 0,
    });
    expect(select(entries.findings, firstView).aside).toBe(1);
  });
});

describe('groups', () => {
  const groups = (by: string, folded: string[] = []): string[] =>
    grouped(select(entries.findings, firstView).rows, by, new Set(folded), data.layers).map((item) =>
      'head' in item ? `${item.label} (${item.rows.length})` : item.entry.key,
    );

  test.each([
    ['', ['5', '3', '2', '1']],
    ['toString', ['5', '3', '2', '1']],
    ['package', ['/app/.env:2 (1)', '5', 'b 1 (1)', '3', 'a 1 (2)', '2', '1']],
    ['fix', ['Revoke it. (1)', '5', 'no fix is known (2)', '3', '1', 'update a 1 to 2.0 (1)', '2']],
    [
      'layer',
      [
        'in no layer: the image’s configuration (1)',
        '5',
        'layer 0 ADD base (1)',
        '3',
        'layer 1 RUN npm ci (2)',
        '2',
        '1',
      ],
    ],
    ['severity', ['critical (1)', '5', 'high (2)', '3', '2', 'low (1)', '1']],
    ['kind', ['secrets (1)', '5', 'flaws in packages (3)', '3', '2', '1']],
  ])('by %s', (by, expected) => {
    expect(groups(by)).toEqual(expected);
  });

  test('can be folded', () => {
    expect(groups('severity', ['severity high'])).toEqual(['critical (1)', '5', 'high (2)', 'low (1)', '1']);
  });
});
