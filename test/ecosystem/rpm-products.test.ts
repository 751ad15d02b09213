import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/rpm/index.ts';
import { redHatProducts, unknownContentSets } from '../../src/ecosystem/rpm/products.ts';
import type { Distribution } from '../../src/model/package.ts';

const rhel = (version: string, id = 'rhel'): Distribution => ({
  id,
  version,
  like: [],
  name: 'Red Hat Enterprise Linux',
});

/** What is looked up beside what is looked up first, without `Red Hat:`. */
function productsOf(version: string, ...sets: readonly string[]): readonly string[] {
  const { ecosystem: first, also } = redHatProducts(rhel(version), sets)!;
  return [first, ...also].map((product) => product.replace(/^Red Hat:/, ''));
}

const usual9 = ['baseos', 'appstream', 'crb'].map((repository) => `enterprise_linux:9::${repository}`);

describe('the products of an image', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['9.4', [], usual9],
    ['8.10', [], usual9.map((product) => product.replace(':9:', ':8:'))],
    ['7.9', [], ['enterprise_linux:7::server', 'rhel_els:7']],
    ['10.0', [], Array.from({ length: 11 }, (_, minor) => `enterprise_linux:10.${minor}`).sort()],
    [
      '9.4',
      ['rhel-9-for-x86_64-baseos-rpms', 'rhel-9-for-x86_64-appstream-rpms', 'rhel-9-for-x86_64-baseos-source-rpms'],
      ['enterprise_linux:9::baseos', 'enterprise_linux:9::appstream'],
    ],
    [
      '9.4',
      ['ubi-9-appstream-rpms', 'ubi-9-baseos-rpms', 'ubi-9-codeready-builder-rpms'],
      ['enterprise_linux:9::baseos', 'enterprise_linux:9::appstream', 'enterprise_linux:9::crb'],
    ],
    ['9.4', ['ubi-9-for-aarch64-baseos-debug-rpms'], ['enterprise_linux:9::baseos']],
    [
      '9.2',
      ['rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_2', 'rhel-9-for-x86_64-appstream-eus-rpms__9_DOT_2'],
      ['rhel_eus:9.2::baseos', 'rhel_eus:9.2::appstream'],
    ],
    ['9.2', ['rhel-9-for-x86_64-baseos-eus-rpms'], ['rhel_eus:9.2::baseos']],
    ['8.6', ['rhel-8-for-x86_64-baseos-e4s-rpms__8_DOT_6'], ['rhel_e4s:8.6::baseos']],
    ['8.4', ['rhel-8-for-x86_64-baseos-aus-rpms'], ['rhel_aus:8.4::baseos']],
    ['8.6', ['rhel-8-for-x86_64-baseos-tus-rpms'], ['rhel_tus:8.6::baseos']],
    ['8.10', ['rhel-8-for-x86_64-baseos-rpms__8'], ['enterprise_linux:8::baseos']],
    ['9.4', ['codeready-builder-for-rhel-9-s390x-rpms'], [...usual9.slice(0, 2), 'enterprise_linux:9::crb']],
    ['9.4', ['codeready-builder-for-rhel-9-s390x-eus-rpms'], [...usual9, 'rhel_eus:9.4::crb']],
    [
      '9.4',
      ['rhel-9-for-x86_64-baseos-rpms', 'rhel-9-for-x86_64-rt-rpms'],
      ['enterprise_linux:9::baseos', 'enterprise_linux:9::realtime'],
    ],
    ['9.4', ['fast-datapath-for-rhel-9-x86_64-rpms'], [...usual9, 'enterprise_linux:9::fastdatapath']],
    ['9.4', ['rhocp-4.16-for-rhel-9-x86_64-rpms'], [...usual9, 'openshift:4.16::el9']],
    [
      '7.9',
      ['rhel-7-server-rpms', 'rhel-7-server-extras-rpms', 'rhel-7-server-optional-rpms'],
      ['enterprise_linux:7::server', 'rhel_els:7', 'rhel_extras_other:7'],
    ],
    ['10.0', ['rhel-10-for-x86_64-baseos-eus-rpms'], ['enterprise_linux_eus:10.0']],
  ])('of RHEL %s with %j', (version, sets, expected) => {
    expect([...productsOf(version, ...sets)].sort()).toEqual([...expected].sort());
    expect(redHatProducts(rhel(version), sets)?.unknown).toEqual([]);
  });

  test.each<[string]>([
    ['rhel-9-for-x86_64-someday-rpms'],
    ['epel-9'],
    ['rhel-9-for-x86_64-baseos-eus-rpms; rm'],
    ['codeready-builder-for-rhel-9-x86_64-someday-rpms'],
    ['mystery-1.0-for-rhel-9-x86_64-rpms'],
    ['rhel-7-workstation-rpms'],
    ['x'.repeat(256)],
    [''],
  ])('leave %s out, look into the usual ones all the same, and say so', (set) => {
    const products = redHatProducts(rhel('9.4'), [set])!;
    expect([products.ecosystem, ...products.also].map((product) => product.replace('Red Hat:', '')).sort()).toEqual(
      [...usual9].sort(),
    );
    expect(unknownContentSets(products)).toEqual([
      {
        code: 'data/content-set-unknown',
        message: `no advisories are looked up for what comes from these repositories, whose product is not known: ${set}`,
        blinding: false,
      },
    ]);
  });

  test('a support phase of no known release is unknown', () => {
    expect(redHatProducts(rhel('9'), ['rhel-9-for-x86_64-baseos-eus-rpms'])?.unknown).toHaveLength(1);
    expect(redHatProducts(rhel('10.0'), ['rhel-10-for-x86_64-baseos-aus-rpms'])?.unknown).toHaveLength(1);
  });

  test('names five unknown content sets and counts the others', () => {
    const sets = Array.from({ length: 8 }, (_, i) => `set-${i}`);
    expect(unknownContentSets(redHatProducts(rhel('9.4'), sets)!)[0]?.message).toMatch(/: set-0, .*set-4 and 3 more$/);
    expect(unknownContentSets(redHatProducts(rhel('9.4'), [])!)).toEqual([]);
  });

  test.each([rhel('9', 'centos'), rhel('9', 'fedora'), rhel(''), rhel('nine'), undefined])(
    'of %o are none',
    (which) => {
      expect(redHatProducts(which, [])).toBeUndefined();
    },
  );

  test('of any content sets are some, in time', () => {
    const set = fc.oneof(
      fc.string({ maxLength: 300, unit: 'binary' }),
      fc
        .array(
          fc.constantFrom('rhel', 'ubi', '-', '9', 'for', 'x86_64', 'baseos', 'eus', 'rpms', '__9_DOT_', '4', '.'),
          { maxLength: 40 },
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.array(set, { maxLength: 20 }), (sets) => {
        const { ecosystem: first, also, unknown } = redHatProducts(rhel('9.4'), sets)!;
        for (const product of [first, ...also]) expect(product).toMatch(/^Red Hat:[a-z0-9_]+:[\d.]+(::[a-z0-9_]+)?$/);
        expect(unknown.length).toBeLessThanOrEqual(sets.length);
      }),
    );
  });
});

describe('an rpm of Red Hat', () => {
  const bash = {
    name: 'bash-doc',
    version: '5.1.8-9.el9',
    presence: 'installed',
    origin: { name: 'bash', version: '5.1.8-9.el9' },
  } as const;

  test('is looked up by its own name in all products, which are one list for all packages', () => {
    const where = rhel('9.4');
    const first = ecosystem.advisories(bash, where)!;
    expect(first).toEqual({
      ecosystem: 'Red Hat:enterprise_linux:9::baseos',
      also: ['Red Hat:enterprise_linux:9::appstream', 'Red Hat:enterprise_linux:9::crb'],
      name: 'bash-doc',
      version: '5.1.8-9.el9',
    });
    expect(ecosystem.advisories({ ...bash, name: 'other' }, where)?.also).toBe(first.also);
  });

  test('says what its content sets leave open', () => {
    const gaps = ecosystem.advisoryGaps!(rhel('9.4'), ['epel-9']);
    expect(gaps.map(({ code, blinding }) => [code, blinding])).toEqual([['data/content-set-unknown', false]]);
    expect(ecosystem.advisoryGaps!(rhel('9', 'almalinux'), ['epel-9'])).toEqual([]);
  });
});
