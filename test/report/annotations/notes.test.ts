import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import type { PlacedFinding } from '../../../src/model/placed-finding.ts';
import type { Verdict } from '../../../src/model/verdict.ts';
import { findingNotes } from '../../../src/report/annotations/notes.ts';
import { arbitraryEvidence } from '../arbitrary-evidence.ts';
import { evidence, finding, pack, shop } from '../samples.ts';

const [musl, , , lodash] = shop.packages;

function speaking(decision: 'stop' | 'warn', found: readonly Finding[], placed: readonly PlacedFinding[] = []) {
  const subjects = [
    ...found.map(({ id, package: purl }) => ({ id, package: purl })),
    ...placed.map(({ id, fingerprint }) => ({ id, fingerprint })),
  ];
  return { rule: 'vulnerability/severity', decision, message: 'bad ones', subjects } as const;
}

const token: PlacedFinding = {
  kind: 'secret',
  id: 'secret/github-token',
  aliases: [],
  severity: 'critical',
  title: 'GitHub token',
  message: 'GitHub token',
  why: 'Whoever reads it can pose as its owner.',
  fix: 'Revoke it.',
  links: [],
  controls: [],
  place: { in: 'file', path: '/app/.env', line: 2, layer: 1, cause: { path: 'Dockerfile', line: 7 } },
  also: [{ in: 'environment', name: 'TOKEN' }],
  fingerprint: 'ab12',
  secret: { shown: 'ghp_…(40)', score: 99, notes: [], value: 'the-secret-itself' },
};

describe('notes', () => {
  test('are the verdict, then a package or place each, what stops before what warns', () => {
    const [worst, high] = shop.findings;
    const image = { ...shop, placed: [token] };
    const verdict: Verdict = {
      decision: 'stop',
      reasons: [
        speaking(
          'warn',
          shop.findings.filter(({ severity }) => severity === 'medium'),
        ),
        speaking('stop', [high as Finding], [token]),
        { rule: 'data/age', decision: 'undecided', message: 'the data is old', action: 'run: sluice db update' },
      ],
    };
    expect(worst?.name).toBe('lodash');
    expect(findingNotes(image, verdict)).toEqual([
      { level: 'error', title: 'sluice: stop', message: expect.stringContaining('1 critical, 2 high, 1 medium') },
      { level: 'error', title: 'sluice: undecided', message: 'the data is old (run: sluice db update)' },
      {
        level: 'error',
        title: 'GitHub token [secret/github-token]',
        message: 'GitHub token (ghp_…(40)). At /app/.env:2 · layer 1 · Dockerfile:7 and in 1 more place. Revoke it.',
        file: 'Dockerfile',
        line: 7,
      },
      {
        level: 'error',
        title: 'musl, musl-utils 1.2.3-r3: 1 high',
        message: 'CVE-2025-26519 (Out-of-bounds write). In layer 0. Update to 1.2.3-r4: fixes it.',
      },
      {
        level: 'warning',
        title: 'lodash 4.17.4: 1 critical, 1 medium and 1 unknown',
        message: 'CVE-2019-10744, CVE-2021-23337, NSWG-ECO-1 (A flaw). In layer 1. Update to 4.17.21: fixes 2 of 3.',
      },
    ]);
  });

  test('of a package point to the line of the Dockerfile that brought it', () => {
    const found = finding(musl!, { id: 'CVE-1', severity: 'high' });
    const history = [
      { name: 'FROM', text: 'FROM x', layer: 0, from: 'base' as const, line: 1 },
      { name: 'RUN', text: 'RUN npm ci', layer: 1, from: 'own' as const, line: 4 },
    ];
    const image = evidence({ packages: [musl!], findings: [found], image: { history } as never });
    const verdict: Verdict = { decision: 'stop', reasons: [speaking('stop', [found])] };
    expect(findingNotes(image, verdict, './docker/Dockerfile')[1]).toMatchObject({
      file: 'docker/Dockerfile',
      line: 1,
    });
    expect(findingNotes(image, verdict, '../Dockerfile')[1]?.file).toBeUndefined();
  });

  test('of a source tree stand at its files, and lead nowhere else', () => {
    const own = pack({ ...lodash!, paths: ['web/package-lock.json'], presence: 'declared' });
    const out = pack({ name: 'out', version: '1', paths: ['../../etc/passwd'], presence: 'declared' });
    const findings = [own, out].map((one) => finding(one, { id: 'CVE-1', severity: 'high' }));
    const tree = evidence({
      target: { kind: 'source', layers: [] },
      judged: ['declared'],
      packages: [own, out],
      findings,
    });
    const notes = findingNotes(tree, { decision: 'stop', reasons: [speaking('stop', findings)] });
    expect(
      notes
        .slice(1)
        .map(({ file }) => file)
        .sort(),
    ).toEqual(['web/package-lock.json', undefined]);
  });

  test('there are none of a pass, and at most 50 beside the verdict', () => {
    expect(findingNotes(shop, { decision: 'pass', reasons: [] })).toEqual([]);
    const packages = Array.from({ length: 80 }, (_, i) => pack({ name: `p${i}`, version: '1' }));
    const findings = packages.map((one) => finding(one, { id: 'CVE-1', severity: 'high' }));
    const notes = findingNotes(evidence({ packages, findings }), {
      decision: 'stop',
      reasons: [speaking('stop', findings)],
    });
    expect(notes.length).toBe(51);
  });

  test('show no secret and point to no place outside, whatever an image holds', () => {
    fc.assert(
      fc.property(arbitraryEvidence, (found) => {
        const verdict: Verdict = { decision: 'stop', reasons: [speaking('stop', found.findings, found.placed)] };
        for (const { file = 'x', message } of findingNotes(found, verdict, 'Dockerfile')) {
          expect(file.startsWith('/') || file.split('/').includes('..')).toBe(false);
          for (const { secret } of found.placed ?? [])
            if ((secret?.value?.length ?? 0) > 6) expect(message).not.toContain(secret?.value);
        }
      }),
      { numRuns: 60 },
    );
  });
});
