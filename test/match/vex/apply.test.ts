import { describe, expect, test } from 'vitest';
import { applyVex } from '../../../src/match/vex/apply.ts';
import type { VexStatement } from '../../../src/model/vex.ts';
import { finding, given, image, pack, product, statement } from './make.ts';

const leftPad = pack('pkg:npm/left-pad@1.3.0');
const rightPad = pack('pkg:npm/right-pad@1.0.0');
const packages = [leftPad, rightPad];
const about = [product('pkg:npm/left-pad@1.3.0')];

/** What is made of one finding in `left-pad`: the status of each statement, and the answer. */
function made(documents: Parameters<typeof given>[], parts: Parameters<typeof finding>[1] = {}): unknown {
  const all = documents.map((document) => given(...document));
  const [only] = applyVex([finding(leftPad, parts)], packages, image, all).findings;
  return [only?.statements?.map((note) => `${note.status} ${note.document}`), only?.answered?.because];
}

function at(
  day: string,
  status: VexStatement['status'] = 'not_affected',
  parts: Partial<VexStatement> = {},
): VexStatement {
  return statement(about, { timestamp: `2024-06-${day}T00:00:00Z`, status, ...parts });
}

describe('VEX over findings', () => {
  test('answers those that a statement is about, and tells of every document', () => {
    const findings = [
      finding(leftPad),
      finding(rightPad),
      finding(leftPad, { id: 'CVE-2024-2', aliases: [], advisories: [] }),
    ];
    const before = structuredClone(findings);
    const vex = given('vex-1', [
      at('01', 'not_affected', { says: 'Not reachable.' }),
      at('02', 'fixed', { vulnerabilities: ['CVE-9'] }),
    ]);
    const result = applyVex(findings, packages, image, [vex]);
    expect(findings).toEqual(before);
    expect(result).toEqual({
      findings: [
        {
          ...findings[0],
          statements: [
            {
              status: 'not_affected',
              justification: 'vulnerable_code_not_present',
              says: 'Not reachable.',
              timestamp: '2024-06-01T00:00:00Z',
              author: 'ACME',
              document: 'vex-1',
              format: 'openvex',
              believed: true,
            },
          ],
          answered: {
            by: 'vex',
            because: 'ACME says not_affected (vulnerable_code_not_present) in vex-1 of 2024-06-01',
          },
        },
        findings[1],
        findings[2],
      ],
      vex: [
        {
          document: 'vex-1',
          format: 'openvex',
          digest: vex.digest,
          author: 'ACME',
          timestamp: '2024-06-01T00:00:00Z',
          statements: 2,
          applied: 1,
          believed: true,
        },
      ],
      problems: [],
    });
    expect(result.findings[1]).toBe(findings[1]);
  });

  test('the newest decides, and both are kept', () => {
    expect(
      made([
        ['old', [at('01')]],
        ['new', [at('02', 'affected')]],
      ]),
    ).toEqual([['affected new', 'not_affected old'], undefined]);
    expect(
      made([
        ['old', [at('01', 'affected')]],
        ['new', [at('02')]],
      ]),
    ).toEqual([
      ['not_affected new', 'affected old'],
      'ACME says not_affected (vulnerable_code_not_present) in new of 2024-06-02',
    ]);
    expect(
      made([
        ['old', [at('01')]],
        ['new', [at('02', 'under_investigation')]],
      ]),
    ).toEqual([['under_investigation new', 'not_affected old'], undefined]);
    expect(made([['one', [at('01', 'affected'), at('03', 'fixed'), at('02')]]])).toEqual([
      ['fixed one', 'not_affected one', 'affected one'],
      'ACME says fixed (vulnerable_code_not_present) in one of 2024-06-03',
    ]);
  });

  test('of one time the most careful goes first, then the document', () => {
    const same = [at('01'), at('01', 'fixed'), at('01', 'under_investigation'), at('01', 'affected')];
    expect(
      made([
        ['b', same],
        ['a', same],
      ]),
    ).toEqual([
      [
        ...['affected a', 'affected b', 'under_investigation a', 'under_investigation b'],
        ...['fixed a', 'fixed b', 'not_affected a', 'not_affected b'],
      ],
      undefined,
    ]);
  });

  test('a time that is not told is older than any other', () => {
    expect(
      made([
        ['none', [at('01', 'affected', { timestamp: '' })]],
        ['told', [at('01')]],
      ]),
    ).toEqual([
      ['not_affected told', 'affected none'],
      'ACME says not_affected (vulnerable_code_not_present) in told of 2024-06-01',
    ]);
  });

  test('parts of a second count', () => {
    const late = at('01', 'affected', { timestamp: '2024-06-01T00:00:00.1Z' });
    const later = at('01', 'not_affected', { timestamp: '2024-06-01T00:00:00.10000001Z' });
    expect(
      made([
        ['a', [late]],
        ['b', [later, at('01')]],
      ]),
    ).toEqual([
      ['not_affected b', 'affected a', 'not_affected b'],
      'ACME says not_affected (vulnerable_code_not_present) in b of 2024-06-01',
    ]);
  });

  test('what is not believed is shown and decides nothing', () => {
    const own = { believed: false };
    expect(made([['own', [at('05')], own]])).toEqual([['not_affected own'], undefined]);
    expect(
      made([
        ['own', [at('05', 'affected')], own],
        ['user', [at('01')]],
      ]),
    ).toEqual([
      ['affected own', 'not_affected user'],
      'ACME says not_affected (vulnerable_code_not_present) in user of 2024-06-01',
    ]);
  });

  test('an answer that is there stays', () => {
    const answered = { by: 'owner', because: 'the files are of curl' } as const;
    expect(made([['vex', [at('01')]]], { answered })).toEqual([['not_affected vex'], 'the files are of curl']);
  });

  test.each([
    ['its own name', ['CVE-2024-1']],
    ['an alias', ['OTHER-1', 'GHSA-aaaa-bbbb-cccc']],
    ['an alias in another case', ['ghsa-AAAA-bbbb-cccc']],
    ['the record that matched', ['DSA-1-1']],
  ])('a flaw is told by %s', (_what, vulnerabilities) => {
    expect(made([['vex', [at('01', 'fixed', { vulnerabilities })]]])).toEqual([['fixed vex'], expect.any(String)]);
  });

  test('a statement that names a flaw twice counts once', () => {
    const vulnerabilities = ['CVE-2024-1', 'cve-2024-1', 'GHSA-aaaa-bbbb-cccc'];
    expect(made([['vex', [at('01', 'fixed', { vulnerabilities })]]])).toEqual([['fixed vex'], expect.any(String)]);
  });

  test('a document that is given twice counts once, and is believed if one of them is', () => {
    const twice = [
      given('vex', [at('01')], { believed: false }),
      given('vex', [at('01')]),
      given('vex', [at('01')], { believed: false }),
    ];
    const { findings, vex } = applyVex([finding(leftPad)], packages, image, twice);
    expect([findings[0]?.statements?.length, findings[0]?.answered?.by, vex.length, vex[0]?.believed]).toEqual([
      1,
      'vex',
      1,
      true,
    ]);
  });

  test('the order of the documents counts for nothing', () => {
    const documents = ['c', 'a', 'b'].map((id, i) =>
      given(id, [at(`0${(i % 2) + 1}`, i === 1 ? 'affected' : 'fixed')]),
    );
    const run = (all: typeof documents): string => JSON.stringify(applyVex([finding(leftPad)], packages, image, all));
    expect(run([...documents].reverse())).toBe(run(documents));
    expect(applyVex([], [], image, documents).vex.map(({ document }) => document)).toEqual(['a', 'b', 'c']);
  });

  test('a statement without products is about nothing', () => {
    expect(made([['vex', [statement([])]]])).toEqual([undefined, undefined]);
  });

  test('a reason in words is cut to one line', () => {
    const says = `It\nis ${'very '.repeat(100)}far away.`;
    const { justification: _none, ...bare } = at('01', 'not_affected', { says });
    const [notes, because] = made([['vex', [bare]]]) as [string[], string];
    expect(notes).toEqual(['not_affected vex']);
    expect(because).toMatch(/^ACME says not_affected \(It is very [a-z ]{180,190}…\) in vex of 2024-06-01$/);
  });

  test('one that decides is kept among the fifty newest', () => {
    const own = Array.from({ length: 60 }, (_, i) => at(String(10 + (i % 10)), 'affected', { says: `${i}` }));
    const documents = [given('own', own, { believed: false }), given('user', [at('01')])];
    const [only] = applyVex([finding(leftPad)], packages, image, documents).findings;
    expect([only?.statements?.length, only?.statements?.at(-1)?.document, only?.answered?.by]).toEqual([
      50,
      'user',
      'vex',
    ]);
  });

  test('what could not be read is told, in few lines', () => {
    const unread = Array.from({ length: 7 }, (_, i) => `line ${i}`);
    const { problems } = applyVex([], [], image, [given('vex', [], {}, { unread })]);
    expect(problems).toEqual([
      ...['line 0', 'line 1', 'line 2', 'line 3', 'line 4', 'and more: 2 lines are left out here'].map((line) => ({
        code: 'vex/unread',
        message: `vex.json: ${line}`,
        blinding: false,
      })),
    ]);
  });

  test('a finding whose package is not in the list goes by its purl', () => {
    const [only] = applyVex([finding(leftPad)], [], image, [given('vex', [at('01')])]).findings;
    expect(only?.answered?.by).toBe('vex');
  });
});

describe('an erratum for several flaws', () => {
  const erratum = finding(leftPad, {
    id: 'ALSA-1',
    aliases: ['CVE-2024-1', 'CVE-2024-2', 'GHSA-x'],
    advisories: ['ALSA-1'],
  });
  const about1 = at('01');
  const about2 = at('02', 'fixed', { vulnerabilities: ['CVE-2024-2'] });

  /** Why it is answered; undefined when it is not. */
  function because(...statements: readonly VexStatement[]): string | undefined {
    return applyVex([erratum], packages, image, [given('vex', statements)]).findings[0]?.answered?.because;
  }

  test('is answered when each of them is', () => {
    expect(because(about1)).toBe(undefined);
    expect(because(about2)).toBe(undefined);
    expect(because(about1, about2)).toBe(
      'ACME says not_affected (vulnerable_code_not_present) in vex of 2024-06-01; ' +
        'ACME says fixed (vulnerable_code_not_present) in vex of 2024-06-02',
    );
    expect(because(at('01', 'fixed', { vulnerabilities: ['CVE-2024-2', 'cve-2024-1'] }))).toMatch(/^ACME says fixed/);
  });

  test('or when the erratum itself is', () => {
    expect(because(at('01', 'fixed', { vulnerabilities: ['ALSA-1'] }))).toMatch(/^ACME says fixed/);
  });

  test('and not when a newer word on one of them says otherwise', () => {
    expect(because(about1, about2, at('03', 'affected', { vulnerabilities: ['CVE-2024-2'] }))).toBe(undefined);
    expect(because(at('01', 'fixed', { vulnerabilities: ['ALSA-1'] }), at('03', 'affected'))).toBe(undefined);
  });

  test('another name stands for one of them: that it is affected holds, that it is not does not', () => {
    const other = { vulnerabilities: ['GHSA-x'] };
    expect(because(at('03', 'fixed', other))).toBe(undefined);
    expect(because(about1, about2, at('03', 'affected', other))).toBe(undefined);
  });

  test('all statements stay with it', () => {
    const [only] = applyVex([erratum], packages, image, [given('vex', [about1])]).findings;
    expect([only?.statements?.length, only?.answered]).toEqual([1, undefined]);
  });
});

/** Of the processor, not of the clock: what else runs on the machine counts for nothing. */
function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

describe('many statements', () => {
  test('ten thousand over five thousand findings take no more than seconds', () => {
    const many = Array.from({ length: 5_000 }, (_, i) => pack(`pkg:npm/p${i}@1.0.0`));
    const statements = Array.from({ length: 10_000 }, (_, i) =>
      statement([product(`pkg:npm/p${i % 5_000}`), product('pkg:oci/other', `pkg:npm/p${i}`)], {
        vulnerabilities: [`CVE-2024-${i % 100}`],
      }),
    );
    const findings = many.map((found, i) => finding(found, { id: `CVE-2024-${i % 100}`, aliases: [], advisories: [] }));
    const start = process.cpuUsage();
    const { vex, findings: answered } = applyVex(findings, many, image, [given('vex', statements)]);
    const took = secondsSince(start);
    expect([vex[0]?.applied, answered.filter((one) => one.answered).length]).toEqual([10_000, 5_000]);
    expect(took).toBeLessThan(4);
  });

  test('all of them about one flaw', () => {
    const many = Array.from({ length: 2_000 }, (_, i) => pack(`pkg:npm/p${i}@1.0.0`));
    const statements = Array.from({ length: 2_000 }, (_, i) => statement([product(`pkg:npm/p${i}@2.0.0`)]));
    const start = process.cpuUsage();
    const { vex } = applyVex(
      many.map((found) => finding(found)),
      many,
      image,
      [given('vex', statements)],
    );
    expect(vex[0]?.applied).toBe(0);
    expect(secondsSince(start)).toBeLessThan(4);
  });
});
