import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { memoryAdvisoryDb } from '../../src/advisory/memory.ts';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import { scan } from '../../src/pipeline/scan.ts';
import { identifyTarget } from '../../src/source/target.ts';
import {
  archiveOf,
  buildImage,
  dockerFiles,
  legacyDockerArchive,
  ociFiles,
  type Packing,
  writeFolder,
  zstdStored,
} from '../support/image-writer.ts';
import { file, symlink, tar } from '../support/tar-writer.ts';
import { noRegistry, scratch, written } from './support.ts';

const fresh = scratch();
const put = (bytes: Buffer) => written(fresh('image'), bytes);
const zstdProgram = spawnSync('zstd', ['--version']).status === 0;

function build(...packings: readonly Packing[]) {
  const stanza = (name: string, version: string) => `P:${name}\nV:${version}\nA:x86_64\no:${name}\n\n`;
  const base = tar(
    file('etc/os-release', 'ID=alpine\nVERSION_ID=3.18.1\n'),
    file('lib/apk/db/installed', stanza('musl', '1.2.4-r0')),
    file('app/package.json', '{"name":"gone","version":"1.0.0"}'),
  );
  const top = tar(
    file('lib/apk/db/installed', stanza('musl', '1.2.4-r0') + stanza('zlib', '1.2.13-r1')),
    file('.wh.app'),
    symlink('x', '/etc'),
  );
  const layers = [base, top].map((bytes, i) => ({ tar: bytes, packing: packings[i % packings.length] ?? 'gzip' }));
  return buildImage({ layers });
}

const record = {
  schema_version: '1.7.0',
  id: 'ALPINE-CVE-2024-1',
  modified: '2024-01-02T00:00:00Z',
  published: '2024-01-01T00:00:00Z',
  upstream: ['CVE-2024-1'],
  summary: 'a flaw',
  affected: [
    {
      package: { ecosystem: 'Alpine:v3.18', name: 'zlib' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.2.13-r2' }] }],
    },
  ],
};

async function look(path: string) {
  const db = memoryAdvisoryDb([record], 'osv-export');
  const { target, packages, findings, problems } = await scan(identifyTarget(path), {
    ecosystems,
    access: noRegistry,
    platform: { platform: { os: 'linux', architecture: 'amd64' }, explicit: false },
    data: { sources: db.sources, feeds: [], open: async () => db },
  });
  return {
    id: target.id,
    digest: target.digest,
    diffIds: target.layers.map(({ diffId }) => diffId),
    packages: packages.map(({ name, version, layer, paths }) => [name, version, layer, paths]),
    findings: findings.map(({ id, name, fixed }) => [id, name, fixed]),
    problems,
  };
}

describe('one image', () => {
  const image = build('gzip');
  const expected = {
    id: image.config.digest,
    diffIds: image.layers.map(({ diffId }) => diffId),
    packages: [
      ['musl', '1.2.4-r0', 0, ['/lib/apk/db/installed']],
      ['zlib', '1.2.13-r1', 1, ['/lib/apk/db/installed']],
    ],
    findings: [['CVE-2024-1', 'zlib', ['1.2.13-r2']]],
    problems: [],
  };

  test.each([
    ['a layout folder', () => writeFolder(fresh('layout'), ociFiles(image)), true],
    ['an archive', () => put(archiveOf(ociFiles(image))), true],
    ['an archive in gzip', () => put(gzipSync(archiveOf(ociFiles(image)))), true],
    ['an archive in zstd', () => put(zstdStored(archiveOf(ociFiles(image)))), true],
    ['a docker archive', () => put(archiveOf(dockerFiles(image))), false],
    ['a docker archive in gzip', () => put(gzipSync(archiveOf(dockerFiles(image)))), false],
    ['a docker archive in zstd', () => put(zstdStored(archiveOf(dockerFiles(image)))), false],
    ['a docker archive of packed layers', () => put(archiveOf(dockerFiles(image, [], true))), false],
    ['an old docker archive', () => put(legacyDockerArchive(image)), false],
  ])('as %s says the same', async (_form, write, hasDigest) => {
    expect(await look(write())).toEqual({ ...expected, digest: hasDigest ? image.manifest.digest : undefined });
  });

  test.each<[string, Packing[]]>([
    ['plain', ['none']],
    ['zstd', ['zstd']],
    ['mixed', ['zstd', 'none']],
  ])('with %s layers has the same packages', async (_form, packings) => {
    const { packages, findings } = await look(put(archiveOf(ociFiles(build(...packings)))));
    expect({ packages, findings }).toEqual({ packages: expected.packages, findings: expected.findings });
  });

  test.skipIf(!zstdProgram)('packed by the zstd program says the same', async () => {
    const packed = spawnSync('zstd', ['-19', '-c'], { input: archiveOf(ociFiles(image)) }).stdout;
    expect(await look(put(packed))).toEqual({ ...expected, digest: image.manifest.digest });
  });
});
