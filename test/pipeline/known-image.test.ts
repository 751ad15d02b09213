import { mkdirSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { memoryAdvisoryDb } from '../../src/advisory/memory.ts';
import type { OsvRecord } from '../../src/advisory/osv-record.ts';
import { ImageCache } from '../../src/catalog/image-cache.ts';
import { analyzerVersion, LayerCache } from '../../src/catalog/layer-cache.ts';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { EvidenceCache } from '../../src/pipeline/evidence-cache.ts';
import { scan } from '../../src/pipeline/scan.ts';
import { identifyTarget } from '../../src/source/target.ts';
import { scratchFolder } from '../support/cli.ts';
import { archiveOf, buildImage, dockerFiles, ociFiles } from '../support/image-writer.ts';
import { file, tar } from '../support/tar-writer.ts';

const scratch = scratchFolder();
let serial = 0;
const fresh = (name: string): string => join(scratch, `${name}-${serial++}`);

const stanza = (name: string, version: string) => `P:${name}\nV:${version}\nA:x86_64\no:${name}\n\n`;

/** An Alpine image whose only package, zlib, has the version. */
function imageOf(version: string) {
  const base = tar(file('etc/os-release', 'ID=alpine\nVERSION_ID=3.18.1\n'));
  return buildImage({
    layers: [{ tar: base }, { tar: tar(file('lib/apk/db/installed', stanza('zlib', version))) }],
  });
}

function archive(version: string, write: typeof ociFiles = ociFiles): string {
  const path = fresh('image');
  writeFileSync(path, archiveOf(write(imageOf(version))));
  return path;
}

function record(id: string, fixed: string): object {
  const affected = [
    {
      package: { ecosystem: 'Alpine:v3.18', name: 'zlib' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
    },
  ];
  return { schema_version: '1.7.0', id, modified: '2024-01-02T00:00:00Z', upstream: [id.slice(7)], affected };
}

const first = [record('ALPINE-CVE-2024-1', '1.2.13-r2')];
const second = [...first, record('ALPINE-CVE-2024-2', '1.2.13-r3')];

interface Scanned {
  readonly evidence: Evidence;
  /** How many files were parsed, and how often the advisories were opened. */
  readonly work: { parsed: number; opened: number };
}

interface Settings {
  readonly cache: string;
  readonly records?: readonly object[];
  readonly checkedAt?: string;
  readonly engine?: string;
}

async function look(path: string, settings: Settings): Promise<Scanned> {
  const { cache, records = first, checkedAt = '2024-02-01T00:00:00Z', engine = 'one' } = settings;
  const work = { parsed: 0, opened: 0 };
  const counting = ecosystems.map((ecosystem) => ({
    ...ecosystem,
    parse: (claimed: Parameters<typeof ecosystem.parse>[0]) => {
      work.parsed++;
      return ecosystem.parse(claimed);
    },
  }));
  const db = memoryAdvisoryDb(records as unknown as OsvRecord[], 'osv-export', checkedAt);
  const analyzer = analyzerVersion(counting);
  const layers = new LayerCache(cache, analyzer);
  const open = async () => {
    work.opened++;
    return db;
  };
  const evidence = await scan(identifyTarget(path), {
    ecosystems: async () => counting,
    access: { insecure: false, offline: true, env: {} },
    platform: { platform: { os: 'linux', architecture: 'amd64' }, explicit: false },
    data: { sources: db.sources, feeds: [], open },
    caches: { layers, images: new ImageCache(cache, analyzer, layers), evidence: new EvidenceCache(cache, engine) },
    jobs: 1,
  });
  return { evidence, work };
}

/** Times of a file written this very moment are not relied upon. */
const settle = () => delay(80);
const ids = ({ evidence }: Scanned) => evidence.findings.map(({ id }) => id);
const all = { parsed: 1, opened: 1 };
const none = { parsed: 0, opened: 0 };

describe.each([
  ['an OCI archive', ociFiles],
  ['a docker archive', dockerFiles],
])('an image in %s that was scanned before', (_form, write) => {
  test('is known, with the same evidence to the byte', async () => {
    const path = archive('1.2.13-r1', write);
    const cache = fresh('cache');
    await settle();
    const cold = await look(path, { cache });
    expect([ids(cold), cold.work]).toEqual([['CVE-2024-1'], all]);
    const warm = await look(path, { cache });
    expect(warm.work).toEqual(none);
    expect(JSON.stringify(warm.evidence)).toBe(JSON.stringify(cold.evidence));
  });

  test('is matched with new data, and none of its layers is opened', async () => {
    const path = archive('1.2.13-r1', write);
    const cache = fresh('cache');
    await settle();
    await look(path, { cache });
    const newer = await look(path, { cache, records: second });
    expect([ids(newer), newer.work]).toEqual([['CVE-2024-1', 'CVE-2024-2'], { parsed: 0, opened: 1 }]);
    expect((await look(path, { cache, records: second })).work).toEqual(none);
    // What was found with other data is never the answer.
    expect(ids(await look(path, { cache }))).toEqual(['CVE-2024-1']);
  });

  test('tells the age that the data has now', async () => {
    const path = archive('1.2.13-r1', write);
    const cache = fresh('cache');
    await settle();
    await look(path, { cache });
    const later = await look(path, { cache, checkedAt: '2024-03-01T00:00:00Z' });
    expect([later.work, later.evidence.sources.map(({ checkedAt }) => checkedAt)]).toEqual([
      none,
      ['2024-03-01T00:00:00Z'],
    ]);
  });

  test('is judged anew by another sluice', async () => {
    const path = archive('1.2.13-r1', write);
    const cache = fresh('cache');
    await settle();
    await look(path, { cache });
    expect((await look(path, { cache, engine: 'two' })).work).toEqual({ parsed: 0, opened: 1 });
  });

  test('is read anew when its file holds another image', async () => {
    const path = archive('1.2.13-r1', write);
    const cache = fresh('cache');
    await settle();
    await look(path, { cache });
    truncateSync(path);
    writeFileSync(path, archiveOf(write(imageOf('1.2.13-r2'))));
    await settle();
    const other = await look(path, { cache });
    expect([ids(other), other.work]).toEqual([[], all]);
  });

  test('is read anew when its file was written again, whatever time it claims', async () => {
    const path = archive('1.2.13-r1', write);
    const cache = fresh('cache');
    utimesSync(path, 1_000_000, 1_000_000);
    await settle();
    await look(path, { cache });
    const bytes = readFileSync(path);
    truncateSync(path);
    writeFileSync(path, bytes);
    utimesSync(path, 1_000_000, 1_000_000);
    await settle();
    expect((await look(path, { cache })).work.parsed).toBe(1);
  });
});

describe('what is kept of an image', () => {
  test('is not believed when a bit of it changed, or when it is that of another image', async () => {
    const path = archive('1.2.13-r1');
    const other = archive('1.2.13-r2');
    const cache = fresh('cache');
    await settle();
    const { evidence } = await look(path, { cache });
    await look(other, { cache });
    for (const folder of ['evidence', join('images', readdirSync(join(cache, 'images'))[0] ?? '')]) {
      const [one = '', two = ''] = readdirSync(join(cache, folder)).map((name) => join(cache, folder, name));
      const [a, b] = [readFileSync(one), readFileSync(two)];
      writeFileSync(one, b);
      writeFileSync(two, a);
    }
    expect((await look(path, { cache })).evidence).toEqual(evidence);
    for (const name of readdirSync(join(cache, 'evidence'))) {
      const bytes = readFileSync(join(cache, 'evidence', name));
      bytes[bytes.length - 3] = (bytes.at(-3) ?? 0) ^ 1;
      writeFileSync(join(cache, 'evidence', name), bytes);
    }
    const again = await look(path, { cache });
    expect([again.evidence, again.work]).toEqual([evidence, { parsed: 0, opened: 1 }]);
  });

  test('may be impossible to keep', async () => {
    const path = archive('1.2.13-r1');
    const cache = fresh('cache');
    mkdirSync(cache);
    writeFileSync(join(cache, 'images'), 'a file where a folder should be');
    writeFileSync(join(cache, 'evidence'), 'and another');
    await settle();
    expect(ids(await look(path, { cache }))).toEqual(['CVE-2024-1']);
    expect(ids(await look(path, { cache }))).toEqual(['CVE-2024-1']);
  });

  test('says nothing of an archive that names two images', async () => {
    const files = new Map([...dockerFiles(imageOf('1.2.13-r2')), ...ociFiles(imageOf('1.2.13-r1'))]);
    const path = fresh('image');
    writeFileSync(path, archiveOf(files));
    const honest = archive('1.2.13-r1');
    const cache = fresh('cache');
    await settle();
    expect((await look(honest, { cache })).evidence.problems).toEqual([]);
    const codes = async () => (await look(path, { cache })).evidence.problems.map(({ code }) => code);
    expect(await codes()).toEqual(['archive/two-images']);
    expect(await codes()).toEqual(['archive/two-images']);
    expect((await look(honest, { cache })).evidence.problems).toEqual([]);
  });
});
