import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { ecosystem } from '../../src/ecosystem/golang/index.ts';
import type { PackageRecord, Presence } from '../../src/model/package.ts';
import { writePe } from '../format/executable-writers.ts';
import { hasShared, shared, sharedJson } from '../support/shared.ts';

function warningOf(path: string, code: string, message: string) {
  return { code, message, path, blinding: false };
}

function record(name: string, version: string): PackageRecord {
  return { name, version, presence: 'installed' };
}

describe('which files are read', () => {
  const claims = (path: string, mode = 0o644) => ecosystem.claims(path, { size: 1_000_000, mode });

  test('go.mod, programs, libraries', () => {
    const plain = ['go.mod', 'app/go.mod', 'lib/libx.so', 'usr/lib/libx.so.1.2', 'app/x.exe', 'app/x.dll', 'x.dylib'];
    const executable = ['app/server', 'usr/bin/tool-1.2.3', 'opt/prog.linux-amd64', 'x.bin', 'libx.so'];
    expect(plain.filter((path) => !claims(path))).toEqual([]);
    expect(executable.filter((path) => !claims(path, 0o755) || !claims(path, 0o100))).toEqual([]);
  });

  test('not texts, scripts, archives, package lists, nor go.mod files of the module cache and of test data', () => {
    const names = [
      'a.py',
      'a.sh',
      'a.js',
      'a.json',
      'a.jar',
      'a.lock',
      'x-1.dist-info/METADATA',
      'var/lib/dpkg/status',
    ];
    const lists = [
      'lib/apk/db/installed',
      'var/lib/rpm/Packages',
      'var/lib/rpm/rpmdb.sqlite',
      'var/lib/dpkg/status.d/x',
    ];
    expect([...names, ...lists].filter((path) => claims(path, 0o777))).toEqual([]);
    const modules = [
      'go/pkg/mod/example.com/a@v1.0.0/go.mod',
      'src/testdata/go.mod',
      'app/notgo.mod',
      'app/go.mod.bak',
    ];
    expect([...modules, 'app/server', 'etc/passwd', ''].filter((path) => claims(path))).toEqual([]);
  });

  test('by their first bytes', () => {
    const sniffAt = (path: string) => (first: string) => ecosystem.sniff?.(Buffer.from(first, 'latin1'), path);
    const sniff = sniffAt('usr/bin/x');
    const texts = ['module x', 'require (', 'module\n', '\n// note', 'go 1.22', ' \n'];
    expect(texts.filter((first) => !sniffAt('src/go.mod')(first))).toEqual([]);
    expect(texts.filter((first) => sniff(first))).toEqual([]);
    const wanted = ['\x7fELF\x02', 'MZ\x90\x00', '\xcf\xfa\xed\xfe', '\xca\xfe\xba\xbe\0\0\0\x02'];
    expect(wanted.filter((first) => !sniff(first))).toEqual([]);
    const others = [
      '#!/bin/sh\n',
      '',
      '{}',
      'modules = 1',
      'import os',
      '\xca\xfe\xba\xbe\0\0\0\x41',
      '/* x */',
      '\x7fELK',
    ];
    expect(others.filter((first) => sniff(first) || sniffAt('src/go.mod')(first))).toEqual([]);
    const windows = [false, true].map((managed) => writePe(32, 0x40_0000, [], managed).toString('latin1'));
    expect(windows.map(sniff)).toEqual([true, false]);
  });
});

describe('names for others', () => {
  test('package URLs are in lower case, without a version that is none', () => {
    const purl = (name: string, version: string) => ecosystem.purl(record(name, version), undefined);
    expect(purl('github.com/Azure/go-autorest', 'v14.2.0+incompatible')).toBe(
      'pkg:golang/github.com/azure/go-autorest@v14.2.0%2Bincompatible',
    );
    expect(purl('gopkg.in/yaml.v3', 'v3.0.1')).toBe('pkg:golang/gopkg.in/yaml.v3@v3.0.1');
    expect(purl('example.com/a/v2', 'v2.0.0')).toBe('pkg:golang/example.com/a/v2@v2.0.0');
    expect(purl('stdlib', '1.19.8')).toBe('pkg:golang/stdlib@1.19.8');
    expect(purl('example.com/shop/till', '(devel)')).toBe('pkg:golang/example.com/shop/till');
  });

  test('advisories are looked up by the true name', () => {
    const key = (name: string, version: string) => ecosystem.advisories(record(name, version), undefined);
    expect(key('github.com/Azure/x/v2', 'v2.1.0')).toEqual({
      ecosystem: 'Go',
      name: 'github.com/Azure/x/v2',
      version: 'v2.1.0',
    });
    expect(key('stdlib', '1.21rc2')).toEqual({ ecosystem: 'Go', name: 'stdlib', version: '1.21.0-rc.2' });
    expect(key('example.com/shop/till', '(devel)')).toBeUndefined();
    expect(['v2.1.0', '1.21.0-rc.2', '1.19.8'].map((version) => ecosystem.order.valid(version))).toEqual([
      true,
      true,
      true,
    ]);
  });
});

interface Truth {
  readonly packages: readonly { ecosystem: string; name: string; version: string; paths: string[]; layers: number[] }[];
  readonly optional: readonly { name: string; version: string; paths: string[] }[];
}

async function entriesOf(tar: Readable): Promise<Map<string, { bytes: Buffer; mode: number }>> {
  const files = new Map<string, { bytes: Buffer; mode: number }>();
  for await (const entry of tar.pipe(extract())) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    files.set(entry.header.name, { bytes: Buffer.concat(parts), mode: entry.header.mode ?? 0 });
  }
  return files;
}

/** What the plugin says of every claimed file of an OCI archive: lines of name, version, path and layer. */
async function scan(...archive: string[]) {
  const blobs = await entriesOf(createReadStream(shared(...archive)));
  const json = (name: string) => JSON.parse(blobs.get(name)!.bytes.toString()) as Record<string, { digest: string }[]>;
  const blobOf = ({ digest }: { digest: string }) => `blobs/${digest.replace(':', '/')}`;
  const layers = json(blobOf(json('index.json').manifests![0]!)).layers!;
  const lines: { line: string; presence: Presence }[] = [];
  const problems = [];
  for (const [number, layer] of layers.entries()) {
    const raw = blobs.get(blobOf(layer))!.bytes;
    const files = await entriesOf(Readable.from([raw[0] === 0x1f ? gunzipSync(raw) : raw]));
    for (const [path, { bytes, mode }] of files) {
      if (!ecosystem.claims(path, { size: bytes.length, mode }) || !ecosystem.sniff!(bytes.subarray(0, 512), path))
        continue;
      const parsed = ecosystem.parse({ path, bytes, size: bytes.length, mode });
      problems.push(...parsed.problems);
      for (const { name, version, presence } of parsed.packages) {
        lines.push({ line: `${name} ${version} /${path} ${number}`, presence });
      }
    }
  }
  return { lines, problems };
}

describe.skipIf(!hasShared)('real images', () => {
  test('go-app: every module of both programs, and no other', async () => {
    const { lines, problems } = await scan('images', 'go-app.oci.tar');
    const truth = sharedJson<Truth>('images', 'go-app.packages.json');
    const golang = truth.packages.filter((wanted) => wanted.ecosystem === 'golang');
    const expected = golang
      .map(({ name, version, paths, layers }) => `${name} ${version} ${paths[0]} ${layers[0]}`)
      .sort();
    const of = (presence: Presence) => lines.filter((line) => line.presence === presence).map(({ line }) => line);
    expect(of('installed').sort()).toEqual(expected);
    expect(
      of('application')
        .map((line) => line.slice(0, -2))
        .sort(),
    ).toEqual(truth.optional.map(({ name, version, paths }) => `${name} ${version} ${paths[0]}`).sort());
    expect([problems, golang.length, lines.length]).toEqual([[], 27, 29]);
  });

  test('broken files give a warning at most', async () => {
    const { lines, problems } = await scan('images', 'bad', 'corrupt-package-files.oci.tar');
    expect(lines).toEqual([]);
    expect(problems).toEqual([
      warningOf('app/go.mod', 'go/mod-unreadable', 'a "module" directive of go.mod can not be read'),
      warningOf('usr/bin/go-magic', 'go/buildinfo-damaged', 'the Go build information can not be read'),
    ]);
  });
});
