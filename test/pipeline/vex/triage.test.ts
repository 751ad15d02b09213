import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AskedDecision, decisionOf, readTriage } from '../../../src/pipeline/vex/triage.ts';
import { SluiceError } from '../../../src/util/error.ts';

const nothing: AskedDecision = { status: undefined, justification: undefined, impact: undefined, action: undefined };

function decided(asked: Partial<AskedDecision>): unknown {
  try {
    return decisionOf({ ...nothing, ...asked }, (name) => `--${name}`);
  } catch (thrown) {
    const { code, message, hint } = thrown as SluiceError;
    return [code, message, hint];
  }
}

function refused(value: unknown): unknown {
  try {
    return readTriage(value);
  } catch (thrown) {
    const { code, message, hint } = thrown as SluiceError;
    return [code, message, hint];
  }
}

const all =
  'component_not_present, vulnerable_code_not_present, vulnerable_code_not_in_execute_path, ' +
  'vulnerable_code_cannot_be_controlled_by_adversary, inline_mitigations_already_exist';

describe('a decision', () => {
  test('that has what OpenVEX wants of it is taken', () => {
    expect(decided({ status: 'fixed' })).toEqual({ status: 'fixed' });
    expect(decided({ status: 'under_investigation' })).toEqual({ status: 'under_investigation' });
    expect(decided({ status: 'affected', action: 'update' })).toEqual({ status: 'affected', action: 'update' });
    expect(decided({ status: 'not_affected', impact: 'because' })).toEqual({
      status: 'not_affected',
      impact: 'because',
    });
    expect(decided({ status: 'not_affected', justification: 'component_not_present', impact: 'because' })).toEqual({
      status: 'not_affected',
      justification: 'component_not_present',
      impact: 'because',
    });
  });

  test('that lacks something is refused with what it lacks', () => {
    const needs = 'not_affected needs to say why: --justification or --impact';
    expect(decided({ status: 'not_affected' })).toEqual(['vex/justification', needs, `the justifications are ${all}`]);
    const action = 'affected needs to say what to do about it: --action';
    expect(decided({ status: 'affected' })).toEqual(['vex/action', action, undefined]);
    const statuses = 'there are not_affected, affected, fixed, under_investigation';
    expect(decided({})).toEqual(['vex/status', 'there is no --status', statuses]);
    const close = `did you mean not_affected? ${statuses}`;
    expect(decided({ status: 'not-affected' })).toEqual(['vex/status', 'there is no status not-affected', close]);
  });

  test('names the nearest justification', () => {
    const hint = (justification: string) => (decided({ status: 'not_affected', justification }) as string[])[2];
    expect(hint('component-not-presnt')).toBe(`did you mean component_not_present? there are ${all}`);
    expect(hint('code_not_present')).toBe(`did you mean vulnerable_code_not_present? there are ${all}`);
    const reach = 'vulnerable_code_not_in_execute_path';
    expect(hint('code_not_reachable')).toBe(`did you mean ${reach}? there are ${all}`);
    expect(hint('because')).toBe(`there are ${all}`);
  });

  test('does not take what its status leaves without a meaning', () => {
    const justified = decided({ status: 'fixed', justification: 'component_not_present' });
    const why = "--justification says why a product is not_affected: it can't stand with fixed";
    expect(justified).toEqual(['vex/justification', why, undefined]);
    const acted = decided({ status: 'fixed', action: 'update' });
    expect(acted).toEqual([
      'vex/action',
      "--action says what to do about affected: it can't stand with fixed",
      undefined,
    ]);
  });
});

describe('a triage file', () => {
  test('has an entry a decision', () => {
    expect(
      readTriage([
        { id: 'CVE-1', status: 'not_affected', justification: 'component_not_present' },
        { id: 'CVE-2', package: 'pkg:npm/a', status: 'affected', action: 'update' },
        { id: 'CVE-3', package: ['pkg:npm/a', 'pkg:npm/b'], status: 'fixed' },
      ]),
    ).toEqual([
      { id: 'CVE-1', packages: [], status: 'not_affected', justification: 'component_not_present' },
      { id: 'CVE-2', packages: ['pkg:npm/a'], status: 'affected', action: 'update' },
      { id: 'CVE-3', packages: ['pkg:npm/a', 'pkg:npm/b'], status: 'fixed' },
    ]);
  });

  test('that is wrong is refused with the number of the entry', () => {
    const good = { id: 'CVE-1', status: 'fixed' };
    expect(refused([good, { ...good, justfication: 'x' }])).toEqual([
      'triage/unknown-key',
      'entry 2: there is no key justfication',
      'did you mean justification?',
    ]);
    expect((refused([good, { id: 'CVE-1', status: 'affected' }]) as string[]).slice(0, 2)).toEqual([
      'vex/action',
      'entry 2: affected needs to say what to do about it: action',
    ]);
    expect((refused([{ status: 'fixed' }]) as string[])[1]).toBe('entry 1: it names no flaw: id is missing');
    expect((refused([{ ...good, id: 5 }]) as string[])[1]).toBe('entry 1: id is not a text, or an empty one');
    expect((refused([{ ...good, package: [' '] }]) as string[])[1]).toBe(
      'entry 1: package is not a text, or an empty one',
    );
    expect((refused([{ ...good, impact: 'x'.repeat(10_001) }]) as string[])[1]).toBe(
      'entry 1: impact is longer than 10000 characters',
    );
    expect((refused(['CVE-1']) as string[])[1]).toBe('entry 1: it is not an object');
    expect((refused([]) as string[])[0]).toBe('triage/empty');
    expect((refused({}) as string[])[0]).toBe('triage/malformed');
    expect((refused(Array(10_001).fill(good)) as string[])[0]).toBe('triage/too-many');
    expect((refused(JSON.parse('[{"id":"CVE-1","status":"fixed","__proto__":{}}]')) as string[])[1]).toBe(
      'entry 1: there is no key __proto__',
    );
  });

  test('of any other shape is an error that we foresaw', () => {
    const entry = fc.record(
      { id: fc.jsonValue(), package: fc.jsonValue(), status: fc.jsonValue(), impact: fc.jsonValue() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.array(entry, { maxLength: 3 })), (value) => {
        try {
          readTriage(value);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SluiceError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
