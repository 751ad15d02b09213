import { describe, expect, test } from 'vitest';
import { fits } from '../../../src/match/vex/fits.ts';
import { sceneOf } from '../../../src/match/vex/scene.ts';
import type { EvidenceTarget } from '../../../src/model/evidence.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { digest, finding, image, pack, product } from './make.ts';

const found = pack('pkg:npm/left-pad@1.3.0');
const named = ['registry.example:5000/team/shop:1.0'];

interface Setting {
  readonly names?: readonly string[];
  readonly target?: EvidenceTarget;
  readonly about?: Partial<Finding>;
}

/** How a product, with the package as its part, fits the image; or why not. */
function fitOf(id: string, { names = named, target = image, about = {} }: Setting = {}): string {
  const fit = fits(product(id, 'pkg:npm/left-pad'), finding(found, about), sceneOf(target, [found], names));
  return fit.fits ? `fits: ${fit.how}` : `no: ${fit.why}`;
}

const right = ', and of its part: it names the package left-pad in all versions';
const wrong = 'no: the part is right, but the product is not: ';
const oci = `pkg:oci/shop@sha256%3A${'1'.repeat(64)}`;

describe('an image is named', () => {
  test.each([
    ['by the digest of its manifest', oci, `the image has the digest ${image.digest}`],
    ['by the digest of its configuration', `pkg:oci/shop@${image.id}`, `the image has the digest ${image.id}`],
    [
      'by its digest, wherever it is said to be',
      `${oci}?repository_url=elsewhere.example/shop`,
      `the image has the digest ${image.digest}`,
    ],
    ['by a digest alone', `${image.digest}`, `the image has the digest ${image.digest}`],
    ['by a reference with its digest', `other.example/x@${image.digest}`, `the image has the digest ${image.digest}`],
    [
      'as docker does, by its digest',
      `pkg:docker/team/shop@${image.digest}`,
      `the image has the digest ${image.digest}`,
    ],
    ['by its name alone', 'pkg:oci/shop', 'the image is called shop'],
    [
      'by its name and repository',
      'pkg:oci/shop?repository_url=registry.example:5000/team/shop',
      'the image is called shop',
    ],
    [
      'by its name and the folder of its repository',
      'pkg:oci/Shop?repository_url=registry.example:5000%2Fteam',
      'the image is called shop',
    ],
    ['with its tag', 'pkg:oci/shop?tag=1.0&arch=amd64', 'the image is called shop'],
    ['as docker does', 'pkg:docker/team/shop@1.0?repository_url=registry.example:5000', 'the image is called shop'],
    [
      'by a reference',
      'registry.example:5000/team/shop:1.0',
      'the image is called registry.example:5000/team/shop:1.0',
    ],
    ['by its distribution', 'cpe:/o:debian:debian_linux:12', 'the image is none'],
  ])('%s', (_what, id, how) => {
    const fit = fitOf(id);
    if (how === 'the image is none') {
      expect(fit).toBe(
        `${wrong}cpe:/o:debian:debian_linux:12 is the distribution in the image, and the package is none of its own`,
      );
    } else expect(fit).toBe(`fits: ${how}${right}`);
  });

  test.each([
    [`pkg:oci/shop@${digest('9')}`, `no digest of the image is ${digest('9')}`],
    [`pkg:docker/team/shop@${digest('9')}`, `no digest of the image is ${digest('9')}`],
    [`registry.example:5000/team/shop@${digest('9')}`, `no digest of the image is ${digest('9')}`],
    ['pkg:oci/store', 'it is store, and the image registry.example:5000/team/shop'],
    [
      'pkg:oci/shop?repository_url=other.example/team/shop',
      'it is shop at other.example/team/shop, and the image registry.example:5000/team/shop',
    ],
    ['pkg:oci/shop?tag=1.1', "its tag is 1.1, which is not the image's"],
    ['pkg:oci/shop?arch=arm64', 'it is for arm64, and the image for linux/amd64'],
    ['pkg:docker/team/shop@1.0', 'it is shop, and the image registry.example:5000/team/shop'],
    ['registry.example:5000/team/shop:1.1', "its tag is 1.1, which is not the image's"],
    ['shop', "shop is only a text, and can't be told to be the image"],
    ['Shop 1.0', "Shop 1.0 is only a text, and can't be told to be the image"],
    ['pkg:npm/other', 'pkg:npm/other is not the image'],
  ])('%s is another', (id, why) => {
    expect(fitOf(id)).toBe(`${wrong}${why}`);
  });

  test('on Docker Hub, however that is written', () => {
    const names = ['alpine:3.20'];
    const fitting = [
      'pkg:docker/library/alpine@3.20',
      'pkg:oci/alpine?repository_url=docker.io/library/alpine&tag=3.20',
      'pkg:oci/alpine?repository_url=index.docker.io/library/alpine',
      'docker.io/library/alpine:3.20',
      'pkg:docker/alpine@3.19',
    ].map((id) => fitOf(id, { names }).slice(0, 4));
    expect(fitting).toEqual(['fits', 'fits', 'fits', 'fits', 'no: ']);
  });

  test('by the index that the user named, or that leads to it', () => {
    const id = `pkg:oci/shop@${digest('5')}`;
    expect(fitOf(id)).toMatch(/^no/);
    expect(fitOf(id, { names: [`registry.example/shop@${digest('5')}`] })).toMatch(/^fits/);
    expect(fitOf(id, { names: [digest('5')] })).toMatch(/^fits/);
  });

  test('by a digest alone where it has no name', () => {
    expect(fitOf(oci, { names: [] })).toMatch(/^fits/);
    expect(fitOf('pkg:oci/shop', { names: [] })).toBe(
      `${wrong}it is known by the name shop alone, and the image has no name here`,
    );
  });

  test('not by a name where a digest beside it is of another build', () => {
    const scene = sceneOf(image, [found], named);
    const hash = { ids: ['pkg:oci/shop'], hashes: [digest('9')], subcomponents: [] };
    const purls = { ids: ['pkg:oci/shop', `pkg:oci/shop@${digest('9')}`], hashes: [], subcomponents: [] };
    const other = { fits: false, near: 3, why: `no digest of the image is ${digest('9')}` };
    expect([fits(hash, finding(found), scene), fits(purls, finding(found), scene)]).toEqual([other, other]);
  });
});

describe('a base image', () => {
  const base = { digest: digest('7'), layers: 1, by: 'flag' } as const;

  test('that the user named is a product for what it brought', () => {
    const target = { ...image, base };
    expect(fitOf(`pkg:oci/base@${digest('7')}`, { target, about: { from: 'base' } })).toBe(
      `fits: the base image has the digest ${digest('7')}${right}`,
    );
    expect(fitOf(`pkg:oci/base@${digest('7')}`, { target, about: { from: 'own' } })).toMatch(/^no/);
  });

  test('that only the image speaks of is none', () => {
    const target = { ...image, base: { ...base, by: 'provenance' as const } };
    expect(fitOf(`pkg:oci/base@${digest('7')}`, { target, about: { from: 'base' } })).toMatch(/^no/);
  });
});

describe('a distribution', () => {
  const rhel = (version: string): EvidenceTarget => ({
    ...image,
    distribution: { id: 'rhel', version, like: [], name: 'Red Hat Enterprise Linux' },
  });
  const openssl = pack('pkg:rpm/rhel/openssl@3.0.7-27.el9?arch=x86_64', { arch: 'x86_64' });
  const fitOn = (cpe: string, target: EvidenceTarget): boolean =>
    fits(product(cpe, 'pkg:rpm/redhat/openssl'), finding(openssl), sceneOf(target, [openssl], [])).fits;

  test.each([
    ['cpe:/o:redhat:enterprise_linux:9::baseos', '9.4', true],
    ['cpe:/a:redhat:enterprise_linux:9::appstream', '9.4', true],
    ['cpe:2.3:o:redhat:enterprise_linux:9:*:baseos:*:*:*:*:*', '9.4', true],
    ['cpe:/o:redhat:enterprise_linux:9.4', '9.4', true],
    ['cpe:/o:redhat:enterprise_linux:9.2', '9.4', false],
    ['cpe:/o:redhat:enterprise_linux:8', '9.4', false],
    ['cpe:/o:redhat:enterprise_linux:9', '90.1', false],
    ['cpe:/a:redhat:rhel_eus:9.4::appstream', '9.4', false],
    ['cpe:/a:redhat:openshift:4.14::el9', '9.4', false],
    ['cpe:/o:debian:debian_linux:9', '9.4', false],
  ])('%s on %s: %s', (cpe, version, isIt) => {
    expect(fitOn(cpe, rhel(version))).toBe(isIt);
  });

  test('has service packs in the next field', () => {
    const sles = { ...image, distribution: { id: 'sles', version: '15.4', like: [], name: 'SLES' } };
    const zlib = pack('pkg:rpm/sles/zlib@1');
    const fitting = ['cpe:/o:suse:sles:15:sp4', 'cpe:/o:suse:sles:15:sp5'].map(
      (cpe) => fits(product(cpe, 'pkg:rpm/suse/zlib'), finding(zlib), sceneOf(sles, [zlib], [])).fits,
    );
    expect(fitting).toEqual([true, false]);
  });

  test('as a whole is about its own packages alone', () => {
    const scene = sceneOf(rhel('9.4'), [openssl, found], []);
    const whole = product('cpe:/o:redhat:enterprise_linux:9');
    expect([fits(whole, finding(openssl), scene).fits, fits(whole, finding(found), scene).fits]).toEqual([true, false]);
  });
});
