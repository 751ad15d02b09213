import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { orderOfEcosystem } from '../../src/advisory/ecosystem-order.ts';
import { hasPlace, orderMark } from '../../src/advisory/index-order.ts';
import { ecosystemFacts } from '../../src/ecosystem/facts.gen.ts';
import type { VersionOrder } from '../../src/version/contract.ts';

/** Versions as all ecosystems write them, and what is none. */
const versions =
  '0 0.0 0.0.0 00 01 1 1.0 1.0.0 1.00 1.01 1.1 1.10 1.2 1.9 10 2 1.0-0 1.0-1 1.0-10 1.0-2 1.0-r0 1.0-r1 1.0.0-1 1.0.0-alpha ' +
  '1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-rc.1 1.0.0-rc.10 1.0.0-rc.2 1.0.0+build 1.0.0+incompatible 1.0rc1 1.0a1 1.0b2 1.0.dev1 ' +
  '1.0.post1 1.0+local 1.0+local.2 1!1.0 1:1.0 1:1.0-1 0:1.0-1 1.0~rc1 1.0~rc1-1 1.0~~ 1.0^git1 1.0^git1-1 1.0a 1.0_alpha 1.0_p1 ' +
  '1.0_rc2 1.0_git20200101 1.0-SNAPSHOT 1.0.Final 1.0-jre 1.0-sp 1.0.RELEASE 1.0-beta-2 1.0-1.el8 1.0-1.el8_2 1.0-1.el9 ' +
  '1.0-1+deb10u1 1.0-1+deb10u2 1.0-1~bpo10+1 v1 v1.0.0 v1.0.1-0.20200101000000-abcdefabcdef go1.21 go1.21rc2 1.21rc2 1.21.0-rc.2 ' +
  '20240101 99999999999999999999 2024.1.1 1.0.0.0.1 1..0 -1 1. .1 a * ? 1.0/2 é';

/** What an order says of all these, alone and in pairs. */
function behaviour(order: VersionOrder): string {
  const all = versions.split(' ');
  const said = all.map((a) => `${order.valid(a)} ${all.map((b) => Math.sign(order.compare(a, b)))}`);
  return createHash('sha256').update(said.join('\n')).digest('hex').slice(0, 16);
}

/**
 * Whoever sees this fail has changed an order of versions: raise its revision in src/advisory/index-order.ts, so that
 * indexes whose lists were sorted by the old one are not narrowed by the new one, and put the new line here.
 */
test('an order that says something else has another revision', () => {
  expect(Object.fromEntries(ecosystemFacts.map(({ order }) => [orderMark(order), behaviour(order)]))).toEqual({
    'apk/1': '18c73f5b2ccddac8',
    'dpkg/1': 'fe7baf7e642c1d75',
    'go/1': '1ffcba53e594caf1',
    'maven/1': 'bf47ff89f9db86de',
    'pep440/1': '00ad213c38c4fac0',
    'rpm/1': '56f0f1676e1d033d',
    'semver/1': '77d510fb9af4f7d6',
  });
});

test('an order that nobody gave a revision has no mark', () => {
  expect(orderMark({ id: 'other', valid: () => true, compare: () => 0 })).toBeUndefined();
});

test('versions without one place among the others are known', () => {
  const [rpm, dpkg] = ['rpm', 'dpkg'].map((id) => ecosystemFacts.find(({ order }) => order.id === id)!.order);
  const placed = (order: VersionOrder | undefined) => ['0', '1.0', '1.0-1'].filter((one) => hasPlace(one, order!));
  expect(placed(rpm)).toEqual(['1.0-1']);
  expect(placed(dpkg)).toEqual(['1.0', '1.0-1']);
});

test('ecosystems have the order of their packages, or none that is known', () => {
  const bases = [
    'Debian',
    'Ubuntu',
    'Alpine',
    'Wolfi',
    'AlmaLinux',
    'Rocky Linux',
    'npm',
    'PyPI',
    'Go',
    'Maven',
    'NuGet',
  ];
  expect(bases.map((base) => orderOfEcosystem(base)?.id)).toEqual([
    'dpkg',
    'dpkg',
    'apk',
    'apk',
    'rpm',
    'rpm',
    'semver',
    'pep440',
    'go',
    'maven',
    undefined,
  ]);
});
