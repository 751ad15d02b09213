import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolder, sluice } from '../support/cli.ts';
import { archiveOf, buildImage, dockerFiles, sha256 } from '../support/image-writer.ts';
import { file, tar } from '../support/tar-writer.ts';

interface Report {
  readonly target: { readonly layers: readonly { readonly diffId: string; readonly read?: string }[] };
  readonly packages: readonly { readonly name: string }[];
}

const folder = scratchFolder();
const installed = (name: string) => tar(file('lib/apk/db/installed', `P:${name}\nV:1.2.4-r0\nA:x86_64\n\n`));
const diffId = sha256(installed('musl'));

/** What `docker save` writes of an image with one layer, which it calls by this diffID. */
function archive(name: string): string {
  const path = join(folder, `${name}.tar`);
  writeFileSync(path, archiveOf(dockerFiles(buildImage({ layers: [{ tar: installed(name), diffId }] }))));
  return path;
}

async function scan(path: string, ...more: string[]) {
  const args = ['scan', path, '-o', 'json', '--offline', '--fail-on', 'never', '--no-layer-cache'];
  const { code, stdout, stderr } = await sluice([...args, '--cache-dir', join(folder, 'cache'), ...more]);
  const report = stdout === '' ? undefined : (JSON.parse(stdout) as Report);
  return { code, stderr, layers: report?.target.layers, packages: report?.packages.map(({ name }) => name) };
}

test('a wrong diffID in a docker archive is told by --verify; without, the report says that nobody looked', async () => {
  const [honest, liar] = [archive('musl'), archive('evil')];
  expect(await scan(liar)).toMatchObject({ layers: [{ diffId, read: 'claimed' }], packages: ['evil'], stderr: '' });
  expect(await scan(honest)).toMatchObject({ layers: [{ diffId, read: 'claimed' }], packages: ['musl'], stderr: '' });
  const verified = await scan(honest, '--verify');
  expect(verified.packages).toEqual(['musl']);
  expect(verified.layers?.map(({ read }) => read)).toEqual([undefined]);
  expect(await scan(liar, '--verify')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^sluice: evil\.tar: layer 0 .*: expected sha256:.*, found sha256:.* \[layer\//),
  });
});
