import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/model/verdict.ts';
import { fleetLine } from '../../src/report/fleet/line.ts';
import { compareRows, type FleetRow, failedRow, fleetExitCode, rowOf } from '../../src/report/fleet/row.ts';
import { fleetTable } from '../../src/report/fleet/table.ts';
import { report as json } from '../../src/report/json.ts';
import { context, shop, shopVerdict, trapImage, trapVerdict } from './samples.ts';

const schemas = ['sluice-v1', 'sluice-fleet-v1'].map((name) => {
  return JSON.parse(readFileSync(resolve(import.meta.dirname, '..', '..', 'schema', `${name}.json`), 'utf8')) as object;
});
const ajv = new Ajv2020({ strict: true, allErrors: true }).addSchema(schemas[0] ?? {});
const valid = ajv.compile(schemas[1] ?? {});

const counts = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0 };

function row(line: number, decision: Decision, given: Partial<FleetRow> = {}): FleetRow {
  return { name: `image-${line}`, line, decision, counts, packages: 10 * line, secrets: 0, reasons: [], ...given };
}

function stops(line: number, critical: number, action: string, given: Partial<FleetRow> = {}): FleetRow {
  const reasons = [
    { rule: 'vulnerability/severity', decision: 'stop', message: `${critical} critical`, action },
  ] as const;
  return row(line, 'stop', { counts: { ...counts, critical }, reasons, ...given });
}

describe('a line of JSON', () => {
  test('holds the whole report of an image, and what the list calls it', () => {
    const report = json.render(shop, shopVerdict, context);
    const line = fleetLine(7, 'example.org/shop:1', { report });
    const value = JSON.parse(line);
    expect(value).toEqual({
      schema: 'sluice-fleet/v1',
      line: 7,
      target: 'example.org/shop:1',
      report: JSON.parse(report),
    });
    expect([valid(value), valid.errors]).toEqual([true, null]);
    expect(line.indexOf('\n')).toBe(line.length - 1);
  });

  test('stays one line, harmless and the same text, whatever an image holds', () => {
    const report = json.render(trapImage, trapVerdict, context);
    const line = fleetLine(1, 'a "b"\u0085 \ud800', { report });
    expect(JSON.parse(line)).toEqual({
      schema: 'sluice-fleet/v1',
      line: 1,
      target: 'a "b"\u0085 \ufffd',
      report: JSON.parse(report),
    });
    expect(line).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e]*\n$/);
    expect(valid(JSON.parse(line))).toBe(true);
  });

  test('says why there is no report', () => {
    const error = { code: 'target/missing', message: 'x.tar does not exist' } as const;
    const line = fleetLine(2, 'x.tar', { error });
    expect(line).toBe(
      '{"schema": "sluice-fleet/v1","line": 2,"target": "x.tar","error": {"code": "target/missing","message": "x.tar does not exist"}}\n',
    );
    const hinted = JSON.parse(fleetLine(2, 'x.tar', { error: { ...error, hint: 'look' } }));
    expect([valid(JSON.parse(line)), valid(hinted), hinted.error.hint]).toEqual([true, true, 'look']);
    expect(valid({ ...hinted, report: JSON.parse(json.render(shop, shopVerdict, context)) })).toBe(false);
    expect(valid({ schema: 'sluice-fleet/v1', line: 2, target: 'x.tar' })).toBe(false);
  });
});

describe('a row', () => {
  test('counts what is judged', () => {
    expect(rowOf('shop', 3, shop, shopVerdict)).toEqual({
      name: 'shop',
      line: 3,
      decision: 'stop',
      counts: { critical: 1, high: 2, medium: 1, low: 0, negligible: 0, unknown: 1 },
      packages: 4,
      secrets: 0,
      reasons: shopVerdict.reasons.filter(({ decision }) => decision === 'stop'),
    });
  });

  test('keeps twenty reasons', () => {
    const reasons = Array.from(
      { length: 500 },
      (_, i) => ({ rule: 'a/b', decision: 'undecided', message: `${i}` }) as const,
    );
    const { reasons: kept } = rowOf('x', 1, shop, { decision: 'undecided', reasons });
    expect(kept).toEqual(reasons.slice(0, 20));
  });

  test('stands before what is less bad, and else where the list has it', () => {
    const failure = { code: 'target/missing', message: 'x' } as const;
    const rows = [
      row(1, 'pass'),
      row(2, 'warn', { counts: { ...counts, medium: 1 } }),
      row(3, 'undecided', { counts: { ...counts, low: 1 } }),
      failedRow('x', 4, failure),
      row(5, 'warn', { counts: { ...counts, medium: 2 } }),
      stops(6, 1, 'a'),
      row(7, 'pass'),
      failedRow('y', 8, failure),
      stops(9, 2, 'a'),
      row(10, 'undecided', { counts: { ...counts, low: 1 } }),
    ];
    const order = [...rows].sort(compareRows).map(({ line }) => line);
    expect(order).toEqual([9, 6, 4, 8, 3, 10, 5, 2, 1, 7]);
    expect(
      [...rows]
        .reverse()
        .sort(compareRows)
        .map(({ line }) => line),
    ).toEqual(order);
  });
});

test.each([
  [[], 0],
  [['pass', 'warn'], 0],
  [['pass', 'undecided'], 3],
  [['undecided', 'error', 'pass'], 1],
  [['error', 'stop', 'undecided'], 2],
  [['stop'], 2],
] as const)('the exit code of %j is %i', (decisions, code) => {
  expect(fleetExitCode(decisions.map((decision) => ({ decision })))).toBe(code);
});

describe('the table', () => {
  const totals = { layers: 1234, surveyed: 1000, known: 234, shared: 5 };
  const starter = {
    rule: 'data/starter',
    decision: 'undecided',
    message: 'only the starter set',
    action: 'run: x',
  } as const;
  const rows = [
    row(1, 'pass'),
    stops(2, 1, 'begin with a 1: update to 2'),
    failedRow('gone.tar', 3, { code: 'target/missing', message: 'gone.tar does not exist', hint: 'look' }),
    row(4, 'undecided', { reasons: [starter], counts: { ...counts, high: 12, negligible: 1, unknown: 2 } }),
    ...[5, 6, 7, 8, 9, 10].map((line) => stops(line, line, 'begin with b 1: update to 2')),
    row(11, 'undecided', { reasons: [starter], name: 'evil\u001b[2K\u202e' }),
  ];

  test('has a row an image, worst first, and tells a shared reason once', () => {
    const text = fleetTable(rows, totals, { colour: false, width: 80, cut: false });
    expect(text).toBe(`DECISION   CRITICAL  HIGH  MEDIUM  LOW  OTHER  PACKAGES  IMAGE
stop             10     -       -    -      -       100  image-10
stop              9     -       -    -      -        90  image-9
stop              8     -       -    -      -        80  image-8
stop              7     -       -    -      -        70  image-7
stop              6     -       -    -      -        60  image-6
stop              5     -       -    -      -        50  image-5
stop              1     -       -    -      -        20  image-2
error                                                    gone.tar
undecided         -    12       -    -      3        40  image-4
undecided         -     -       -    -      -       110  evil\\x1b[2K\\u202e
pass              -     -       -    -      -        10  image-1

Why
  stop       begin with b 1: update to 2
             6 images: image-10, image-9, image-8, image-7 and 2 more
  stop       begin with a 1: update to 2
             image-2
  error      gone.tar does not exist [target/missing]
             look
             gone.tar (line 3)
  undecided  only the starter set
             run: x
             2 images: image-4 and evil\\x1b[2K\\u202e

STOP  11 images: 7 stop, 1 could not be read, 2 undecided, 1 pass · 1,234
      layers: 1000 surveyed, 234 known before, 5 in more than one image
`);
  });

  test('cuts names at their front on a terminal, in colour', () => {
    const name = `registry.example.org/${'team/'.repeat(10)}app:1`;
    const layout = { colour: true, width: 90, cut: true };
    const lines = fleetTable([row(1, 'warn', { name })], { layers: 0, surveyed: 0, known: 0, shared: 0 }, layout).split(
      '\n',
    );
    expect(lines[1]).toBe(
      `\u001b[1;33mwarn\u001b[0m     ${['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'OTHER'].map((head) => `  ${' '.repeat(head.length - 1)}\u001b[2m-\u001b[0m`).join('')}        10  \u001b[1m…m/team/team/team/team/team/app:1\u001b[0m`,
    );
    expect(lines.slice(2)).toEqual(['', '\u001b[1;33mWARN\u001b[0m  1 image: 1 warn', '']);
  });

  test('lists twenty reasons of a kind', () => {
    const many = Array.from({ length: 25 }, (_, i) => stops(i + 1, 1, `begin with ${i + 1}`));
    const lines = fleetTable(many, totals, { colour: false, width: 120, cut: false }).split('\n');
    expect(lines.filter((line) => line.startsWith('  stop       begin'))).toHaveLength(20);
    expect(lines).toContain("  stop       and 5 other reasons: each image's report has its own");
  });
});
