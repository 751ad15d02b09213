import { spawnSync } from 'node:child_process';
import {
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { extract, pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { scratchFolder } from '../../support/cli.ts';
import { cut, fingerprint, only, walk } from './support.ts';

interface Simple {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'link';
  readonly body: Buffer;
  readonly linkname: string;
  readonly mode: number;
  readonly uid: number;
}

const part = fc.constantFrom('a', 'bb', 'usr', 'é', '日本', 'x'.repeat(90), 'y'.repeat(101), 'sp ace');
const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const simple: fc.Arbitrary<Simple> = fc.record({
  name: path,
  type: fc.constantFrom('file', 'file', 'directory', 'symlink', 'link'),
  body: fc.uint8Array({ maxLength: 1500 }).map(Buffer.from),
  linkname: path,
  mode: fc.nat(0o7777),
  uid: fc.nat(5_000_000),
});

async function packed(entries: readonly Simple[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, type, body, linkname, mode, uid } of entries) {
    const isLink = type === 'symlink' || type === 'link';
    archive.entry(
      { name, type, mode, uid, mtime: new Date(0), ...(isLink ? { linkname } : {}) },
      type === 'file' ? body : '',
    );
  }
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const piece of archive) parts.push(piece as Buffer);
  return Buffer.concat(parts);
}

async function byTarStream(archive: Buffer): Promise<unknown[]> {
  const reader = extract();
  reader.end(archive);
  const entries: unknown[] = [];
  for await (const entry of reader) {
    const parts: Buffer[] = [];
    for await (const piece of entry) parts.push(piece as Buffer);
    const { name, type, mode, uid, gid, size, linkname } = entry.header;
    entries.push([name, type, mode, uid, gid, size, linkname ?? '', fingerprint(Buffer.concat(parts))]);
  }
  return entries;
}

const typeNames = { file: 'file', dir: 'directory', symlink: 'symlink', hardlink: 'link' } as const;

test('archives of tar-stream read as tar-stream reads them, in pieces of any size', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 65_536 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.array(simple, { maxLength: 8 }), sizes, async (entries, pieces) => {
      const archive = await packed(entries);
      const ours = walk(cut(archive, pieces)).map(({ path: name, type, mode, uid, gid, size, link, body }) => {
        // tar-stream takes the slash off a folder's name.
        const shown = type === 'dir' ? name.replace(/\/$/, '') : name;
        return [shown, typeNames[type as keyof typeof typeNames], mode, uid, gid, size, link, fingerprint(body)];
      });
      expect(ours).toEqual(await byTarStream(archive));
    }),
    { numRuns: 60 },
  );
});

const gnuTar = spawnSync('tar', ['--version']).stdout?.toString().includes('GNU tar') ?? false;

describe.skipIf(!gnuTar)('archives of GNU tar', () => {
  const folder = scratchFolder();

  function archived(format: readonly string[], ...names: readonly (string | Buffer)[]): Buffer {
    const list = join(folder, 'list');
    writeFileSync(list, Buffer.concat(names.flatMap((name) => [Buffer.from(name), Buffer.alloc(1)])));
    const out = join(folder, 'out.tar');
    const run = spawnSync('tar', ['-C', folder, ...format, '--null', '--no-recursion', '-cf', out, '-T', list]);
    expect(run.stderr.toString()).toBe('');
    return readFileSync(out);
  }

  const sparseFormats = [
    ['--format=gnu', '--sparse'],
    ['--format=posix', '--sparse'],
    ['--format=posix', '--sparse', '--sparse-version=0.1'],
    ['--format=posix', '--sparse', '--sparse-version=0.0'],
  ];

  test.each(sparseFormats)('sparse files %s %s %s', (...format) => {
    const name = `sparse-${format.length}`;
    const fd = openSync(join(folder, name), 'w');
    for (let i = 0; i < 40; i++) writeSync(fd, Buffer.alloc(4096, 65 + (i % 26)), 0, 4096, i * 64 * 1024 + 65_536);
    ftruncateSync(fd, 3_000_001);
    closeSync(fd);
    const archive = archived(
      format.filter((flag) => flag !== undefined),
      name,
    );
    const found = only(archive);
    // The file system may keep no holes; then this is a plain file, and as right.
    expect([found.path, found.size]).toEqual([name, 3_000_001]);
    expect(found.body.equals(readFileSync(join(folder, name)))).toBe(true);
  });

  test.each(['gnu', 'oldgnu', 'posix'])('long names, links and names that are no text, in format %s', (format) => {
    const deep = `${'d'.repeat(200)}/${'e'.repeat(120)}/${'f'.repeat(61)}`;
    expect(deep).toHaveLength(383);
    mkdirSync(join(folder, deep, '..'), { recursive: true });
    writeFileSync(join(folder, deep), format);
    const odd = Buffer.from([0x6f, 0x64, 0x64, 0xff, 0xfe]);
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), odd]), 'odd');
    for (const [make, name] of [
      [symlinkSync, `${format}-sym`],
      [linkSync, `${format}-hard`],
    ] as const) {
      make(make === linkSync ? join(folder, deep) : deep, join(folder, name));
    }
    const archive = archived([`--format=${format}`], deep, odd, `${format}-sym`, `${format}-hard`, 'd'.repeat(200));
    const found = walk(cut(archive, [777])).map(({ path: name, type, size, link }) => [name, type, size, link]);
    expect(found).toEqual([
      [deep, 'file', format.length, ''],
      ['odd\\xff\\xfe', 'file', 3, ''],
      [`${format}-sym`, 'symlink', 0, deep],
      [`${format}-hard`, 'hardlink', 0, deep],
      [`${'d'.repeat(200)}/`, 'dir', 0, ''],
    ]);
  });
});
