import { describe, expect, test } from 'vitest';
import { fits } from '../../../src/match/vex/fits.ts';
import { sceneOf } from '../../../src/match/vex/scene.ts';
import type { Package } from '../../../src/model/package.ts';
import type { VexProduct } from '../../../src/model/vex.ts';
import { finding, image, pack, product } from './make.ts';

function fitsIn(one: VexProduct, found: Package, packages: readonly Package[]): boolean {
  return fits(one, finding(found), sceneOf(image, packages, [])).fits;
}

describe('a product in the image holds the package', () => {
  const main = pack('pkg:golang/example.com/tool@v1.0.0', { presence: 'application', paths: ['/bin/tool'] });
  const net = pack('pkg:golang/golang.org/x/net@v0.28.0', { paths: ['/bin/tool'] });
  const yaml = pack('pkg:golang/gopkg.in/yaml.v3@v3.0.1', { paths: ['/bin/tool'] });
  const tool = 'pkg:golang/example.com/tool';

  test('as a program that it is compiled into', () => {
    expect(fitsIn(product(tool, 'pkg:golang/golang.org/x/net@0.28.0'), net, [main, net])).toBe(true);
    expect(fitsIn(product(`${tool}@v1.0.0`), net, [main, net])).toBe(true);
    expect(fitsIn(product(tool, 'pkg:golang/golang.org/x/net@0.29.0'), net, [main, net])).toBe(false);
    expect(fitsIn(product(`${tool}@v1.0.1`), net, [main, net])).toBe(false);
  });

  test('and not as another library in the same program', () => {
    expect(fitsIn(product('pkg:golang/gopkg.in/yaml.v3'), net, [main, net, yaml])).toBe(false);
  });

  test('only when it holds it wherever it is', () => {
    const twice = { ...net, paths: ['/bin/tool', '/bin/other'] };
    const second = { ...main, paths: ['/bin/other', '/bin/tool'] };
    expect(fitsIn(product(tool), twice, [main, twice])).toBe(false);
    expect(fitsIn(product(tool), twice, [second, twice])).toBe(true);
  });

  test('as an archive around it', () => {
    const war = pack('pkg:maven/org.acme/shop@1.0', { paths: ['/srv/shop.war'] });
    const jar = pack('pkg:maven/org.lib/lib@2', { paths: ['/srv/shop.war!/WEB-INF/lib/lib.jar'] });
    const deep = pack('pkg:maven/org.lib/deep@2', { paths: ['/srv/shop.war!/WEB-INF/lib/lib.jar!/x.jar'] });
    const all = [war, jar, deep];
    expect(all.map((one) => fitsIn(product('pkg:maven/org.acme/shop'), one, all))).toEqual([true, true, true]);
    expect(all.map((one) => fitsIn(product('pkg:maven/org.lib/lib'), one, all))).toEqual([false, true, true]);
  });

  test('as an npm package with modules of its own', () => {
    const app = pack('pkg:npm/app@1.0.0', { paths: ['/app/package.json'] });
    const inner = pack('pkg:npm/inner@1.0.0', { paths: ['/app/node_modules/inner/package.json'] });
    const next = pack('pkg:npm/next@1.0.0', { paths: ['/app/node_modules/next/package.json'] });
    expect(fitsIn(product('pkg:npm/app'), inner, [app, inner, next])).toBe(true);
    expect(fitsIn(product('pkg:npm/next'), inner, [app, inner, next])).toBe(false);
  });

  test('as the package of a distribution whose files they are', () => {
    const owner = pack('pkg:deb/debian/docker.io@20.10');
    const owned = { ...net, ownedBy: owner.purl };
    expect(fitsIn(product('pkg:deb/debian/docker.io'), owned, [owner, owned])).toBe(true);
    expect(fitsIn(product('pkg:deb/debian/docker.io'), net, [owner, net])).toBe(false);
  });
});
