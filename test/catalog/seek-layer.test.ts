import { closeSync, openSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { ReadAs } from '../../src/catalog/read-as.ts';
import { rereadLayer, surveyLayer } from '../../src/catalog/survey-layer.ts';
import { parseDigest } from '../../src/model/digest.ts';
import type { LayerSurvey } from '../../src/model/survey.ts';
import type { LayerBlob, OpenLayer } from '../../src/source/contract.ts';
import { openRegion } from '../../src/source/file.ts';
import { scratchFolder } from '../support/cli.ts';
import { sha256 } from '../support/image-writer.ts';
import {
  dir,
  end,
  entry,
  file,
  gnuLongLink,
  gnuLongName,
  hardlink,
  pax,
  paxGlobal,
  sparseGnu,
  sparsePax,
  symlink,
  tar,
} from '../support/tar-writer.ts';
import { lines, programs } from './support.ts';

/** A plugin that wants large bodies whole, whatever they begin with. */
const whole = {
  ...lines,
  id: 'whole',
  limit: 3 * 1024 * 1024,
  claims: (path: string) => path.startsWith('whole/'),
  parse: ({ bytes }: { bytes: Buffer }) => {
    const version = `${bytes.length}-${sha256(bytes).slice(7, 27)}`;
    return { packages: [{ name: 'body', version, presence: 'installed' as const }], problems: [] };
  },
};
const ecosystems = [lines, programs, whole];

const path = join(scratchFolder(), 'archive');
let fd = -1;
afterEach(() => {
  if (fd >= 0) closeSync(fd);
  fd = -1;
});

/** Writes a layer into the middle of a file and says where it is. What stands around it must not be touched. */
function placed(layer: Buffer): LayerBlob {
  if (fd >= 0) closeSync(fd);
  const around = Buffer.alloc(700, 'x');
  writeFileSync(path, Buffer.concat([around, layer, around]));
  fd = openSync(path, 'r');
  const digest = parseDigest(sha256(layer));
  const place = { kind: 'region', fd, offset: around.length, size: layer.length, identity: '' } as const;
  return { place, digest, diffId: digest, size: layer.length };
}

const claimed = (blob: LayerBlob): LayerBlob => ({ ...blob, claimed: true });

/** The survey as plain values, or why there is none. */
async function outcome(blob: LayerBlob, open: OpenLayer = openRegion): Promise<unknown> {
  try {
    const { entries, read, ...rest } = await surveyLayer(blob, ecosystems, open);
    const { paths, ...columns } = entries;
    return { ...rest, ...columns, paths: Array.from({ length: paths.length }, (_, i) => paths.at(i)) };
  } catch (thrown) {
    return String(thrown);
  }
}

const never: OpenLayer = () => {
  throw new Error('the layer is opened to be read whole');
};

/** Both ways must say the same of a layer. */
async function sameBothWays(layer: Buffer): Promise<unknown> {
  const blob = placed(layer);
  const sought = await outcome(claimed(blob), never);
  expect(sought).toEqual(await outcome(blob));
  return sought;
}

const names = ['var/lib/lines/db', 'bin/tool', 'bin/other', 'whole/a', 'whole/b', 'usr/share/doc/x', 'etc/os-release'];
const name = fc.constantFrom(...names);
/** Sizes about the windows in which the layer is read. */
const size = fc.oneof(
  fc.integer({ min: 0, max: 2000 }),
  fc
    .tuple(fc.constantFrom(15, 16, 31, 32, 256, 512), fc.integer({ min: -1100, max: 1100 }))
    .map(([k, d]) => k * 1024 + d),
);
const body = fc
  .tuple(fc.constantFrom('#!lines\ntool 1\n', 'clean 1\nother 2\n', 'ID=lineos\n', '\u007fELF', ''), size)
  .map(([start, length]) => Buffer.concat([Buffer.from(start), Buffer.alloc(length, 'y\n')]));
const stretches = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 6 })
  .map((parts) => {
    let offset = 0;
    return parts.map(([gap, blocks], i) => {
      const bytes = Buffer.alloc(blocks * 512, `s${i} 1\n`);
      const stretch = { offset: offset + gap * 512, bytes };
      offset = stretch.offset + bytes.length;
      return stretch;
    });
  });
const realSize = (parts: readonly { offset: number; bytes: Buffer }[], hole: number) =>
  Math.max(...parts.map(({ offset, bytes }) => offset + bytes.length)) + hole * 512;

const one: fc.Arbitrary<Buffer> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(name, body, fc.constantFrom(0o644, 0o755)).map(([n, b, mode]) => file(n, b, { mode })),
  },
  { weight: 2, arbitrary: fc.tuple(name, name).map(([n, target]) => hardlink(n, target, { mode: 0o755 })) },
  fc.tuple(name, name).map(([n, target]) => symlink(n, target)),
  fc.constantFrom('usr', 'var/lib/lines', 'bin').map((n) => dir(n)),
  fc.tuple(name, body).map(([n, b]) => Buffer.concat([pax(['path', n], ['uid', '70000']), file('short', b)])),
  fc.tuple(name, body).map(([n, b]) => Buffer.concat([gnuLongName(`./${n}`), file('short', b, { mode: 0o755 })])),
  fc.tuple(name, name).map(([n, target]) => Buffer.concat([gnuLongLink(target), hardlink(n, 'short')])),
  body.map((b) => Buffer.concat([pax(['size', String(b.length)]), file('whole/sized', b, { size: 0 })])),
  fc.tuple(name, body).map(([n, b]) => Buffer.concat([paxGlobal(['comment', 'x']), file(`${n}-${'l'.repeat(60)}`, b)])),
  fc.tuple(name, stretches, fc.nat(9)).map(([n, parts, hole]) => sparseGnu(n, parts, realSize(parts, hole))),
  fc
    .tuple(fc.constantFrom('0.0', '0.1', '1.0'), name, stretches, fc.nat(9))
    .map(([version, n, parts, hole]) => sparsePax(version as '1.0', n, parts, realSize(parts, hole))),
  fc.tuple(fc.constantFrom('3', '4', '6', 'Z'), name).map(([type, n]) => entry(type, n, '')),
);
const ending = fc.constantFrom(
  end,
  Buffer.alloc(0),
  Buffer.alloc(512),
  Buffer.alloc(10240),
  Buffer.alloc(300_000),
  Buffer.concat([end, file('behind/the/end', 'x')]),
);
const layers = fc
  .tuple(fc.array(one, { maxLength: 14 }), ending)
  .map(([entries, last]) => Buffer.concat([...entries, last]));

describe('a layer that is sought over says what it says when it is read whole', () => {
  test('whatever stands in it', async () => {
    await fc.assert(
      fc.asyncProperty(layers, async (layer) => {
        await sameBothWays(layer);
      }),
      { numRuns: 150 },
    );
  });

  test('when bytes of it were changed or are missing', async () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(layers, damage, fc.option(fc.nat()), fc.boolean(), async (layer, flips, cut, inHeaders) => {
        const bytes = Buffer.from(layer);
        for (const [at, bits] of flips) {
          // Most bytes are bodies'; a header's first are more telling.
          const place = inHeaders ? Math.floor(at / 512) * 512 + (at % 160) : at;
          if (place % bytes.length >= 0) bytes[place % bytes.length] = (bytes[place % bytes.length] ?? 0) ^ bits;
        }
        await sameBothWays(cut === null ? bytes : bytes.subarray(0, cut % (bytes.length + 1)));
      }),
      { numRuns: 250 },
    );
  });

  test('by examples, so that the properties can not be empty', async () => {
    const big = Buffer.alloc(700_000, 'z');
    const layer = tar(
      file('var/lib/lines/db', 'clean 1'),
      file('usr/share/doc/x', big),
      hardlink('bin/tool', 'usr/share/tool', { mode: 0o755 }),
      file('usr/share/tool', Buffer.concat([Buffer.from('#!lines\ntool 1\n'), Buffer.alloc(5000, '\n')])),
      hardlink('bin/second', 'usr/share/tool', { mode: 0o755 }),
      file('whole/a', big),
      file('bin/refused', big.subarray(0, 9000), { mode: 0o755 }),
      sparsePax('1.0', 'whole/holed', [{ offset: 512, bytes: Buffer.alloc(512, 'q') }], 2048),
      file('whole/too-large', Buffer.alloc(3 * 1024 * 1024 + 1)),
    );
    const { files } = (await sameBothWays(layer)) as LayerSurvey;
    const holed = Buffer.concat([Buffer.alloc(512), Buffer.alloc(512, 'q'), Buffer.alloc(1024)]);
    expect(files.map(({ entry: number, packages }) => [number, packages.map(({ version }) => version)])).toEqual([
      [0, ['1']],
      [4, ['1']],
      [5, [`${big.length}-${sha256(big).slice(7, 27)}`]],
      [7, [`2048-${sha256(holed).slice(7, 27)}`]],
      [8, []],
    ]);
    expect(await surveyLayer(claimed(placed(layer)), ecosystems, never)).toMatchObject({ read: 'claimed' });
    expect(await surveyLayer(placed(layer), ecosystems, openRegion)).not.toHaveProperty('read');
  });

  test.each<[name: string, layer: Buffer, message: string]>([
    [
      'a body that reaches out of it',
      Buffer.concat([file('a', 'x', { size: 2 ** 33 - 1 })]),
      'the tar archive ends early',
    ],
    [
      'a body of which the last byte is missing',
      file('a', Buffer.alloc(2048)).subarray(0, -1),
      'the tar archive ends early',
    ],
    [
      'a wanted body that is cut',
      file('whole/a', Buffer.alloc(600_000)).subarray(0, 400_000),
      'the tar archive ends early',
    ],
    ['half a header', tar(file('a', 'x')).subarray(0, 1200), 'the tar archive ends early'],
    ['no tar', Buffer.alloc(2048, 'no'), 'it is no tar archive'],
    [
      'a header that is damaged behind a body',
      Buffer.concat([file('a', Buffer.alloc(100_000)), Buffer.alloc(512, 'x')]),
      'holds a number that is none',
    ],
  ])('%s is an error both ways', async (_name, layer, message) => {
    expect(await sameBothWays(layer)).toContain(message);
  });

  test('an empty layer is empty', async () => {
    expect(await sameBothWays(Buffer.alloc(0))).toMatchObject({ paths: [], files: [], unpacked: 0 });
  });

  test('bodies that links of other layers lead to are read without the rest', async () => {
    const layer = tar(file('usr/x', Buffer.alloc(400_000)), file('opt/db', 'late 1'), file('y', Buffer.alloc(400_000)));
    const blob = placed(layer);
    const readAs: ReadAs = new Map([['opt/db', [{ path: 'var/lib/lines/db', entry: 7, mode: 0 }]]]);
    const sought = await rereadLayer(claimed(blob), readAs, ecosystems, never, undefined);
    expect(sought).toEqual(await rereadLayer(blob, readAs, ecosystems, openRegion, undefined));
    expect(sought.map(({ entry: number, packages }) => [number, packages[0]?.name])).toEqual([[7, 'late']]);
  });
});

test('a file that has become shorter is an error, also where nobody wanted what is missing', async () => {
  const blob = placed(tar(file('a', 'x'), file('usr/x', Buffer.alloc(600_000))).subarray(0, -1024));
  truncateSync(path, 300_000);
  expect(await outcome(claimed(blob), never)).toBe('SluiceError: the file ends early');
});

test('a file of holes that is larger than any layer is not walked', async () => {
  const blob = placed(tar(file('a', 'x')));
  const size = 2 ** 40;
  const vast = { ...claimed(blob), size, place: { ...blob.place, size } } as LayerBlob;
  expect(await outcome(vast, never)).toBe('SluiceError: it is larger than any layer that is read');
});
