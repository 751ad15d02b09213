import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import type { Ecosystem } from '../../src/ecosystem/contract.ts';
import { ecosystem as npm } from '../../src/ecosystem/npm/index.ts';
import { ecosystem as pypi } from '../../src/ecosystem/pypi/index.ts';
import type { PackageRecord } from '../../src/model/package.ts';
import type { Problem } from '../../src/model/problem.ts';
import { readOciArchive } from '../support/oci-archive.ts';
import { hasShared, shared, sharedJson } from '../support/shared.ts';

interface Truth {
  readonly packages: readonly TruePackage[];
  readonly declared: readonly TruePackage[];
  readonly optional: readonly TruePackage[];
}

interface TruePackage {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly dev?: boolean;
}

/** What an ecosystem says of every file of an image's layers: no whiteouts, no squashing. */
async function survey(image: string, ecosystem: Ecosystem) {
  const packages: PackageRecord[] = [];
  const problems: Problem[] = [];
  const layout = await readOciArchive(shared('images', `${image}.oci.tar`));
  for (const blob of layout.blobs) {
    if (blob.bytes.readUInt16BE(0) !== 0x1f8b) continue;
    const layer = extract();
    layer.end(gunzipSync(blob.bytes));
    for await (const entry of layer) {
      const parts: Buffer[] = [];
      for await (const part of entry) parts.push(part as Buffer);
      const { type, size = 0, mode = 0 } = entry.header;
      const path = entry.header.name.replace(/^[./]+/, '');
      if (type !== 'file' || !ecosystem.claims(path, { size, mode })) continue;
      const parsed = ecosystem.parse({ path, size, mode, bytes: Buffer.concat(parts) });
      packages.push(...parsed.packages);
      problems.push(...parsed.problems);
    }
  }
  return { packages, problems };
}

const spell = (p: { name: string; version: string; dev?: boolean }): string =>
  `${p.name} ${p.version}${p.dev ? ' dev' : ''}`;
const sorted = (texts: Iterable<string>): string[] => [...new Set(texts)].sort();

describe.skipIf(!hasShared)('real images', () => {
  test.each([
    ['node-app', npm],
    ['python-app', pypi],
    ['bad-practice', npm],
    ['alpine-3.10', pypi],
  ] as const)('%s: exactly what was installed and declared', async (image, ecosystem) => {
    const truth = sharedJson<Truth>('images', `${image}.packages.json`);
    const own = (list: readonly TruePackage[]): string[] =>
      sorted(list.filter((p) => p.ecosystem === ecosystem.id).map(spell));
    const { packages, problems } = await survey(image, ecosystem);
    const present = (presence: string): string[] => sorted(packages.filter((p) => p.presence === presence).map(spell));
    const installed = present('installed');
    expect(installed).toEqual(own(truth.packages));
    expect(present('declared').filter((text) => !installed.includes(text))).toEqual(own(truth.declared));
    expect(present('application')).toEqual(own(truth.optional));
    expect(problems).toEqual([]);
  });

  test('broken package files beside good ones', async () => {
    const node = await survey('bad/corrupt-package-files', npm);
    expect(sorted(node.packages.map(spell))).toEqual(['__proto__ 1.0.0', 'bom 1.0.0', 'fine 1.2.3']);
    expect(sorted(node.problems.map(({ code, path, blinding }) => `${code} ${path} ${blinding}`))).toEqual(
      [
        'package-lock.json',
        'pnpm-lock.yaml',
        'yarn.lock',
        ...['array', 'empty', 'no-json', 'null', 'types', 'utf16'].map((name) => `node_modules/${name}/package.json`),
      ]
        .map((path) => `npm/unreadable app/${path} false`)
        .sort(),
    );
    const python = await survey('bad/corrupt-package-files', pypi);
    expect(sorted(python.packages.map(spell))).toEqual([
      'binary 1.0',
      'headerless 1.0',
      'latin-1 2.0',
      'noversion 1.0',
    ]);
    expect(python.problems.map(({ code }) => code)).toEqual(Array(3).fill('pypi/unreadable'));
  });
});
