import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Imported, readSarif } from '../../../src/detect/sarif/read.ts';
import { SluiceError } from '../../../src/util/error.ts';

const rule = {
  id: 'js/sql-injection',
  name: 'SqlInjection',
  shortDescription: { text: 'Database query built from user input' },
  fullDescription: { text: 'Building a query from user input\nlets the user change it.' },
  helpUri: 'https://example.com/rules/sql-injection',
  defaultConfiguration: { level: 'error' },
  messageStrings: { flow: { text: 'This query depends on {0} and on {1}.' } },
  properties: { 'security-severity': '8.8', tags: ['security', 'external/cwe/cwe-089', 'external/cwe/cwe-020'] },
};

const at = (uri: string, startLine = 12) => ({
  physicalLocation: {
    artifactLocation: { uri },
    region: { startLine, startColumn: 5, endLine: startLine, endColumn: 20 },
  },
});

const result = {
  ruleId: 'js/sql-injection',
  ruleIndex: 0,
  message: { id: 'flow', arguments: ['req.query', 'a {0} text'] },
  locations: [at('./src/a%20b.js'), at('src/c.js', 3)],
};

function log(results: readonly unknown[], more: object = {}): object {
  const driver = { name: 'Prober', version: '1.2', semanticVersion: '1.2.3', rules: [rule, { id: 'plain' }], ...more };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, results }],
  };
}

function read(value: unknown): Imported {
  return readSarif(Buffer.from(JSON.stringify(value)), 'results.sarif');
}

describe('a result', () => {
  test('is a finding with all that its rule says', () => {
    const { findings, problems } = read(log([result]));
    expect(problems).toEqual([]);
    expect(findings).toEqual([
      {
        kind: 'external',
        id: 'js/sql-injection',
        aliases: [],
        severity: 'high',
        title: 'Database query built from user input',
        message: 'This query depends on req.query and on a {0} text.',
        why: 'Building a query from user input lets the user change it.',
        fix: 'Do what Prober 1.2.3 advises for js/sql-injection.',
        links: ['https://example.com/rules/sql-injection'],
        controls: ['CWE-20', 'CWE-89'],
        place: { in: 'file', path: 'src/a b.js', line: 12, column: 5, endLine: 12, endColumn: 20 },
        also: [{ in: 'file', path: 'src/c.js', line: 3, column: 5, endLine: 3, endColumn: 20 }],
        fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
        tool: 'Prober 1.2.3',
      },
    ]);
  });

  test('is understood with rules that stand behind it, in another order and with a byte order mark', () => {
    const { version, runs } = log([result]) as { version: string; runs: [{ tool: object; results: object[] }] };
    const turned = { runs: [{ results: runs[0].results, tool: runs[0].tool }], version };
    const bytes = Buffer.from(`\ufeff${JSON.stringify(turned, null, 2)}`);
    expect(readSarif(bytes, 'results.sarif')).toEqual(read(log([result])));
  });

  test.each([
    ['a score of its own', { properties: { 'security-severity': '9.1' } }, 'critical'],
    ['the score of its rule', {}, 'high'],
    ['a low score', { properties: { 'security-severity': 0.5 } }, 'low'],
    ['a rule without score', { ruleId: 'plain', ruleIndex: 1 }, 'medium'],
    ['a level', { ruleId: 'plain', ruleIndex: 1, level: 'error' }, 'high'],
    ['a note', { ruleId: 'plain', ruleIndex: 1, level: 'note' }, 'low'],
    ['no level', { ruleId: 'plain', ruleIndex: 1, level: 'none' }, 'negligible'],
    ['information', { ruleId: 'plain', ruleIndex: 1, kind: 'informational', level: 'error' }, 'negligible'],
  ])('has the severity of %s', (_, more, severity) => {
    expect(read(log([{ ...result, ...more }])).findings.map((one) => one.severity)).toEqual([severity]);
  });

  test.each([
    ['passed', { kind: 'pass' }],
    ['is not applicable', { kind: 'notApplicable' }],
    ['is gone', { baselineState: 'absent' }],
    ['is suppressed', { suppressions: [{ kind: 'inSource' }] }],
    ['names no rule', { ruleId: undefined, ruleIndex: undefined }],
  ])('that %s is no finding', (_, more) => {
    expect(read(log([{ ...result, ...more }])).findings).toEqual([]);
  });

  test('that somebody only wants to suppress counts', () => {
    const suppressions = [{ kind: 'external', status: 'underReview' }];
    expect(read(log([{ ...result, suppressions }])).findings).toHaveLength(1);
  });

  test('of a part of a rule has the rule, and its own name', () => {
    const [found] = read(log([{ ...result, ruleId: 'js/sql-injection/raw' }])).findings;
    expect([found?.id, found?.title]).toEqual(['js/sql-injection/raw', 'Database query built from user input']);
  });

  test('in no file is in what it names', () => {
    const locations = [{ logicalLocations: [{ fullyQualifiedName: 'shop.Orders.total' }] }];
    const [named, nowhere] = [
      { ...result, locations },
      { ...result, locations: [] },
    ].map((one) => read(log([one])));
    expect(named?.findings[0]?.place).toEqual({ in: 'configuration', name: 'shop.Orders.total' });
    expect(nowhere?.findings[0]?.place).toEqual({ in: 'configuration', name: 'js/sql-injection' });
  });

  test('can steer no terminal and give no link that runs something', () => {
    const hostile = { id: 'a\u001b[31mb', shortDescription: { text: 'x\u202ey\n z' }, helpUri: 'javascript:alert(1)' };
    const [found] = read(log([{ ...result, ruleId: hostile.id, ruleIndex: 0 }], { rules: [hostile] })).findings;
    expect(found).toMatchObject({ id: 'a [31mb', title: 'x y z', links: [] });
  });
});

describe('a fingerprint', () => {
  const prints = (one: object, two: object): readonly string[] =>
    [one, two].map((more) => read(log([{ ...result, ...more }])).findings[0]?.fingerprint ?? '');

  test("stays where the line moves, also without the tool's own", () => {
    const [here, moved] = prints({}, { locations: [at('src/a b.js', 90)] });
    expect(here).toBe(moved);
  });

  test("is the tool's own where it has one, and another for another path", () => {
    const own = { partialFingerprints: { primaryLocationLineHash: 'abc:1' } };
    const [first, reworded] = prints(own, { ...own, message: { text: 'other words' } });
    expect(first).toBe(reworded);
    const [here, there] = prints(own, { ...own, locations: [at('src/other.js')] });
    expect(here).not.toBe(there);
  });

  test('is another one for each of several that are alike', () => {
    const { findings } = read(log([result, result, result]));
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(3);
  });
});

describe('a file', () => {
  function failure(text: string): string {
    try {
      readSarif(Buffer.from(text), 'x.sarif');
    } catch (thrown) {
      if (thrown instanceof SluiceError) return `${thrown.code}: ${thrown.message}`;
    }
    return '';
  }

  test('of another version, of none, or of no JSON is refused', () => {
    expect(failure('{"version":"2.0.0","runs":[]}')).toBe('sarif/version: x.sarif is SARIF 2.0.0');
    expect(failure('{"runs":[]}')).toBe('sarif/version: x.sarif says no version of SARIF');
    expect(failure('[]')).toBe('sarif/version: x.sarif says no version of SARIF');
    expect(failure('{"version":"2.1.0","runs":[{]}')).toBe(
      'sarif/malformed: x.sarif is no SARIF: it is no JSON at byte 28',
    );
    expect(failure('')).toBe('sarif/malformed: x.sarif is no SARIF: it is no JSON at byte 0');
    expect(failure(`{"version":"2.1.0","runs":${'['.repeat(5000)}`)).toContain('sarif/malformed');
  });

  test('with a huge message leaves that one out and says so, and does not mind a huge flow', () => {
    const flows = { ...result, codeFlows: ['x'.repeat(1 << 20)] };
    const huge = { ...result, message: { text: 'x'.repeat(1 << 20) } };
    const { findings, problems } = read(log([huge, flows, result]));
    expect(findings).toHaveLength(2);
    expect(problems).toEqual([
      {
        code: 'sarif/too-large',
        message: 'results.sarif: 1 result with a part of more than 1 MiB left out',
        blinding: false,
      },
    ]);
  });

  test('of many results has the first fifty thousand', () => {
    const small = '{"ruleId":"plain","message":{"text":"m"}}';
    const many = `${`${small},`.repeat(50_001)}${small}`;
    const text = `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"P"}},"results":[${many}]}]}`;
    const { findings, problems } = readSarif(Buffer.from(text), 'big.sarif');
    expect(findings).toHaveLength(50_000);
    expect(problems).toEqual([
      { code: 'sarif/too-many', message: 'big.sarif: 2 results behind the first 50,000 left out', blinding: false },
    ]);
  });

  test('of 40 MB of what nobody needs is passed over in time', () => {
    const filler = JSON.stringify({ text: 'a "quoted" \\ text, [with] {signs}'.repeat(200) });
    const text = `{"version":"2.1.0","runs":[{"artifacts":[${`${filler},`.repeat(5500)}{}],"tool":{"driver":{"name":"P"}},"results":[{"ruleId":"plain","message":{"text":"m"}}]}]}`;
    const before = process.cpuUsage();
    expect(readSarif(Buffer.from(text), 'wide.sarif').findings).toHaveLength(1);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
  });

  test('of any bytes is read or refused', () => {
    const good = Buffer.from(JSON.stringify(log([result, { ...result, level: 'note' }])));
    const mutated = fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map((changes) => {
        const bytes = Buffer.from(good);
        for (const [offset, value] of changes) bytes[offset] = value;
        return bytes;
      });
    const anyLog = fc
      .jsonValue({ maxDepth: 5 })
      .map((value) => Buffer.from(JSON.stringify(log([value, { ...result, message: value }]))));
    fc.assert(
      fc.property(fc.oneof(mutated, anyLog, fc.uint8Array({ maxLength: 200 }).map(Buffer.from)), (bytes) => {
        try {
          const { findings } = readSarif(bytes, 'x.sarif');
          for (const { fingerprint, id } of findings)
            expect(id !== '' && /^[0-9a-f]{32}$/.test(fingerprint)).toBe(true);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SluiceError);
        }
      }),
      { numRuns: 400 },
    );
  });
});
