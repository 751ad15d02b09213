import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ImageCache } from '../../../src/catalog/image-cache.ts';
import { analyzerVersion, LayerCache } from '../../../src/catalog/layer-cache.ts';
import type { SecretRuleSet } from '../../../src/detect/secrets/contract.ts';
import { ecosystems } from '../../../src/ecosystem/list.gen.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import { type LookKind, lookKinds, type PlacedFinding } from '../../../src/model/placed-finding.ts';
import { EvidenceCache } from '../../../src/pipeline/evidence-cache.ts';
import type { Look, ScanOptions } from '../../../src/pipeline/options.ts';
import { scan } from '../../../src/pipeline/scan.ts';
import { identifyTarget } from '../../../src/source/target.ts';
import { scratchFolder } from '../../support/cli.ts';
import { archiveOf, buildImage, dockerFiles, type ImageSpec, ociFiles } from '../../support/image-writer.ts';
import { file, hardlink, tar } from '../../support/tar-writer.ts';

const scratch = scratchFolder();
let serial = 0;
const fresh = (name: string): string => join(scratch, `${name}-${serial++}`);

/** A kind of secret that no built-in rule knows. */
const rules = (title: string): SecretRuleSet => ({
  digest: `sha256:${title}`,
  rules: [
    {
      id: 'zebra-key',
      title,
      severity: 'critical',
      why: 'Whoever has it can ride.',
      fix: 'Withdraw it.',
      links: [],
      tags: [],
      pattern: 'zebra_[A-Za-z0-9]{32}',
      group: 0,
      keywords: ['zebra_'],
      allowances: [],
      score: 80,
    },
  ],
  allowances: [],
});
const key = (n: number): string => `zebra_${'Qm4Xk9Rt2Wv7Zp5Ld8Hs3Bn6Gc1Fj0'.slice(n)}${'yTaUeIoPq'.slice(0, n)}xy`;

const look = (kinds: readonly LookKind[], more: Partial<Look> = {}): Look => ({
  kinds,
  secretRules: [rules('Zebra key')],
  digest: JSON.stringify([kinds, more]),
  ...more,
});

interface Scanned {
  readonly evidence: Evidence;
  readonly parsed: number;
}

async function scanned(path: string, options: Partial<ScanOptions>, cache?: string): Promise<Scanned> {
  let parsed = 0;
  const counting = ecosystems.map((ecosystem) => ({
    ...ecosystem,
    parse: (claimed: Parameters<typeof ecosystem.parse>[0]) => {
      parsed++;
      return ecosystem.parse(claimed);
    },
  }));
  const layers = cache === undefined ? undefined : new LayerCache(cache, analyzerVersion(counting));
  const evidence = await scan(identifyTarget(path), {
    ecosystems: async () => counting,
    access: { insecure: false, offline: true, env: {} },
    platform: { platform: { os: 'linux', architecture: 'amd64' }, explicit: false },
    ...(layers && cache !== undefined
      ? { caches: { layers, images: new ImageCache(cache, 'a', layers), evidence: new EvidenceCache(cache, 'one') } }
      : {}),
    jobs: 1,
    now: new Date('2026-01-01T00:00:00Z'),
    ...options,
  });
  return { evidence, parsed };
}

function written(spec: ImageSpec, write: (image: ReturnType<typeof buildImage>) => Map<string, Buffer> = ociFiles) {
  const path = fresh('image');
  writeFileSync(path, archiveOf(write(buildImage(spec))));
  return path;
}

const zebras = ({ placed = [] }: Evidence): PlacedFinding[] => placed.filter(({ id }) => id === 'zebra-key');
/** Each place of each finding on one line, with what matters of it. */
const places = (evidence: Evidence): string[] =>
  zebras(evidence).flatMap(({ place, also = [] }) =>
    [place, ...also].map(({ in: where, path = '', name = '', step, layer, removedIn, from, line }) =>
      [where, path, name, `step ${step}`, `layer ${layer}`, `removed ${removedIn}`, from, `line ${line}`].join(' '),
    ),
  );

const release = file('etc/os-release', 'ID=alpine\nVERSION_ID=3.18.1\n');

/** One key that is deleted, one that stays, one that is replaced by a file with the same, one that a link keeps. */
const layered: ImageSpec = {
  layers: [
    { tar: tar(release, file('gone/key', `a\nkey=${key(0)}\n`), file('kept/key', `key=${key(1)}\n`)) },
    { tar: tar(file('twice', `x=${key(2)}\n`), file('first', `y=${key(3)}\n`), hardlink('second', 'first')) },
    { tar: tar(file('gone/.wh.key'), file('twice', `# new\nx=${key(2)}\n`), file('.wh.first')) },
  ],
};

test.each([
  ['an OCI archive', ociFiles],
  ['a docker archive, whose programs are passed over', dockerFiles],
])('secrets of all layers are told with where they are and what took them away: %s', async (_name, write) => {
  const { evidence } = await scanned(written(layered, write), { look: look(['secrets']) });
  expect(places(evidence)).toEqual([
    'file /gone/key  step undefined layer 0 removed 2 own line 2',
    'file /kept/key  step undefined layer 0 removed undefined own line 1',
    'file /second  step undefined layer 1 removed undefined own line 1',
    'file /twice  step undefined layer 1 removed undefined own line 2',
  ]);
  expect(evidence.looked).toEqual(['secrets']);
  expect(JSON.stringify(evidence)).not.toContain(key(0).slice(6, 30));
});

test('the same secret in the configuration and in a file is one finding in several places', async () => {
  const config = {
    config: { Env: [`ZEBRA=${key(0)}`], Labels: { zoo: key(1) }, Cmd: ['run', `--key=${key(2)}`] },
    history: [
      { created_by: '/bin/sh -c #(nop) ADD file:1 in / ' },
      { created_by: `/bin/sh -c #(nop)  ENV ZEBRA=${key(0)}`, empty_layer: true },
      { created_by: `|1 KEY=${key(3)} /bin/sh -c build`, empty_layer: true },
    ],
  };
  const { evidence } = await scanned(written({ layers: [{ tar: tar(release, file('app/key', key(0))) }], config }), {
    look: look(['secrets']),
  });
  expect(places(evidence)).toEqual([
    'configuration  Cmd step undefined layer undefined removed undefined  line undefined',
    'file /app/key  step undefined layer 0 removed undefined own line 1',
    'environment  ZEBRA step 1 layer undefined removed undefined own line undefined',
    'history   step 1 layer undefined removed undefined own line undefined',
    'history   step 2 layer undefined removed undefined own line undefined',
    'label  zoo step undefined layer undefined removed undefined  line undefined',
  ]);
  expect(zebras(evidence)[0]).toMatchObject({ severity: 'critical', title: 'Zebra key', secret: { notes: [] } });
  expect(zebras(evidence)[0]).not.toHaveProperty('secret.value');
});

test('only what is asked for is looked for', async () => {
  const path = written(layered);
  const of = async (kinds: readonly LookKind[]) => (await scanned(path, { look: look(kinds) })).evidence;
  const none = (await scanned(path, {})).evidence;
  expect([none.looked, none.placed, none.licences]).toEqual([undefined, undefined, undefined]);
  expect(zebras(await of(['packages', 'configuration', 'licences']))).toEqual([]);
  expect(await of(['secrets'])).toMatchObject({ packages: [], findings: [], sources: [] });
  expect(await of(['secrets'])).not.toHaveProperty('licences');
  expect((await of(['licences'])).licences).toEqual([]);
});

test('secrets are shown only where that is asked for, and nothing of such a scan is kept', async () => {
  const path = written(layered);
  const cache = fresh('cache');
  await delay(80);
  const shown = await scanned(path, { look: look(['packages', 'secrets'], { showSecrets: true }) }, cache);
  expect(zebras(shown.evidence).map(({ secret }) => secret?.value)).toContain(key(0));
  const after = await scanned(path, { look: look(['packages', 'secrets']) }, cache);
  expect(zebras(after.evidence).map(({ secret }) => secret?.value)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

describe('an image that was scanned before', () => {
  const stanza = 'P:zlib\nV:1\nA:x86_64\no:zlib\n\n';
  const image = { layers: [{ tar: tar(release, file('lib/apk/db/installed', stanza), file('k', key(0))) }] };

  test('is known, with the same evidence to the byte', async () => {
    const path = written(image);
    const cache = fresh('cache');
    await delay(80);
    const cold = await scanned(path, { look: look(lookKinds) }, cache);
    const warm = await scanned(path, { look: look(lookKinds) }, cache);
    expect([cold.parsed, warm.parsed]).toEqual([1, 0]);
    expect(zebras(cold.evidence)).toHaveLength(1);
    expect(JSON.stringify(warm.evidence)).toBe(JSON.stringify(cold.evidence));
  });

  test('is read again for what was not looked for, and not for less', async () => {
    const path = written(image);
    const cache = fresh('cache');
    await delay(80);
    await scanned(path, {}, cache);
    const more = await scanned(path, { look: look(lookKinds) }, cache);
    const less = await scanned(path, { look: look(['packages', 'secrets'], { digest: 'less' }) }, cache);
    const none = await scanned(path, {}, cache);
    expect([more.parsed, less.parsed, none.parsed]).toEqual([1, 0, 0]);
    expect([more, less].map(({ evidence }) => zebras(evidence).length)).toEqual([1, 1]);
    expect(none.evidence.placed).toBeUndefined();
  });

  test('is not read again when the data on flaws is new', async () => {
    const path = written(image);
    const cache = fresh('cache');
    await delay(80);
    const before = await scanned(path, { look: look(lookKinds) }, cache);
    // As if it were of other data; and no layer can be looked up any more.
    for (const kept of ['evidence', 'surveys']) rmSync(join(cache, kept), { recursive: true });
    const phrases: string[] = [];
    const onProgress = (phrase: string): unknown => phrases.push(phrase);
    const after = await scanned(path, { look: look(lookKinds), onProgress }, cache);
    expect(after.parsed).toBe(0);
    expect(phrases).toEqual(['matching 1 packages']);
    expect(after.evidence.placed).toEqual(before.evidence.placed);
    expect(zebras(after.evidence)).toHaveLength(1);
  });

  test('is read again when the rules are others', async () => {
    const path = written(image);
    const cache = fresh('cache');
    await delay(80);
    await scanned(path, { look: look(lookKinds) }, cache);
    const other = look(lookKinds, { secretRules: [rules('Another title')], digest: 'other' });
    const found = await scanned(path, { look: other }, cache);
    expect([found.parsed, zebras(found.evidence).map(({ title }) => title)]).toEqual([1, ['Another title']]);
  });
});

test('folders: a source tree has relative paths, a root filesystem absolute ones', async () => {
  const folder = fresh('tree');
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"name":"a","version":"1.0.0"}');
  writeFileSync(join(folder, 'src/settings.txt'), `\n\nzoo: ${key(4)}\n`);
  const source = await scanned(folder, { look: look(['packages', 'secrets']) });
  expect(source.evidence.target.kind).toBe('source');
  expect(places(source.evidence)).toEqual([
    'file src/settings.txt  step undefined layer undefined removed undefined  line 3',
  ]);
  mkdirSync(join(folder, 'etc'));
  writeFileSync(join(folder, 'etc/os-release'), 'ID=alpine\nVERSION_ID=3.18.1\n');
  const root = await scanned(folder, { look: look(['packages', 'secrets']) });
  expect(root.evidence.target.kind).toBe('rootfs');
  expect(zebras(root.evidence).map(({ place }) => place.path)).toEqual(['/src/settings.txt']);
});

test("other tools' findings and problems join", async () => {
  const place = { in: 'file' as const, path: '/x' };
  const texts = { title: 't', message: 'm', why: 'w', fix: 'f', fingerprint: 'ab' };
  const lists = { aliases: [], links: [], controls: [] };
  const one: PlacedFinding = { kind: 'external', id: 'X-1', severity: 'low', place, ...texts, ...lists };
  const problem = { code: 'sarif/x' as const, message: 'bad', blinding: false };
  const imported = { findings: [one], problems: [problem] };
  const { evidence } = await scanned(written(layered), { look: look(['licences'], { imported }) });
  expect([evidence.placed, evidence.problems]).toEqual([[one], [problem]]);
});
