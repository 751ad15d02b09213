import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../src/model/verdict.ts';
import { defaultPolicy } from '../../src/policy/policy.ts';
import { type EventRun, eventLine, failureEvent, verdictEvent } from '../../src/report/verdict-event.ts';
import { arbitraryEvidence } from './arbitrary-evidence.ts';
import { evidence, known, shop, shopVerdict } from './samples.ts';
import { sluiceCheck } from './schemas.ts';

const check = sluiceCheck('sluice-event-v1');
const run: EventRun = {
  time: new Date('2026-01-04T05:06:07.008Z'),
  version: '1.2.3',
  command: 'scan',
  durationMs: 12.6,
  name: 'shop.tar',
  ci: { platform: 'github', run: '7', branch: 'main' },
  traceId: '0af7651916cd43dd8448eb211c80319c',
};

function parsed(event: object): unknown {
  const line = eventLine(event);
  expect(line.indexOf('\n')).toBe(line.length - 1);
  return JSON.parse(line);
}

describe('the event of a verdict', () => {
  test('tells what was judged, by what, and why', () => {
    const event = parsed(verdictEvent(shop, shopVerdict, 2, run, { policy: defaultPolicy }));
    expect(check(event)).toEqual([]);
    expect(event).toEqual({
      schema: 'sluice-event/v1',
      time: '2026-01-04T05:06:07.008Z',
      class: 'policy',
      verdict: 'stop',
      exitCode: 2,
      command: 'scan',
      sluice: '1.2.3',
      target: {
        name: 'shop.tar',
        kind: 'image',
        digest: shop.target.digest,
        id: shop.target.id,
        platform: 'linux/amd64',
      },
      policy: { name: 'default', digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
      counts: {
        ...{ critical: 1, high: 2, medium: 1, low: 0, negligible: 0, unknown: 1, vulnerabilities: 5 },
        ...{ exploited: 0, fixable: 4, secrets: 0, settings: 0, external: 0, answered: 0, packages: 4, problems: 2 },
      },
      reasons: [
        { rule: 'vulnerability/severity', decision: 'stop', findings: 0 },
        { rule: 'rpm/row-damaged', decision: 'undecided', findings: 0 },
        { rule: 'data/age', decision: 'warn', findings: 0 },
      ],
      durationMs: 13,
      ci: { platform: 'github', run: '7', branch: 'main' },
      traceId: '0af7651916cd43dd8448eb211c80319c',
    });
  });

  test.each([
    ['pass', 'pass', 0],
    ['warn', 'pass', 0],
    ['stop', 'policy', 2],
    ['undecided', 'undecided', 3],
  ] as const)('of %s is of the class %s', (decision, expected, code) => {
    const event = parsed(verdictEvent(evidence({}), { decision, reasons: [] }, code, { ...run, ci: undefined }));
    expect(check(event)).toEqual([]);
    expect(event).toMatchObject({ class: expected, verdict: decision, exitCode: code });
    expect(event).not.toHaveProperty('ci');
  });

  test('names at most 50 reasons, with the baseline and the policy that were given', () => {
    const reasons = Array.from({ length: 60 }, () => ({
      rule: 'shop/x',
      decision: 'warn' as const,
      message: '',
      total: 7,
    }));
    const findings = { 'introduced-known': 1, 'introduced-since': 0, 'inherited-known': 2, 'inherited-since': 3 };
    const verdict: Verdict = {
      decision: 'warn',
      reasons,
      policy: { name: 'shop', digest: 'sha256:1', mapping: 'production', rules: 3 },
      baseline: { digest: 'sha256:2', since: '2026-01-01T00:00:00Z', findings },
    };
    const event = parsed(verdictEvent(known, verdict, 0, run)) as { reasons: unknown[] };
    expect(check(event)).toEqual([]);
    expect(event.reasons).toEqual(Array(50).fill({ rule: 'shop/x', decision: 'warn', findings: 7 }));
    expect(event).toMatchObject({
      policy: { name: 'shop', digest: 'sha256:1', mapping: 'production' },
      baseline: { digest: 'sha256:2', since: '2026-01-01T00:00:00Z', findings },
    });
  });

  test('is one line that fits its schema whatever an image and an environment hold', () => {
    const decision = fc.constantFrom('pass', 'warn', 'stop', 'undecided' as const);
    const words = fc.string({ unit: 'binary', maxLength: 20 });
    fc.assert(
      fc.property(arbitraryEvidence, decision, words, words, (found, said, name, branch) => {
        const ci = { platform: 'gitlab', branch };
        const event = parsed(verdictEvent(found, { decision: said, reasons: [] }, 0, { ...run, name, ci }));
        expect(check(event)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the event of a failure', () => {
  test('is a defect, and shows no secret', () => {
    const token = `ghp_${'a'.repeat(36)}`;
    const event = parsed(
      failureEvent(
        { code: 'registry/denied', message: `cannot pull with ${token}\n\u001b[31m`, hint: 'log in' },
        { ...run, name: undefined, ci: undefined, traceId: undefined },
      ),
    );
    expect(check(event)).toEqual([]);
    expect(event).toEqual({
      schema: 'sluice-event/v1',
      time: '2026-01-04T05:06:07.008Z',
      class: 'defect',
      verdict: null,
      exitCode: 1,
      command: 'scan',
      sluice: '1.2.3',
      error: { code: 'registry/denied', message: 'cannot pull with ***\n\u001b[31m', hint: 'log in' },
      durationMs: 13,
    });
  });

  test('is short however long the message is', () => {
    const line = eventLine(failureEvent({ code: 'a/b', message: 'x'.repeat(100_000) }, run));
    expect(line.length).toBeLessThan(2000);
  });
});

test('the schema refuses what is no event', () => {
  const good = parsed(verdictEvent(shop, shopVerdict, 2, run)) as Record<string, unknown>;
  for (const bad of [
    { ...good, class: 'stop' },
    { ...good, class: 'defect' },
    { ...good, error: { code: 'a/b', message: '' } },
    { ...good, more: 1 },
    { ...good, counts: undefined },
  ]) {
    expect(check(JSON.parse(JSON.stringify(bad)))).not.toEqual([]);
  }
});
