import { describe, expect, test } from 'vitest';
import { explainPlaced } from '../../src/pipeline/explain/explain-placed.ts';
import { defaultPolicy } from '../../src/policy/policy.ts';
import { explainJson } from '../../src/report/explain/json.ts';
import { explainTable } from '../../src/report/explain/table.ts';
import { evidence, placedByOthers, placedSecret, placedSetting } from '../report/samples.ts';
import { sluiceCheck } from '../report/schemas.ts';

const check = sluiceCheck('sluice-explain-v1');
const judging = { now: new Date('2026-01-31T12:00:00Z') };
const answered = { by: 'owner', because: 'openssl ships it to everybody' } as const;
const also = [{ in: 'file', path: '/srv/.env', line: 1, layer: 1, removedIn: 1 }] as const;
const given = evidence({
  looked: ['packages', 'secrets', 'configuration'],
  placed: [
    placedByOthers(),
    placedSetting(),
    placedSecret({
      also,
      secret: { shown: 'ghp_…(40)', score: 95, notes: ['its checksum holds'], expires: '2027-01-01T00:00:00Z' },
    }),
    placedSecret({ fingerprint: '99', package: 'pkg:npm/lodash@4.17.4', answered }),
  ],
});

function explain(asked: string, of = given) {
  const told = explainPlaced(asked, of, defaultPolicy, judging);
  if (told) expect(check(JSON.parse(explainJson(told)))).toEqual([]);
  return told;
}

describe('what goes by a name and was found in places', () => {
  test.each([
    ['the rule', 'secret/github-token', ['0123456789abcdef0123456789abcdef', '99']],
    ['the rule in another case', 'SECRET/GitHub-Token', ['0123456789abcdef0123456789abcdef', '99']],
    ['another name of it', 'cis-di-0001', ['fedcba9876543210fedcba9876543210']],
    ['a fingerprint', '0123456789ABCDEF0123456789abcdef', ['0123456789abcdef0123456789abcdef']],
    ["another tool's rule", 'B105', ['00ff']],
    ['what gitleaks calls it', '/app/.env:github-token:2', ['99']],
  ])('by %s', (_, asked, fingerprints) => {
    expect(explain(asked)?.placed?.map(({ finding }) => finding.fingerprint)).toEqual(fingerprints);
  });

  test('a name that may be a flaw goes on to the flaws; one of a rule does not', () => {
    expect(explain('CVE-2026-1')).toBeUndefined();
    expect(explain('secret/other')).toMatchObject({
      outcome: 'no-record',
      says: 'nothing here goes by secret/other',
      placed: [],
    });
    expect(explain('secret/other', evidence({ looked: ['packages'] }))?.says).toBe(
      'nothing here goes by secret/other; secrets and configuration were not looked for',
    );
  });

  test('is told with what the gate makes of each', () => {
    const gates = (asked: string) => explain(asked)?.placed?.map(({ gate }) => gate);
    expect(gates('secret/github-token')).toEqual([
      {
        counts: true,
        decision: 'stop',
        rule: 'secret/found',
        because: 'Secrets: GitHub token (/app/.env:2)',
      },
      { counts: false, decision: 'pass', because: 'openssl ships it to everybody' },
    ]);
    expect(gates('DS-0002')?.[0]).toMatchObject({ decision: 'warn', rule: 'misconfiguration/below' });
    expect(gates('B105')).toEqual([{ counts: true, decision: 'pass', because: 'no rule of the policy speaks of it' }]);
  });

  test('what is all answered is told as such', () => {
    const of = evidence({ placed: [placedSecret({ answered })] });
    expect(explain('secret/github-token', of)).toMatchObject({
      outcome: 'answered',
      says: 'found in one place, all of it answered',
    });
  });

  test('for people', () => {
    const told = explain('secret/github-token');
    const text = told && explainTable(told, { name: 'shop.tar', colour: false, width: 100 });
    expect(`\n${text}`).toMatchInlineSnapshot(`
      "
      secret/github-token in shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Alpine Linux v3.18

      high  GitHub token [secret/github-token]
        Found       a GitHub token
        Where       /app/.env:2 · layer 1
                    /srv/.env:1 · layer 1 · layer 1 removes it, the image still holds it
        Secret      ghp_…(40)
                    95 of 100 sure that it is one in use
                    its checksum holds
                    it ends on 2027-01-01
        Why         Whoever has it can act in the name of its owner.
        Fix         Revoke it, and give the new one to the build as a secret mount.
        Also        github-pat
        Serves      NIST SP 800-190 4.1.4
        Links       https://docs.example.com/tokens
        Known as    0123456789abcdef0123456789abcdef
        Gate        stop by the rule secret/found: Secrets: GitHub token (/app/.env:2)

      high  GitHub token [secret/github-token]
        Found       a GitHub token
        Where       /app/.env:2 · layer 1
        Secret      ghp_…(40)
                    95 of 100 sure that it is one in use
                    its checksum holds
        Why         Whoever has it can act in the name of its owner.
        Fix         Revoke it, and give the new one to the build as a secret mount.
        Also        github-pat
        Serves      NIST SP 800-190 4.1.4
        Links       https://docs.example.com/tokens
        Package     pkg:npm/lodash@4.17.4
        Known as    99
        Answered    openssl ships it to everybody
        Gate        it does not count

      FOUND  found in 3 places; 1 of 2 answered
      "
    `);
  });
});
