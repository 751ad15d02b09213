import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BodyRequests, collector } from '../../src/catalog/body-pass.ts';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import { compareTargets } from '../../src/pipeline/compare/compare-targets.ts';
import { openTargetFiles } from '../../src/pipeline/image-files.ts';
import type { ScanOptions } from '../../src/pipeline/options.ts';
import { identifyTarget } from '../../src/source/target.ts';
import { messageOf, SluiceError } from '../../src/util/error.ts';
import { scratchFolder } from '../support/cli.ts';
import { archiveOf, buildImage, ociFiles } from '../support/image-writer.ts';
import { file, tar } from '../support/tar-writer.ts';

const scratch = scratchFolder();
const options: ScanOptions = {
  ecosystems,
  access: { insecure: false, offline: true, lazy: false, env: {} },
  platform: { platform: { os: 'linux', architecture: 'amd64' }, explicit: false },
};

function write(name: string, content: string | Buffer): string {
  writeFileSync(join(scratch, name), content);
  return join(scratch, name);
}

const apk = (...names: string[]) =>
  file('lib/apk/db/installed', names.map((name) => `P:${name}\nV:1.0-r0\nA:x86_64\n\n`).join(''));
const release = file('etc/os-release', 'ID=alpine\nVERSION_ID=3.18.0\n');
const image = (name: string, ...layers: Buffer[]) =>
  write(name, archiveOf(ociFiles(buildImage({ layers: layers.map((bytes) => ({ tar: bytes })) }))));
const compare = (before: string, after: string) =>
  compareTargets(identifyTarget(before), identifyTarget(after), options);

const bill = write(
  'bill.json',
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: [{ type: 'library', name: 'a', version: '1.0.0', purl: 'pkg:npm/a@1.0.0' }],
  }),
);

describe('a bill of materials', () => {
  test('is compared with an image by packages alone, from either side', async () => {
    const other = image('image.tar', tar(release, apk('musl')));
    const changes = await compare(bill, other);
    expect(changes).toMatchObject({ before: { kind: 'sbom' }, after: { kind: 'image' } });
    expect(changes.packages.map(({ name, change }) => `${change} ${name}`)).toEqual(['added musl', 'removed a']);
    expect([changes.files, changes.settings]).toEqual([undefined, undefined]);
    expect((await compare(other, bill)).packages.map(({ change }) => change)).toEqual(['removed', 'added']);
  });
});

describe('layers', () => {
  test('that stand in an image twice, or hold nothing, change no file', async () => {
    const [low, high] = [tar(release, apk('musl'), file('a', 'one')), tar(file('a', 'two'), file('b', 'b'))];
    const empty = tar();
    const flat = image('flat.tar', tar(release, apk('musl'), file('a', 'two'), file('b', 'b')));
    const stacked = image('stacked.tar', low, empty, high, low, empty, high);
    const changes = await compare(flat, stacked);
    expect(changes.files?.files).toEqual([]);
    expect(changes.packages).toEqual([]);
    expect((await compare(stacked, flat)).files?.files).toEqual([]);
  });
});

test('a folder that changes while it is read is told, for bodies go by their numbers', async () => {
  const root = join(scratch, 'root');
  mkdirSync(join(root, 'etc'), { recursive: true });
  for (const name of ['a', 'b', 'c']) writeFileSync(join(root, 'etc', name), name);
  const opened = await openTargetFiles(identifyTarget(root), options);
  const wanted = new BodyRequests();
  const read: string[] = [];
  for (const one of opened.files)
    wanted.add(
      one,
      collector(10, (bytes) => read.push(`${one.path}=${bytes}`)),
    );
  await opened.readBodies(wanted.byLayer);
  expect(read).toEqual(['etc/a=a', 'etc/b=b', 'etc/c=c']);
  rmSync(join(root, 'etc', 'a'));
  const failure = await opened.readBodies(wanted.byLayer).catch((thrown: unknown) => thrown);
  expect(failure instanceof SluiceError && messageOf(failure)).toBe('the folder changed while it was read');
});
