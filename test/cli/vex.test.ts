import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command as db } from '../../src/cli/db.ts';
import { command as vex } from '../../src/cli/vex.ts';
import type { SluiceError } from '../../src/util/error.ts';
import { openVexFaults } from '../report/vex/openvex-rules.ts';
import { scratchFolder } from '../support/cli.ts';
import { addIndex, archiveOf, buildImage, dockerFiles, ociFiles } from '../support/image-writer.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { file, tar } from '../support/tar-writer.ts';
import { buildZip } from '../support/zip.ts';

const folder = scratchFolder();
const cache = join(folder, 'cache');
const inFolder = (name: string): string => join(folder, name);
const purl = 'pkg:npm/lodash@4.17.4';
const image = buildImage({
  layers: [{ tar: tar(file('app/node_modules/lodash/package.json', '{"name":"lodash","version":"4.17.4"}')) }],
});
const bare = (digest: string): string => digest.slice('sha256:'.length);
let registry: TestRegistry;

type Json = Record<string, unknown>;

/** Runs an action; what it says beside its result is on standard error, where nobody looks here. */
async function run(...args: string[]): Promise<number | string> {
  const env = { SOURCE_DATE_EPOCH: '1767323045', SLUICE_AUTHOR: 'Shop team' };
  try {
    return await vex.run({ args: [...args, '--cache-dir', cache, '--quiet'], env, version: '1.2.3', build: 'test' });
  } catch (thrown) {
    return (thrown as SluiceError).code;
  }
}

function readJson(name: string): Json {
  return JSON.parse(readFileSync(inFolder(name), 'utf8')) as Json;
}

const fixed = ['--id', 'CVE-2026-1', '--status', 'fixed'];

beforeAll(async () => {
  const events = [{ introduced: '0' }, { fixed: '9.0.0' }];
  const affected = [{ package: { ecosystem: 'npm', name: 'lodash' }, ranges: [{ type: 'SEMVER', events }] }];
  const body = (id: string, cve: string) =>
    JSON.stringify({ id, aliases: [cve], modified: '2026-01-01T00:00:00Z', affected });
  const names = [
    ['GHSA-aaaa-aaaa-aaaa', 'CVE-2026-1'],
    ['GHSA-bbbb-bbbb-bbbb', 'CVE-2026-2'],
  ] as const;
  mkdirSync(inFolder('export/npm'), { recursive: true });
  const entries = names.map(([id, cve]) => ({ name: `${id}.json`, body: body(id, cve) }));
  writeFileSync(inFolder('export/npm/all.zip'), buildZip(entries));
  const args = ['update', '--from', inFolder('export'), '--cache-dir', cache, '--quiet'];
  expect(await db.run({ args, env: {}, version: '1.2.3', build: 'test' })).toBe(0);
  writeFileSync(inFolder('image.tar'), archiveOf(ociFiles(image)));
  writeFileSync(inFolder('docker.tar'), archiveOf(dockerFiles(image, ['shop:1'])));
  mkdirSync(inFolder('tree/node_modules/lodash'), { recursive: true });
  writeFileSync(inFolder('tree/node_modules/lodash/package.json'), '{"name":"lodash","version":"4.17.4"}');
  registry = await startRegistry();
});

afterAll(() => registry.close());

describe('sluice vex create', () => {
  test('writes an OpenVEX document of what was decided', async () => {
    const more = ['--as', 'registry.example/shop:1', '-o', inFolder('made.json')];
    expect(await run('create', inFolder('image.tar'), ...fixed, ...more)).toBe(0);
    const made = readJson('made.json');
    const subcomponents = [{ '@id': purl }];
    const oci = `pkg:oci/shop@sha256%3A${bare(image.manifest.digest)}?repository_url=registry.example%2Fshop`;
    const hashes = { 'sha-256': bare(image.manifest.digest) };
    expect(made).toEqual({
      '@context': 'https://openvex.dev/ns/v0.2.0',
      '@id': expect.stringMatching(/^urn:uuid:/),
      author: 'Shop team',
      timestamp: '2026-01-02T03:04:05Z',
      version: 1,
      tooling: 'sluice 1.2.3',
      statements: [
        {
          vulnerability: { name: 'CVE-2026-1', aliases: ['GHSA-aaaa-aaaa-aaaa'] },
          products: [
            { '@id': oci, identifiers: { purl: oci }, hashes, subcomponents },
            { '@id': image.manifest.digest, hashes, subcomponents },
            { '@id': image.config.digest, hashes: { 'sha-256': bare(image.config.digest) }, subcomponents },
          ],
          status: 'fixed',
        },
      ],
    });
    expect(openVexFaults(made)).toEqual([]);
    const before = readFileSync(inFolder('made.json'), 'utf8');
    expect(await run('create', inFolder('image.tar'), ...fixed, ...more)).toBe(0);
    expect(readFileSync(inFolder('made.json'), 'utf8')).toBe(before);
  });

  test('names an image of a registry by its repository, its manifest and its index', async () => {
    const blobs = new Map(image.blobs);
    const index = addIndex(blobs, [image.manifest]);
    for (const [digest, bytes] of blobs) {
      if (digest === image.manifest.digest)
        registry.putManifest('shop/app', undefined, bytes, image.manifest.mediaType);
      else if (digest === index.digest) registry.putManifest('shop/app', 'multi', bytes, index.mediaType);
      else registry.putBlob('shop/app', bytes);
    }
    const ids = async (reference: string): Promise<unknown[]> => {
      expect(await run('create', reference, ...fixed, '-o', inFolder('pulled.json'))).toBe(0);
      const [statement] = readJson('pulled.json').statements as { products: Json[] }[];
      return statement!.products.map((product) => product['@id']);
    };
    const place = `repository_url=${registry.host.replaceAll('/', '%2F')}%2Fshop%2Fapp`;
    const expected = [
      `pkg:oci/app@sha256%3A${bare(image.manifest.digest)}?${place}`,
      `pkg:oci/app@sha256%3A${bare(index.digest)}?${place}`,
      image.manifest.digest,
      index.digest,
      image.config.digest,
    ];
    expect(await ids(`${registry.host}/shop/app:multi`)).toEqual(expected);
    expect(await ids(`${registry.host}/shop/app@${index.digest}`)).toEqual(expected);
    const alone = expected.filter((id) => !id.includes(bare(index.digest)));
    expect(await ids(`${registry.host}/shop/app@${image.manifest.digest}`)).toEqual(alone);
  });

  test('adds to a document in place, or writes another', async () => {
    expect(await run('create', inFolder('docker.tar'), ...fixed, '-o', inFolder('kept.json'))).toBe(0);
    const before = readJson('kept.json');
    const second = ['--id', 'GHSA-BBBB-bbbb-bbbb', '--status', 'affected', '--action', 'update'];
    const more = ['--add-to', inFolder('kept.json')];
    expect(await run('create', inFolder('docker.tar'), ...second, ...more, '-o', inFolder('both.json'))).toBe(0);
    expect(readJson('kept.json')).toEqual(before);
    expect(await run('create', inFolder('docker.tar'), ...second, ...more)).toBe(0);
    const after = readJson('kept.json');
    expect(after).toEqual(readJson('both.json'));
    expect(openVexFaults(after)).toEqual([]);
    expect([after['@id'], after.version]).toEqual([before['@id'], 2]);
    expect((after.statements as Json[]).map(({ status }) => status)).toEqual(['fixed', 'affected']);
    writeFileSync(inFolder('twice.json'), '{"@context":"https://openvex.dev/ns/v0.2.0","author":"a","author":"b"}');
    expect(await run('create', inFolder('docker.tar'), ...fixed, '--add-to', inFolder('twice.json'))).toBe(
      'json/repeated',
    );
    writeFileSync(inFolder('other.json'), '{"document":{}}');
    expect(await run('create', inFolder('docker.tar'), ...fixed, '--add-to', inFolder('other.json'))).toBe(
      'vex/not-openvex',
    );
  });

  test('takes many decisions from a file, and packages as products where there is no image', async () => {
    const entries = [
      { id: 'CVE-2026-1', status: 'not_affected', justification: 'vulnerable_code_not_present' },
      { id: 'CVE-2026-2', package: 'pkg:npm/lodash', status: 'under_investigation' },
    ];
    writeFileSync(inFolder('triage.json'), JSON.stringify(entries));
    const more = ['--triage', inFolder('triage.json'), '-o', inFolder('tree.json')];
    expect(await run('create', inFolder('tree'), ...more)).toBe(0);
    const products = [{ '@id': purl, identifiers: { purl } }];
    expect(readJson('tree.json').statements).toEqual([
      {
        vulnerability: { name: 'CVE-2026-1', aliases: ['GHSA-aaaa-aaaa-aaaa'] },
        products,
        status: 'not_affected',
        justification: 'vulnerable_code_not_present',
      },
      {
        vulnerability: { name: 'CVE-2026-2', aliases: ['GHSA-bbbb-bbbb-bbbb'] },
        products,
        status: 'under_investigation',
      },
    ]);
    expect(await run('create', inFolder('tree'), ...more, '--status', 'fixed')).toBe('usage/triage');
    expect(await run('create', inFolder('tree'), ...fixed, '--as', 'shop:1')).toBe('usage/as');
  });

  test('says what is missing or wrong before anything is read', async () => {
    expect(await run('create')).toBe('usage/no-target');
    expect(await run('create', 'a', 'b')).toBe('usage/operands');
    expect(await run('create', inFolder('none'), '--status', 'fixed')).toBe('usage/id');
    expect(await run('create', inFolder('none'), '--id', 'CVE-1')).toBe('vex/status');
    expect(await run('create', inFolder('none'), ...fixed, '--author', ' ')).toBe('usage/author');
    expect(await run('create', inFolder('image.tar'), '--id', 'CVE-2026-3', '--status', 'fixed')).toBe(
      'vex/no-such-finding',
    );
    expect(await run('crate')).toBe('usage/vex');
    expect(await run()).toBe('usage/vex');
    expect(await vex.help([])).toContain('  create TARGET --id ID --status STATUS --author NAME  writes');
    expect(await vex.help(['create'])).toContain('--justification WORD  why it is');
  });
});

describe('sluice vex explain', () => {
  test('says what a created document comes to', async () => {
    expect(await run('create', inFolder('image.tar'), ...fixed, '-o', inFolder('asked.json'))).toBe(0);
    const asked = ['--vex', inFolder('asked.json'), '-o', `json=${inFolder('explained.json')}`];
    expect(await run('explain', 'ghsa-AAAA-aaaa-aaaa', inFolder('docker.tar'), ...asked)).toBe(0);
    const { findings, idle, documents } = readJson('explained.json') as Record<string, Json[]>;
    expect(findings).toMatchObject([
      {
        id: 'CVE-2026-1',
        package: purl,
        answered: { by: 'vex' },
        statements: [{ effect: 'decides', status: 'fixed' }],
      },
    ]);
    expect(idle).toEqual([]);
    expect(documents).toMatchObject([{ file: 'asked.json', statements: 1, applied: 1, unread: [] }]);
    expect(await run('explain', inFolder('image.tar'), ...asked)).toBe(0);
    expect((readJson('explained.json').findings as Json[]).map(({ id }) => id)).toEqual(['CVE-2026-1']);
    const table = ['--vex', inFolder('asked.json'), '-o', `table=${inFolder('explained.txt')}`];
    expect(await run('explain', 'CVE-2026-1', inFolder('image.tar'), ...table)).toBe(0);
    expect(readFileSync(inFolder('explained.txt'), 'utf8')).toMatch(/^CVE-2026-1 in image.tar · sha256:/);
  });

  test('says what is missing', async () => {
    expect(await run('explain', '--vex', 'x')).toBe('usage/no-target');
    expect(await run('explain', inFolder('image.tar'))).toBe('usage/vex');
    expect(await run('explain', inFolder('image.tar'), '--vex', inFolder('asked.json'), '-o', 'xml')).toBe(
      'usage/output',
    );
    expect(await run('explain', 'CVE-1', inFolder('image.tar'), '--vex', inFolder('asked.json'))).toBe(
      'vex/no-such-flaw',
    );
  });
});
