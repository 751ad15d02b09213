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
  '20240101 99999999999999999999 2024.1.1 1.0.0.0.1 1..0 -1 1. .1 a * ? 1.0/2 é 2147483648:1.0-1 1.0.pre1 1.0.0-Beta.2 1.0.0.1-rc ' +
  'dev-main 1.0.x-dev 1.0.0-dev 1.0-patch1 1.0.0-RC1 cci.20240101 1.0.0+1 1.0.0+2 1.0-12 1.0-1.ga-x 1.final-x 1-sp1-x 0.x 0-1';

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
  const marked = ecosystemFacts.filter(({ order }) => orderMark(order) !== undefined);
  expect(Object.fromEntries(marked.map(({ order }) => [orderMark(order), behaviour(order)]))).toEqual({
    'apk/1': '855c2b74164f6b50',
    'composer/1': '68d870237b4ea0c0',
    'conan/1': '0e2be1bccc285e52',
    'cran/1': '38226eafbabe8911',
    'dpkg/2': 'bb42110610d3d321',
    'gem/1': '79b1fa13c4ded7e1',
    'go/1': '9908dbfa298ff497',
    'hackage/1': '6e6573ae210f9842',
    'maven/2': '9d3bb220fa0b6abb',
    'nuget/1': '9598327c4b58e23f',
    'pep440/1': '7c4643586ac2b14c',
    'pub/1': 'b3dfd17678e34e27',
    'rpm/1': '436ddcb5e5edac8a',
    'semver/1': '9327d3135bb9c7cb',
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

test('every ecosystem of OSV has the order of its packages, and each of these a mark', () => {
  const orders =
    'AlmaLinux rpm, Alpaquita apk, Alpine apk, Azure Linux rpm, BellSoft Hardened Containers apk, Bitnami semver, CRAN cran, ' +
    'Chainguard apk, CleanStart apk, ConanCenter conan, Debian dpkg, Echo dpkg, GitHub Actions semver, Go go, Hackage hackage, ' +
    'Hex semver, Mageia rpm, Maven maven, MinimOS apk, NuGet nuget, Packagist composer, Photon OS rpm, Pub pub, PyPI pep440, ' +
    'Red Hat rpm, Rocky Linux rpm, RubyGems gem, SUSE rpm, SwiftURL semver, Ubuntu dpkg, Wolfi apk, crates.io semver, ' +
    'npm semver, openEuler rpm, openSUSE rpm, Android undefined, Linux undefined';
  for (const said of orders.split(', ')) {
    const at = said.lastIndexOf(' ');
    const order = orderOfEcosystem(said.slice(0, at));
    expect(`${said.slice(0, at)} ${order?.id}`).toBe(said);
    if (order) expect(orderMark(order)).toMatch(new RegExp(`^${order.id}/[1-9]$`));
  }
});
