import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command as db } from '../../src/cli/db.ts';
import { command as scan } from '../../src/cli/scan.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { SluiceError } from '../../src/util/error.ts';
import { scratchFolder } from '../support/cli.ts';
import { addIndex, archiveOf, buildImage, ociFiles, sha256 } from '../support/image-writer.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { file, tar } from '../support/tar-writer.ts';
import { buildZip } from '../support/zip.ts';

const folder = scratchFolder();
const inFolder = (name: string): string => join(folder, name);
const image = buildImage({
  layers: [{ tar: tar(file('app/node_modules/lodash/package.json', '{"name":"lodash","version":"4.17.4"}')) }],
});
const digest = image.manifest.digest;
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const context = 'https://openvex.dev/ns/v0.2.0';
let registry: TestRegistry;

interface Outcome {
  readonly code: number | string;
  readonly report: string;
  readonly table: string;
  readonly evidence: Evidence;
}

/** Scans, with a JSON report and a table. */
async function scanned(target: string, ...more: readonly string[]): Promise<Outcome> {
  const [json, table] = [inFolder('report.json'), inFolder('report.txt')];
  const args = [target, ...more, '-o', `json=${json}`, '-o', `table=${table}`, '--data-age', 'never:never'];
  const all = [...args, '--cache-dir', inFolder('cache'), '--quiet'];
  const code = await scan.run({ args: all, env: {}, version: '1.2.3', build: 'test' }).catch((thrown: unknown) => {
    if (thrown instanceof SluiceError) return `${thrown.code}: ${thrown.message}`;
    throw thrown;
  });
  if (typeof code === 'string') return { code, report: '', table: '', evidence: {} as Evidence };
  const report = readFileSync(json, 'utf8');
  return { code, report, table: readFileSync(table, 'utf8'), evidence: JSON.parse(report) as Evidence };
}

/** A document of one statement on the flaw in lodash. */
function openVex(id: string, parts: object = {}): object {
  const statement = {
    vulnerability: { name: 'CVE-2026-1' },
    products: [{ '@id': 'pkg:npm/lodash@4.17.4' }],
    status: 'not_affected',
    justification: 'vulnerable_code_not_in_execute_path',
    ...parts,
  };
  const timestamp = '2026-02-01T00:00:00Z';
  return { '@context': context, '@id': id, author: 'Shop team', timestamp, statements: [statement] };
}

function written(name: string, value: unknown): string {
  writeFileSync(inFolder(name), typeof value === 'string' ? value : JSON.stringify(value));
  return inFolder(name);
}

/** The documents by their ids, with how many statements apply and whether they are believed. */
function documentsOf({ evidence: { vex = [] } }: Outcome): unknown {
  return vex.map(({ document, applied, believed }) => [document, applied, believed]).sort();
}

beforeAll(async () => {
  const events = [{ introduced: '0' }, { fixed: '9.0.0' }];
  const record = {
    id: 'GHSA-aaaa-aaaa-aaaa',
    aliases: ['CVE-2026-1'],
    modified: '2026-01-01T00:00:00Z',
    database_specific: { severity: 'CRITICAL' },
    affected: [{ package: { ecosystem: 'npm', name: 'lodash' }, ranges: [{ type: 'SEMVER', events }] }],
  };
  mkdirSync(inFolder('export/npm'), { recursive: true });
  const entries = [{ name: `${record.id}.json`, body: JSON.stringify(record) }];
  writeFileSync(inFolder('export/npm/all.zip'), buildZip(entries));
  const args = ['update', '--from', inFolder('export'), '--cache-dir', inFolder('cache'), '--quiet'];
  expect(await db.run({ args, env: {}, version: '1.2.3', build: 'test' })).toBe(0);
  writeFileSync(inFolder('image.tar'), archiveOf(ociFiles(image)));
  registry = await startRegistry();
});

afterAll(() => registry.close());

describe('--vex FILE', () => {
  const target = inFolder('image.tar');

  test('answers a finding that stops, and gives the same bytes again', async () => {
    expect((await scanned(target)).code).toBe(2);
    const vex = written('vex.json', openVex('vex-1'));
    const first = await scanned(target, '--vex', vex);
    expect([first.code, documentsOf(first)]).toEqual([0, [['vex-1', 1, true]]]);
    expect(first.evidence.findings[0]?.answered).toEqual({
      by: 'vex',
      because: 'Shop team says not_affected (vulnerable_code_not_in_execute_path) in vex-1 of 2026-02-01',
    });
    const again = await scanned(target, '--vex', vex);
    expect([again.report === first.report, again.table === first.table]).toEqual([true, true]);
    const fresh = await scanned(target, '--vex', vex, '--no-layer-cache');
    expect([fresh.report === first.report, fresh.table === first.table]).toEqual([true, true]);
  });

  test('that changes is never answered from what was known before', async () => {
    const vex = written('changing.json', openVex('vex-2'));
    expect((await scanned(target, '--vex', vex)).code).toBe(0);
    written('changing.json', openVex('vex-2', { status: 'affected', action_statement: 'Update.' }));
    expect((await scanned(target, '--vex', vex)).code).toBe(2);
    written('changing.json', openVex('vex-2'));
    expect((await scanned(target, '--vex', vex)).code).toBe(0);
    expect((await scanned(target)).code).toBe(2);
  });

  test('and neither is what a repository lists it for', async () => {
    mkdirSync(inFolder('hub'), { recursive: true });
    written('hub/vex.json', openVex('vex-3'));
    const listed = (id: string): string => written('hub/index.json', { packages: [{ id, location: 'vex.json' }] });
    const codes: unknown[] = [];
    for (const id of ['pkg:npm/lodash', 'pkg:npm/other', 'pkg:npm/lodash']) {
      listed(id);
      codes.push((await scanned(target, '--vex', inFolder('hub'))).code);
    }
    expect(codes).toEqual([0, 2, 0]);
    listed('pkg:npm/other');
    expect((await scanned(target, '--vex', inFolder('hub/vex.json'))).code).toBe(0);
    expect((await scanned(target, '--vex', inFolder('hub'))).code).toBe(2);
  });

  test('of which nothing applies stands in the reports all the same', async () => {
    const vex = written('idle.json', openVex('vex-idle', { products: [{ '@id': 'pkg:npm/lodash@4.17.5' }] }));
    const idle = await scanned(target, '--vex', vex);
    expect([idle.code, documentsOf(idle)]).toEqual([2, [['vex-idle', 0, true]]]);
    expect(idle.table).toMatch(/vex-idle/);
  });

  test.each([
    ['nothing', undefined, /^file\/missing: no\.json does not exist$/],
    ['something else', '{"name":"x"}', /^vex\/unknown: no\.json: it is no VEX document that is known$/],
    ['an empty file', '', /^vex\/empty: no\.json: the file is empty$/],
    ['no JSON', 'x', /^json\/malformed: no\.json: not JSON/],
  ])('that is %s is refused', async (_what, text, failure) => {
    if (text !== undefined) written('no.json', text);
    expect((await scanned(target, '--vex', inFolder('no.json'))).code).toMatch(failure);
  });
});

describe('VEX that is attached to an image', () => {
  const about = { subject: [{ name: 'shop', digest: { sha256: digest.slice(7) } }] };
  const statement = (predicate: object): object => ({
    ...about,
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: context,
    predicate,
  });
  const envelope = (payload: object): object => ({
    payloadType: 'application/vnd.in-toto+json',
    payload: Buffer.from(JSON.stringify(payload)).toString('base64'),
    signatures: [],
  });

  /** Puts a manifest with one document beside the image. */
  function put(document: object, mediaType: string, tag: string | undefined, more: object = {}): Buffer {
    const bytes = Buffer.from(JSON.stringify(document));
    const config = Buffer.from('{}');
    for (const blob of [bytes, config]) registry.putBlob('shop', blob);
    const descriptor = (blob: Buffer, type: string) => ({ mediaType: type, digest: sha256(blob), size: blob.length });
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestType,
        config: descriptor(config, 'application/vnd.oci.empty.v1+json'),
        layers: [descriptor(bytes, mediaType)],
        ...more,
      }),
    );
    registry.putManifest('shop', tag, manifest, manifestType);
    return manifest;
  }

  const without = { products: undefined };
  let target = '';

  beforeAll(() => {
    const built = put(statement(openVex('buildkit', without)), 'application/vnd.in-toto+json', undefined);
    const blobs = new Map(image.blobs);
    const annotations = {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': digest,
    };
    const attestation = { mediaType: manifestType, digest: sha256(built), size: built.length, annotations };
    const index = addIndex(blobs, [image.manifest, attestation]);
    for (const [name, bytes] of blobs) {
      if (name === digest) registry.putManifest('shop', undefined, bytes, manifestType);
      else if (name === index.digest) registry.putManifest('shop', '1', bytes, index.mediaType);
      else registry.putBlob('shop', bytes);
    }
    const tag = `sha256-${digest.slice(7)}`;
    put(envelope(statement(openVex('cosign', without))), 'application/vnd.dsse.envelope.v1+json', `${tag}.att`);
    const artifactType = 'application/openvex+json';
    const subject = { mediaType: manifestType, digest, size: 1 };
    const referrer = put(openVex('referrer', without), artifactType, undefined, { artifactType, subject });
    const listed = { mediaType: manifestType, digest: sha256(referrer), size: referrer.length, artifactType };
    const list = JSON.stringify({ schemaVersion: 2, mediaType: index.mediaType, manifests: [listed] });
    registry.putManifest('shop', tag, Buffer.from(list), index.mediaType);
    target = `${registry.host}/shop:1`;
  });

  const all = (believed: boolean) => ['buildkit', 'cosign', 'referrer'].map((id) => [id, 1, believed]);

  test('is not looked for unless the user says so', async () => {
    const plain = await scanned(target);
    expect([plain.code, plain.evidence.vex]).toEqual([2, undefined]);
  });

  test('attached: is shown and decides nothing', async () => {
    const shown = await scanned(target, '--vex', 'attached');
    expect([shown.code, documentsOf(shown)]).toEqual([2, all(false)]);
    expect(shown.evidence.findings[0]?.statements?.length).toBe(3);
    expect((await scanned(target, '--vex', 'attached')).report).toBe(shown.report);
  });

  test('attached-unverified: is believed, from all three places, and gives the same bytes again', async () => {
    const believed = await scanned(target, '--vex', 'attached-unverified');
    expect([believed.code, documentsOf(believed)]).toEqual([0, all(true)]);
    expect((await scanned(target, '--vex', 'attached-unverified')).report).toBe(believed.report);
    expect((await scanned(target)).code).toBe(2);
  });

  test('what is attached later counts in the next scan, though the image is known', async () => {
    expect((await scanned(target, '--vex', 'attached-unverified')).code).toBe(0);
    const newer = { ...openVex('newer', { ...without, status: 'affected' }), timestamp: '2026-03-01T00:00:00Z' };
    const type = 'application/vnd.dsse.envelope.v1+json';
    put(envelope(statement(newer)), type, `sha256-${digest.slice(7)}.att`);
    expect((await scanned(target, '--vex', 'attached-unverified')).code).toBe(2);
    const vex = written('last.json', { ...openVex('last'), timestamp: '2026-04-01T00:00:00+02:00' });
    expect((await scanned(target, '--vex', 'attached-unverified', '--vex', vex)).code).toBe(0);
  });
});
