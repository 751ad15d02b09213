import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { purlTerms } from '../../../src/format/vex/purl-terms.ts';
import { fits } from '../../../src/match/vex/fits.ts';
import { sceneOf } from '../../../src/match/vex/scene.ts';
import type { EvidenceTarget } from '../../../src/model/evidence.ts';
import type { Package } from '../../../src/model/package.ts';
import { component, finding, image, pack, product } from './make.ts';

/** How a product by one identifier fits a package, or why not. */
function fitOf(id: string, found: Package, target: EvidenceTarget = image): string {
  const fit = fits(product(id), finding(found), sceneOf(target, [found], []));
  return fit.fits ? `fits: ${fit.how}` : `no: ${fit.why}`;
}

const libssl = pack('pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12', {
  arch: 'amd64',
  origin: { name: 'openssl', version: '3.0.11-1~deb12u2' },
});
const bash = pack('pkg:rpm/rhel/bash@5.1.8-6.el9?arch=x86_64', {
  version: '1:5.1.8-6.el9',
  arch: 'x86_64',
  origin: { name: 'bash', version: '1:5.1.8-6.el9' },
});
const node = pack('pkg:rpm/rhel/nodejs@18.19.1-1.el9?arch=x86_64&epoch=1', {
  version: '1:18.19.1-1.el9',
  arch: 'x86_64',
  module: 'nodejs:18:9030020240301111035:rhel9',
});
const scoped = pack('pkg:npm/%40acme/left-pad@1.3.0');
const go = pack('pkg:golang/github.com/acme/tool@v1.2.3');
const goV2 = pack('pkg:golang/github.com/acme/tool/v2@v2.0.0%2Bincompatible');
const stdlib = pack('pkg:golang/stdlib@1.21.5');
const python = pack('pkg:pypi/ruamel.yaml@0.18.6');
const jar = pack('pkg:maven/org.acme/core@1.0');

describe('a package is named by a purl', () => {
  test.each([
    ['with its version', 'pkg:deb/debian/libssl3@3.0.11-1~deb12u2', libssl],
    ['percent signs count for nothing', 'pkg:deb/debian/libssl3@3.0.11-1%7Edeb12u2', libssl],
    ['without a version: all of them', 'pkg:deb/debian/libssl3', libssl],
    ['by type and namespace in other cases', 'pkg:DEB/Debian/LibSSL3', libssl],
    ['with its architecture', 'pkg:deb/debian/libssl3?arch=amd64', libssl],
    ['with its distribution', 'pkg:deb/debian/libssl3?distro=debian-12', libssl],
    ['by the name of the release', 'pkg:deb/debian/libssl3?distro=bookworm', libssl],
    ['by its source package', 'pkg:deb/debian/openssl@3.0.11-1~deb12u2?arch=source', libssl],
    ["by Syft's word for its source package", 'pkg:deb/debian/libssl3?upstream=openssl', libssl],
    ['with the epoch in a qualifier', 'pkg:rpm/redhat/bash@5.1.8-6.el9?epoch=1', bash],
    ['with the epoch in the version', 'pkg:rpm/redhat/bash@1%3A5.1.8-6.el9', bash],
    ['which lost its epoch on both sides', 'pkg:rpm/redhat/bash@5.1.8-6.el9', bash],
    ['as a source rpm', 'pkg:rpm/redhat/bash?arch=src', bash],
    ["in a module's stream", 'pkg:rpm/redhat/nodejs?rpmmod=nodejs:18', node],
    ['in one build of a stream', 'pkg:rpm/redhat/nodejs?rpmmod=nodejs:18:9030020240301111035:rhel9', node],
    ['in a scope', 'pkg:npm/%40acme/left-pad@1.3.0', scoped],
    ['in a scope whose sign is not encoded', 'pkg:npm/@acme/left-pad@1.3.0', scoped],
    ['of Go', 'pkg:golang/github.com/Acme/tool@v1.2.3', go],
    ['of Go without the v', 'pkg:golang/github.com/acme/tool@1.2.3', go],
    ['of Go with the version in the subpath', 'pkg:golang/github.com/acme/tool@v2.0.0%2Bincompatible#v2', goV2],
    ['with a plus that is not encoded', 'pkg:golang/github.com/acme/tool/v2@v2.0.0+incompatible', goV2],
    ["of Go's standard library", 'pkg:golang/std@go1.21.5', stdlib],
    ['of Python', 'pkg:pypi/Ruamel_Yaml', python],
    ['of Maven, as a jar', 'pkg:maven/org.acme/core@1.0?type=jar', jar],
    ['for the platform', 'pkg:golang/github.com/acme/tool?goos=linux&goarch=amd64&type=module', go],
  ])('%s', (_what, id, found) => {
    expect(fitOf(id, found)).toMatch(/^fits: it names the (?:source )?package /);
  });

  test.each([
    ['pkg:deb/ubuntu/libssl3', libssl, 'no: its namespace is ubuntu, and that of the package debian'],
    ['pkg:apk/debian/libssl3', libssl, 'no: it is of the type apk, and the package of the type deb'],
    ['pkg:deb/debian/libssl1', libssl, 'no: it is libssl1, and the package is libssl3'],
    ['pkg:deb/debian/libssl3@3.0.11', libssl, 'no: it is version 3.0.11, and the package is version 3.0.11-1~deb12u2'],
    ['pkg:deb/debian/libssl3?arch=arm64', libssl, "no: its arch=arm64 is not the package's"],
    ['pkg:deb/debian/libssl3?distro=debian-11', libssl, "no: its distro=debian-11 is not the package's"],
    ['pkg:deb/debian/libssl3?vers=vers:deb/<4', libssl, "no: its vers=vers:deb/<4 is not the package's"],
    ['pkg:deb/debian/libssl3?arch=source', libssl, 'no: it is libssl3, and the source package is openssl'],
    [
      'pkg:deb/debian/openssl@1?arch=source',
      libssl,
      'no: it is version 1, and the source package is version 3.0.11-1~deb12u2',
    ],
    [
      'pkg:deb/debian/openssl?arch=arm64',
      libssl,
      'no: it is openssl, and the package is libssl3; its source package would be named with arch=source or arch=src',
    ],
    [
      'pkg:rpm/redhat/bash@2:5.1.8-6.el9',
      bash,
      'no: it is version 2:5.1.8-6.el9, and the package is version 5.1.8-6.el9',
    ],
    ['pkg:rpm/redhat/nodejs?rpmmod=nodejs:1', node, "no: its rpmmod=nodejs:1 is not the package's"],
    ['pkg:rpm/redhat/bash?rpmmod=bash:1', bash, "no: its rpmmod=bash:1 is not the package's"],
    ['pkg:rpm/redhat/bash?repository_id=x', bash, "no: its repository_id=x is not the package's"],
    ['pkg:npm/left-pad', scoped, 'no: its namespace is empty, and that of the package @acme'],
    ['pkg:npm/%40acme/left-pad@1.3.0#lib', scoped, 'no: it is about lib inside of the package alone'],
    ['pkg:maven/org.acme/Core', jar, 'no: it is Core, and the package is core'],
    ['pkg:maven/org.acme/core?type=pom', jar, "no: its type=pom is not the package's"],
    ['pkg:golang/github.com/acme/tool?goos=windows', go, "no: its goos=windows is not the package's"],
    ['left-pad', scoped, "no: left-pad is no purl, and can't be told to be the package"],
    [
      'cpe:2.3:a:acme:left-pad:1.3.0:*:*:*:*:*:*:*',
      scoped,
      "no: cpe:2.3:a:acme:left-pad:1.3.0:*:*:*:*:*:*:* is no purl, and can't be told to be the package",
    ],
  ])('%s does not name it', (id, found, why) => {
    expect(fitOf(id, found)).toBe(why);
  });

  test('a repository counts where the image says which it has', () => {
    const target = { ...image, contentSets: ['rhel-9-baseos'] };
    expect(fitOf('pkg:rpm/redhat/bash?repository_id=rhel-9-baseos', bash, target)).toMatch(/^fits/);
    expect(fitOf('pkg:rpm/redhat/bash?repository_id=rhel-9-appstream', bash, target)).toMatch(/^no/);
  });

  test('a point release stands for itself, and its release for all of them', () => {
    const alpine = { ...image, distribution: { id: 'alpine', version: '3.18.9', like: [], name: 'Alpine' } };
    const musl = pack('pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64');
    const fitting = ['alpine-3.18', 'alpine-3.18.9', 'alpine', 'alpine-3.1', 'alpine-3.18.8'].map((distro) =>
      fitOf(`pkg:apk/alpine/musl?distro=${distro}`, musl, alpine).slice(0, 4),
    );
    expect(fitting).toEqual(['fits', 'fits', 'fits', 'no: ', 'no: ']);
  });

  test('two purls that name two versions of one package name neither', () => {
    const both = {
      ...component('pkg:npm/%40acme/left-pad@1.3.0', 'pkg:npm/%40acme/left-pad@1.4.0'),
      subcomponents: [],
    };
    const fit = fits(both, finding(scoped), sceneOf(image, [scoped], []));
    expect(fit).toEqual({
      fits: false,
      near: 3,
      why: 'pkg:npm/%40acme/left-pad@1.3.0 names two versions of one package',
    });
  });

  test('a digest names a package only where there is no purl', () => {
    const hash = `sha512:${'a'.repeat(128)}`;
    const known = { ...scoped, hashes: [hash] };
    const scene = sceneOf(image, [known], []);
    const bare = fits({ ids: [], hashes: [hash], subcomponents: [] }, finding(known), scene);
    const other = fits({ ids: ['pkg:npm/other'], hashes: [hash], subcomponents: [] }, finding(known), scene);
    expect([bare, other.fits]).toEqual([{ fits: true, how: `the package has the digest ${hash}` }, false]);
  });
});

describe('purls in comparable terms', () => {
  const segment = fc.string({ unit: fc.constantFrom('a', 'b', 'Z', '1', '-', '.', '+', '~', '@', '/', ' ', 'é', '%') });

  test('encoding more than is needed changes nothing', () => {
    const hex = (text: string): string =>
      [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
    fc.assert(
      fc.property(fc.constantFrom('npm', 'deb', 'maven', 'golang', 'pypi'), segment, segment, (type, name, version) => {
        fc.pre(name.replaceAll('/', '') !== '');
        const plain = `pkg:${type}/${encodeURIComponent(name)}@${encodeURIComponent(version)}`;
        expect(purlTerms(`pkg:${type}/${hex(name)}@${hex(version)}`)).toEqual(purlTerms(plain));
      }),
    );
  });

  test('nothing that is read as one throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        purlTerms(text);
        purlTerms(`pkg:${text}`);
        purlTerms(`pkg:golang/${text}?${text}#${text}`);
      }),
    );
  });

  test('a package always fits its own purl', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('npm', 'deb', 'rpm', 'apk', 'maven', 'pypi'),
        segment,
        segment,
        (type, name, version) => {
          fc.pre(name.replace(/[/@%. ]/g, '') !== '' && version !== '');
          const found = pack(`pkg:${type}/${encodeURIComponent(name)}@${encodeURIComponent(version)}`);
          expect(fitOf(found.purl, found)).toMatch(/^fits/);
        },
      ),
    );
  });
});
