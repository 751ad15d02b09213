import { describe, expect, test } from 'vitest';
import type { PlacedFinding } from '../../src/model/placed-finding.ts';
import { rowOf } from '../../src/report/fleet/row.ts';
import { fleetTable } from '../../src/report/fleet/table.ts';
import { report as sarif } from '../../src/report/sarif.ts';
import { report as table } from '../../src/report/table.ts';
import { placeText } from '../../src/report/text-place.ts';
import { context, evidence, hostile } from './samples.ts';
import { sarifCheck } from './schemas.ts';

/** A finding in a place, with what is given. */
function placed(given: Partial<PlacedFinding> & Pick<PlacedFinding, 'id' | 'place'>): PlacedFinding {
  return {
    kind: 'misconfiguration',
    aliases: [],
    severity: 'medium',
    title: 'Runs as root',
    message: 'the image names no user',
    why: 'A process that leaves its container as root is root on the host as well.',
    fix: 'End the Dockerfile with a USER line.',
    links: [],
    controls: [],
    fingerprint: '0'.repeat(32),
    ...given,
  };
}

const token = placed({
  kind: 'secret',
  id: 'secret/github-token',
  severity: 'critical',
  title: 'GitHub token',
  message: 'a GitHub token',
  why: 'Whoever has it can push.',
  fix: 'Revoke it, and mount a new one when it is needed.',
  place: {
    in: 'file',
    path: '/app/.env',
    line: 2,
    column: 7,
    endLine: 2,
    endColumn: 47,
    layer: 0,
    removedIn: 1,
    from: 'own',
  },
  also: [{ in: 'history', step: 4, layer: 1 }],
  fingerprint: 'a'.repeat(32),
  secret: { shown: 'ghp_…(40)', score: 95, notes: ['its checksum holds'], expires: '2027-01-31T00:00:00Z' },
});

const root = placed({
  id: 'image/runs-as-root',
  aliases: ['CIS-DI-0001'],
  links: ['http://example.org/not-safe', 'https://example.org/root'],
  controls: ['CIS Docker 1.6.0 4.1'],
  place: { in: 'configuration', name: 'User', cause: { path: 'Dockerfile', line: 12 } },
});

const other = placed({
  kind: 'external',
  id: 'X1',
  tool: 'lint 1.0',
  severity: 'low',
  title: 'Style',
  why: '',
  fix: '',
  message: 'too long',
  place: { in: 'file', path: '/app/a.js', line: 3 },
});

const own = placed({
  id: 'image/setuid',
  severity: 'high',
  place: { in: 'file', path: '/usr/bin/su', layer: 0 },
  answered: { by: 'owner', because: 'it is shipped so' },
});

const looked = ['packages', 'secrets', 'configuration', 'licences'] as const;
const found = evidence({ placed: [token, root, other, own], looked, sources: [] });
const verdict = { decision: 'stop', reasons: [] } as const;

test('places in words', () => {
  const { target } = found;
  const words = [
    { in: 'environment', name: 'DB_PASSWORD' },
    { in: 'label', name: 'build' },
    { in: 'annotation', name: 'build' },
    { in: 'configuration' },
    { in: 'configuration', name: 'ExposedPorts 22/tcp' },
    { in: 'history' },
    { in: 'commit', path: 'a.js', line: 3, commit: '0123456789abcdef0123' },
    { in: 'dockerfile', path: 'Dockerfile', line: 4 },
    { in: 'package', name: 'openssh' },
    { in: 'file', path: '/x', layer: 0, from: 'base' },
  ] as const;
  expect(words.map((place) => placeText(place, target))).toEqual([
    'ENV DB_PASSWORD',
    'label build',
    'annotation build',
    'configuration',
    'configuration ExposedPorts 22/tcp',
    'history',
    'a.js:3 · commit 0123456789ab',
    'Dockerfile:4',
    'openssh',
    '/x · base layer 0',
  ]);
  // With one layer there is nothing to tell apart.
  expect(placeText({ in: 'file', path: '/x', layer: 0 }, { layers: target.layers.slice(1) })).toBe('/x');
});

describe('the table', () => {
  test('tells findings by rule, with places, why and fix, and counts what counts', () => {
    const text = table.render(found, verdict, { ...context, width: 100 });
    expect(text).toBe(`shop.tar · sha256:aaaaaaaaaaaa · linux/amd64 · Alpine Linux v3.18

Secrets
  critical  GitHub token [secret/github-token]
            /app/.env:2 · layer 0 · layer 1 removes it, the image still holds it  ghp_…(40), its
              checksum holds, ends 2027-01-31
            history step 4 · layer 1  ghp_…(40), its checksum holds, ends 2027-01-31
            why  Whoever has it can push.
            fix  Revoke it, and mount a new one when it is needed.

Configuration
  medium    Runs as root [image/runs-as-root]
            configuration User · Dockerfile:12  the image names no user
            why  A process that leaves its container as root is root on the host as well.
            fix  End the Dockerfile with a USER line.
  1 does not count: it is shipped so (1)

Other tools
  low       Style [X1, lint 1.0]
            /app/a.js:3  too long

STOP  no known vulnerabilities in 0 packages (2 layers) · 1 secret · 1 bad setting · 1 finding of other tools
`);
  });

  test('names six places of a rule, and counts the others', () => {
    const many = Array.from({ length: 8 }, (_, i) => placed({ id: 'x/y', place: { in: 'file', path: `/f${i}` } }));
    const lines = table.render(evidence({ placed: many }), verdict, context).split('\n');
    expect(lines.filter((line) => line.includes('/f'))).toHaveLength(6);
    expect(lines).toContain('            and 2 more places: -o json shows all');
  });

  test('of what was not looked into for packages says nothing of packages', () => {
    const only = (given: readonly PlacedFinding[]) =>
      table
        .render(evidence({ placed: given, looked: ['secrets'] }), verdict, context)
        .trimEnd()
        .split('\n')
        .at(-1);
    expect([only([token]), only([])]).toEqual(['STOP  1 secret', 'STOP  nothing found']);
  });

  test('does not say twice what the title and the place have said', () => {
    const place = { in: 'file', path: '/usr/bin/x' } as const;
    const lines = table.render(
      evidence({
        placed: [
          placed({ id: 'a/a', place, message: 'Runs as root' }),
          placed({ id: 'a/b', place, message: 'Runs as root: RUN x' }),
          placed({ id: 'a/c', place, message: '/usr/bin/x is bad' }),
        ],
      }),
      verdict,
      context,
    );
    expect(lines.split('\n').filter((line) => line.includes('/usr/bin/x'))).toEqual([
      '            /usr/bin/x',
      '            /usr/bin/x  RUN x',
      '            /usr/bin/x  is bad',
    ]);
  });

  test('shows the secret itself where somebody asked for that', () => {
    const shown = { ...token, secret: { shown: 'x…', score: 1, notes: [], value: 'the-secret-itself' } };
    expect(table.render(evidence({ placed: [shown] }), verdict, context)).toContain('the-secret-itself');
  });
});

describe('SARIF', () => {
  const log = JSON.parse(sarif.render(found, verdict, context));
  const check = sarifCheck();

  test('is valid', () => {
    expect(check(log)).toEqual([]);
  });

  test('has a rule for each, and a result at the exact place', () => {
    const [run] = log.runs;
    expect(run.tool.driver.rules.map(({ id, name }: { id: string; name: string }) => [id, name])).toEqual([
      ['secret/github-token', 'ExposedSecret'],
      ['image/setuid', 'Misconfiguration'],
      ['image/runs-as-root', 'Misconfiguration'],
      ['lint-1.0/X1', 'ExternalFinding'],
    ]);
    expect(run.tool.driver.rules[2]).toMatchObject({
      helpUri: 'https://example.org/root',
      defaultConfiguration: { level: 'warning' },
      properties: { 'security-severity': '5.5', aliases: ['CIS-DI-0001'] },
    });
    expect(run.results[0]).toEqual({
      ruleId: 'secret/github-token',
      ruleIndex: 0,
      level: 'error',
      message: {
        text: 'a GitHub token (ghp_…(40), its checksum holds). Fix: Revoke it, and mount a new one when it is needed.',
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'app/.env', uriBaseId: 'ROOTPATH' },
            region: { startLine: 2, startColumn: 7, endLine: 2, endColumn: 47 },
          },
          message: { text: '/app/.env:2 · layer 0 · layer 1 removes it, the image still holds it' },
        },
      ],
      relatedLocations: [
        {
          id: 0,
          physicalLocation: {
            artifactLocation: { uri: 'image', uriBaseId: 'ROOTPATH' },
            region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
          },
          message: { text: 'history step 4 · layer 1' },
        },
      ],
      partialFingerprints: { primaryLocationLineHash: `${'a'.repeat(32)}:1` },
      properties: {
        kind: 'secret',
        severity: 'critical',
        layer: 0,
        from: 'own',
        removedIn: 1,
        layerDiffId: found.target.layers[0]?.diffId,
        score: 95,
      },
    });
  });

  test('puts what a Dockerfile caused at its line, and suppresses what is answered', () => {
    const [, setuid, rooted] = log.runs[0].results;
    expect(rooted.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'Dockerfile', uriBaseId: 'ROOTPATH' },
      region: { startLine: 12, startColumn: 1, endLine: 12, endColumn: 1 },
    });
    expect([setuid.level, setuid.suppressions]).toEqual([
      'note',
      [{ kind: 'external', status: 'accepted', justification: 'it is shipped so' }],
    ]);
  });

  test('says so when there are more than it takes', () => {
    const many = Array.from({ length: 10_001 }, (_, i) => placed({ id: 'x/y', place: { in: 'file', path: `/f${i}` } }));
    const [run] = JSON.parse(sarif.render(evidence({ placed: many }), verdict, context)).runs;
    expect(run.results).toHaveLength(10_000);
    expect(
      run.invocations[0].toolExecutionNotifications.map(({ message }: { message: { text: string } }) => message.text),
    ).toContain('Of 10001 findings in places the first 10000 are in this report; -o json has all.');
  });
});

test('the table of many images counts secrets where there are any', () => {
  const rows = [rowOf('a', 1, found, verdict), rowOf('b', 2, evidence({}), { decision: 'pass', reasons: [] })];
  const totals = { layers: 0, surveyed: 0, known: 0, shared: 0 };
  const [head, first, second] = fleetTable(rows, totals, { colour: false, width: 80, cut: false }).split('\n');
  expect([head, first, second]).toEqual([
    'DECISION   CRITICAL  HIGH  MEDIUM  LOW  OTHER  SECRETS  PACKAGES  IMAGE',
    'stop              -     -       -    -      -        1         0  a',
    'pass              -     -       -    -      -        -         0  b',
  ]);
});

test('text from outside stays harmless', () => {
  const bad = placed({
    id: 'x/y',
    title: hostile,
    message: hostile,
    why: hostile,
    fix: hostile,
    place: { in: 'file', path: hostile },
  });
  const text = table.render(evidence({ placed: [bad] }), verdict, context);
  expect(text.replaceAll('\n', '')).not.toMatch(/[\x00-\x1f\x7f]/);
  expect(sarifCheck()(JSON.parse(sarif.render(evidence({ placed: [bad] }), verdict, context)))).toEqual([]);
});
