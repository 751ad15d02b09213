import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { licenceFacts } from '../../../src/detect/licences/facts.ts';
import { judge } from '../../../src/policy/judge.ts';
import { scratchFolder } from '../../support/cli.ts';
import { evidence, found, now, policyOf as policyWith } from '../make.ts';
import { load, policyOf, read, rule, write } from './samples.ts';

const scratch = scratchFolder();
let made = 0;

async function loaded(files: Readonly<Record<string, string>>) {
  const path = join(scratch, `f${made++}`);
  mkdirSync(path);
  write(path, files);
  return load(path);
}

const section = (text: string): string => `version: 1\nlicences:\n${text.replace(/^/gm, '  ')}\n`;

/** What the section makes of packages that state these licences: `licences/denied: MIT (name 1.0.0)`. */
async function verdict(text: string, stated: Readonly<Record<string, string>>): Promise<string[]> {
  const { top, lines } = await loaded({ 'sluice.yaml': section(text) });
  expect(lines).toEqual([]);
  const packages = Object.entries(stated).map(([name, license]) =>
    name.startsWith('deb-')
      ? found(name, { license, ecosystem: 'deb', purl: `pkg:deb/debian/${name}@1.0.0` })
      : found(name, { license }),
  );
  const policy = policyWith([...(top?.rules.values() ?? [])].map((one) => one.rule));
  const given = evidence({ packages, licences: licenceFacts(packages, [], 0), looked: ['packages', 'licences'] });
  return judge(given, policy, { now }).verdict.reasons.flatMap(({ rule: id, decision, subjects = [] }) =>
    subjects.map((one) => `${id} ${decision}: ${one.package?.replace(/^.*\//, '')}`),
  );
}

describe('what is denied', () => {
  const text = 'deny: [AGPL-*, GPL-2.0-only]';

  test('stops where there is no other choice, also in the distribution', async () => {
    expect(
      await verdict(text, {
        plain: 'AGPL-3.0',
        both: 'MIT AND AGPL-3.0-or-later',
        choice: 'MIT OR AGPL-3.0-only',
        excepted: 'GPL-2.0-only WITH Classpath-exception-2.0',
        later: 'GPL-2.0-or-later',
        mine: 'MIT',
        'deb-tool': 'GPLv2',
      }),
    ).toEqual([
      'licences/denied stop: deb-tool@1.0.0',
      'licences/denied stop: both@1.0.0',
      'licences/denied stop: excepted@1.0.0',
      'licences/denied stop: plain@1.0.0',
    ]);
  });
});

describe('what is allowed', () => {
  const stated = {
    good: 'MIT',
    choice: 'GPL-3.0-only OR Apache-2.0',
    both: 'MIT AND ISC',
    none: '',
    'deb-tool': 'GPL-2.0-only',
  };

  test('is all that may be; unknown licences warn, and packages of the distribution are left out', async () => {
    expect(await verdict('allow: [mit, Apache-2.0, BSD-*]', stated)).toEqual([
      'licences/not-allowed stop: both@1.0.0',
      'licences/class-unknown warn: none@1.0.0',
    ]);
  });

  test('is asked of the distribution too where that is wanted, and of what is unknown as classes says', async () => {
    const text = 'allow: [MIT, Apache-2.0]\ndistribution: true\nclasses: { unknown: off }';
    expect(await verdict(text, stated)).toEqual([
      'licences/not-allowed stop: deb-tool@1.0.0',
      'licences/not-allowed stop: both@1.0.0',
    ]);
  });
});

test('classes have outcomes, and what is allowed by name is left out', async () => {
  const stated = { lgpl: 'LGPL-3.0-only', gpl: 'GPL-3.0-only', mpl: 'MPL-2.0', sspl: 'SSPL-1.0', mit: 'MIT' };
  const classes = 'classes: { forbidden: stop, restricted: warn, reciprocal: track }';
  expect(await verdict(classes, stated)).toEqual([
    'licences/class-forbidden stop: sspl@1.0.0',
    'licences/class-restricted warn: gpl@1.0.0',
    'licences/class-restricted warn: lgpl@1.0.0',
    'licences/class-reciprocal track: mpl@1.0.0',
  ]);
  expect(await verdict(`allow: ['*GPL-*', MPL-*, MIT, SSPL-1.0]\n${classes}`, stated)).toEqual([]);
});

test('the section of the policy takes the place of that of what it uses, also in a named policy', async () => {
  const { top, lines, named } = await withNamed();
  expect(lines).toEqual([]);
  expect([...(top?.rules.keys() ?? [])]).toEqual(['a/one', 'licences/denied']);
  expect([...(named.get('strict')?.rules.keys() ?? [])]).toEqual(['a/one', 'licences/class-forbidden']);
  expect([...(named.get('alike')?.rules.keys() ?? [])]).toEqual(['a/one', 'licences/denied']);
});

async function withNamed() {
  const files = {
    'sluice.yaml':
      'version: 1\nuse: [{ file: a.yaml }]\nlicences: { deny: [MIT] }\npolicies:\n  strict: { licences: { classes: { forbidden: stop } } }\n  alike: { fail-on: low }\n',
    'a.yaml': `${policyOf(rule('a/one'))}licences: { allow: [ISC] }\n`,
  };
  return loaded(files);
}

test('a rule of the same name as one of the section is a fault', async () => {
  const { lines } = await loaded({ 'sluice.yaml': `${policyOf(rule('licences/denied'))}licences: { deny: [MIT] }\n` });
  expect(lines).toEqual(["sluice.yaml:3:5: the rule licences/denied is the section's licences | rename it"]);
});

test.each([
  ['deny: [MTI]', 'sluice.yaml:3:10: MTI is no licence of the SPDX list | did you mean MIT?'],
  [
    'deny: [Quux*]',
    'sluice.yaml:3:10: Quux* is no licence of the SPDX list | one that is of nobody else begins with LicenseRef-; * stands for any text',
  ],
  ['alow: [MIT]', 'sluice.yaml:3:3: there is no setting alow of licences | did you mean allow?'],
  [
    'classes: { viral: stop }',
    'sluice.yaml:3:14: there is no setting viral of classes | there are permitted, notice, reciprocal, restricted, forbidden, unknown',
  ],
  [
    'classes: { forbidden: block }',
    'sluice.yaml:3:25: licences: classes: forbidden takes stop, warn, track or off, not block',
  ],
  ['distribution: perhaps', 'sluice.yaml:3:17: licences: distribution takes true or false, not a text'],
  [
    'distribution: true',
    'sluice.yaml:3:3: licences says nothing | such as { allow: [MIT, Apache-2.0], deny: [AGPL-3.0-only], classes: { forbidden: stop } }',
  ],
])('%s is refused', (text, expected) => {
  expect(read(section(text)).faults).toContain(expected);
});
