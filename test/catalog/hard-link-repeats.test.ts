import { describe, expect, test } from 'vitest';
import { Surveyor } from '../../src/catalog/surveyor.ts';
import type { Ecosystem } from '../../src/ecosystem/contract.ts';
import type { TarEntry } from '../../src/format/tar/contract.ts';
import { digestOfHex } from '../../src/model/digest.ts';
import { order } from '../../src/version/semver.ts';

/** A kind of package whose files name one package by their content; `byPath` adds the path to the name. */
function plugin(byPath: boolean): Ecosystem {
  return {
    id: 'plain',
    title: 'test packages',
    recognises: [],
    revision: 1,
    database: false,
    limit: 100,
    order,
    claims: (path) => path.startsWith('bin/'),
    bytesAlone: () => !byPath,
    parse: ({ path, bytes }) => ({
      packages: [{ name: byPath ? `${path} ${bytes}` : `${bytes}`, version: '1', presence: 'installed' }],
      problems: [],
    }),
    purl: ({ name }) => `pkg:plain/${name}`,
    advisories: () => undefined,
  };
}

const file = (path: string): TarEntry => ({ path, type: 'file', size: 2, mode: 0o755, uid: 0, gid: 0, link: '' });
const link = (path: string, target: string): TarEntry => ({ ...file(path), type: 'hardlink', size: 0, link: target });

function surveyed(...ecosystems: readonly Ecosystem[]): { again: number; names: string[] } {
  const surveyor = new Surveyor(ecosystems);
  const sink = surveyor.entry(file('bin/perl'));
  sink?.write(Buffer.from('go'));
  sink?.end();
  surveyor.entry(link('bin/perl5', 'bin/perl'));
  const again = surveyor.hardLinks().size;
  const { files } = surveyor.finish(digestOfHex('0'.repeat(64)), 0);
  return { again, names: files.map(({ entry, packages }) => `${entry} ${packages[0]?.name}`) };
}

describe('a claimed hard link to a body that was read', () => {
  test('says the same again where the bytes alone decide, without a second pass', () => {
    expect(surveyed(plugin(false))).toEqual({ again: 0, names: ['0 go', '1 go'] });
  });

  test('needs no second pass for a reader that goes by the size and found nothing: the link has none', () => {
    const nothing: Ecosystem = {
      ...plugin(false),
      id: 'sized',
      claims: (path, { size }) => path.startsWith('bin/') && size > 0,
      parse: () => ({ packages: [], problems: [] }),
    };
    expect(surveyed(plugin(false), nothing)).toEqual({ again: 0, names: ['0 go', '1 go'] });
    const something = { ...plugin(false), id: 'sized', claims: nothing.claims };
    expect(surveyed(plugin(false), something)).toEqual({ again: 1, names: ['0 go', '0 go'] });
  });

  test('is read in a second pass where the path counts too', () => {
    expect(surveyed(plugin(true))).toEqual({ again: 1, names: ['0 bin/perl go'] });
  });
});
