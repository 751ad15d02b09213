import { describe, expect, test } from 'vitest';
import { type ReadLate, takeInventory } from '../../src/catalog/inventory.ts';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import { neededData } from '../../src/pipeline/needed-data.ts';
import { dir, file, symlink } from '../support/tar-writer.ts';
import { inventoryOf, surveyOf } from './support.ts';

const db = 'var/lib/lines/db';
const others = ['bin/a', 'bin/b', 'lib/c', 'lib/d'].map((name) => file(name));
const base = [file(db, 'a 1\nb 1\n'), ...others];
const removed = {
  code: 'lines/database-removed',
  message: 'the lines package database of layer 0 was removed, and what it lists was not',
  layer: 0,
  blinding: true,
};

describe('a package database that a later layer takes away', () => {
  test.each([
    ['by a whiteout', [file('var/lib/lines/.wh.db')]],
    ['with its folder', [file('var/.wh.lib')]],
    ['by an empty file', [file(db, '')]],
    ['by a folder', [dir(db)]],
    ['by a link to nowhere', [symlink(db, '/nowhere')]],
    ['with a few of its files', [file('var/.wh.lib'), file('bin/.wh.a')]],
  ])('%s blinds while what it lists is there', async (_name, top) => {
    expect((await inventoryOf([base, top])).problems).toEqual([removed]);
  });

  test.each([
    ['with most of its layer', [file('.wh.var'), file('.wh.bin'), file('lib/.wh.c')]],
    ['with all of its layer', [file('.wh..wh..opq'), file('new')]],
    ['but writes anew', [file(db, 'c 1')]],
  ])('%s hides nothing', async (_name, top) => {
    expect((await inventoryOf([base, top])).problems).toEqual([]);
  });

  test('that was written again and again is said once a layer', async () => {
    const layers = [base, [file(db, 'a 2'), file('bin/e'), file('bin/f')], [file('var/.wh.lib')]];
    const { problems } = await inventoryOf(layers);
    expect(problems.map(({ code, layer }) => [code, layer])).toEqual([
      ['lines/database-removed', 0],
      ['lines/database-removed', 1],
    ]);
  });
});

describe('a distribution that a later layer gives another name', () => {
  const dpkg = file('var/lib/dpkg/status', 'Package: a\nStatus: install ok installed\nVersion: 1\n');
  const apk = file('lib/apk/db/installed', 'P:b\nV:1-r0\nA:x86_64\n\n');
  const debian = file('etc/os-release', 'ID=debian\nVERSION_ID=12\n');
  const alpine = file('etc/os-release', 'ID=alpine\nVERSION_ID=3.18.1\n');
  const nothing: ReadLate = async () => [];

  const problemsOf = async (...layers: (readonly Buffer[])[]) => {
    const surveys = layers.map((entries) => surveyOf(entries, ecosystems));
    const inventory = await takeInventory(surveys, ecosystems, nothing);
    return neededData(inventory, ['installed'], ecosystems, undefined).problems.map(({ code, blinding }) => [
      code,
      blinding,
    ]);
  };

  test('keeps its packages: they are not those of some other package manager', async () => {
    expect(await problemsOf([debian, dpkg], [alpine, apk])).toEqual([['data/no-advisories', true]]);
    expect(await problemsOf([alpine, dpkg, apk])).toEqual([['data/no-advisories', false]]);
    expect(await problemsOf([debian, dpkg], [debian])).toEqual([]);
  });

  test('its broken database still blinds', async () => {
    const broken = file('var/lib/dpkg/status', 'no field\n');
    const blinding = async (...layers: (readonly Buffer[])[]) => {
      const surveys = layers.map((entries) => surveyOf(entries, ecosystems));
      const { problems } = await takeInventory(surveys, ecosystems, nothing);
      return problems.map((problem) => [problem.code, problem.blinding]);
    };
    expect(await blinding([debian, broken], [alpine, apk])).toEqual([['deb/unreadable', true]]);
    expect(await blinding([alpine, broken, apk])).toEqual([['deb/unreadable', false]]);
  });
});
