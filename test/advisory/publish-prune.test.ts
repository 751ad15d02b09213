import { hash } from 'node:crypto';
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Current, type CurrentFeed, type CurrentSource, snapshotDigest } from '../../src/advisory/current.ts';
import { readCurrent } from '../../src/advisory/read-current.ts';
import { keepSnapshot, listSnapshots, type Pruned, prune } from '../../src/advisory/snapshots.ts';
import { type Change, publish } from '../../src/advisory/store.ts';
import { type FileKind, filePath, keepFile, makeFolder, temporaryPath } from '../../src/advisory/store-files.ts';
import { type Digest, digestOfHex } from '../../src/model/digest.ts';
import { scratch } from './support.ts';

const minute = 60_000;
const ecosystems = ['Debian', 'Go', 'npm'] as const;

/** A store whose clock goes on by making all of its files older. */
class Store {
  readonly folder = join(scratch(), 'db');
  #time = Date.parse('2026-01-01T00:00:00Z');

  constructor() {
    makeFolder(this.folder);
  }

  keep(content: string, kind: FileKind): Digest {
    const path = temporaryPath(this.folder);
    writeFileSync(path, content);
    const digest = digestOfHex(hash('sha256', content));
    keepFile(this.folder, path, digest, kind);
    return digest;
  }

  /** A source whose files are kept. */
  source(ecosystem: string, content: string): CurrentSource {
    return {
      ecosystem,
      records: 1,
      withdrawn: 0,
      unreadable: 0,
      unreadableNames: [],
      newest: '',
      releases: [ecosystem],
      digest: this.keep(`${ecosystem} ${content}`, 'index'),
      size: `${ecosystem} ${content}`.length,
      indexVersion: 5,
      checkedAt: this.checkedAt(),
      origin: 'osv-export',
      pack: this.keep(`${ecosystem} ${content}`, 'pack'),
    };
  }

  feed(content: string): CurrentFeed {
    const digest = this.keep(content, 'feed');
    const counts = { records: 1, unreadable: 1, unreadableNames: ['x: it is no x'] };
    return {
      id: 'kev',
      ...counts,
      newest: '',
      digest,
      size: content.length,
      feedVersion: 1,
      checkedAt: this.checkedAt(),
    };
  }

  checkedAt(): string {
    this.#time += 1000;
    return new Date(this.#time).toISOString();
  }

  publish(...changes: Change[]): Current {
    return publish(this.folder, changes, new Date());
  }

  prune(keepMs: number, current = readCurrent(this.folder)!): Pruned {
    return prune(this.folder, current, new Date(), keepMs);
  }

  pass(minutes: number): void {
    for (const entry of readdirSync(this.folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const time = (statSync(path).mtimeMs - minutes * minute) / 1000;
      utimesSync(path, time, time);
    }
  }

  /** What is named and is not there. */
  missing(): string[] {
    const current = readCurrent(this.folder);
    const packs = current?.sources.flatMap(({ pack }) => (pack ? [filePath(this.folder, pack, 'pack')] : [])) ?? [];
    const all = [...(current ? [current] : []), ...listSnapshots(this.folder).map(({ data }) => data)];
    const files = all.flatMap(({ sources, feeds }) => [
      ...sources.map(({ digest }) => filePath(this.folder, digest, 'index')),
      ...feeds.map(({ digest }) => filePath(this.folder, digest, 'feed')),
    ]);
    return [...packs, ...files].filter((path) => !existsSync(path));
  }

  files(kind: FileKind): number {
    return readdirSync(this.folder).filter((name) => name.endsWith(`.${kind}`)).length;
  }
}

/** One thing that one of several processes does; each takes what it was dealt, as far as there is any. */
class Processes {
  readonly store = new Store();
  /** What an update has made and not yet published. */
  readonly #made: Change[] = [];
  /** What was in force when a prune began, and how many minutes ago that was. */
  #seen: Current | undefined;
  #seenAge = 0;

  make(which: number, content: number): void {
    const ecosystem = ecosystems[which];
    if (ecosystem === undefined) this.#made.push({ kind: 'replaced', feed: this.store.feed(`kev ${content}`) });
    else this.#made.push({ kind: 'replaced', source: this.store.source(ecosystem, `${content}`) });
  }

  publishMade(): void {
    const changes = this.#made.splice(0);
    if (changes.length === 0) return;
    const before = readCurrent(this.store.folder);
    try {
      this.store.publish(...changes);
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'advisory/file-gone' });
      expect(readCurrent(this.store.folder)).toEqual(before);
    }
  }

  tell(kind: 'checked' | 'failed', which: number): void {
    const source = readCurrent(this.store.folder)?.sources.find(({ ecosystem }) => ecosystem === ecosystems[which]);
    if (!source) return;
    const at = this.store.checkedAt();
    if (kind === 'checked') this.store.publish({ kind, source: { ...source, checkedAt: at } });
    else this.store.publish({ kind, source: { ...source, failed: { at, message: 'x' } } });
  }

  look(): void {
    this.#seen = readCurrent(this.store.folder);
    this.#seenAge = 0;
  }

  pass(minutes: number): void {
    this.store.pass(minutes);
    this.#seenAge += minutes;
    // No prune is held up for as long as what it must not remove stays at least.
    if (this.#seenAge >= 10) this.#seen = undefined;
  }

  prune(hours: number): void {
    this.#seen ??= readCurrent(this.store.folder);
    if (this.#seen) this.store.prune(hours * 60 * minute, this.#seen);
    this.#seen = undefined;
  }

  keep(): void {
    const current = readCurrent(this.store.folder);
    if (current) keepSnapshot(this.store.folder, current);
  }
}

describe('publishing and pruning, in whatever order', () => {
  type Step = (processes: Processes) => void;
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.tuple(fc.nat(3), fc.nat(3)).map(
      ([which, content]) =>
        (all: Processes) =>
          all.make(which, content),
    ),
    fc.constant((all: Processes) => all.publishMade()),
    fc.tuple(fc.constantFrom('checked', 'failed'), fc.nat(2)).map(([kind, which]) => (all: Processes) => {
      all.tell(kind, which);
    }),
    fc.constantFrom(1, 9, 11, 61, 24 * 60 + 1).map((minutes) => (all: Processes) => all.pass(minutes)),
    fc.constant((all: Processes) => all.look()),
    fc.constantFrom(0, 1, 24).map((hours) => (all: Processes) => all.prune(hours)),
    fc.constant((all: Processes) => all.keep()),
  );

  test('what is in force or in a snapshot that is kept is there, and 10 minutes after nothing names it, it is gone', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const all = new Processes();
        const { store } = all;
        for (const one of steps) {
          one(all);
          expect(store.missing()).toEqual([]);
        }
        const current = readCurrent(store.folder);
        if (!current) return;
        store.pass(11);
        store.prune(0);
        const kept = listSnapshots(store.folder).map(({ digest }) => digest);
        expect([store.missing(), kept]).toEqual([[], [snapshotDigest(current)]]);
        const { sources, feeds } = current;
        const packs = sources.filter(({ pack }) => pack).length;
        expect([store.files('index'), store.files('pack'), store.files('feed')]).toEqual([
          sources.length,
          packs,
          feeds.length,
        ]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('pruning, told to keep nothing', () => {
  test('frees what went out of force more than 10 minutes ago, and nothing that did later', () => {
    const store = new Store();
    const first = store.publish({ kind: 'replaced', source: store.source('npm', '1') });
    store.pass(600);
    store.publish({ kind: 'replaced', source: store.source('npm', '2') });
    store.pass(9);
    expect(store.prune(0)).toEqual({ snapshots: 0, files: 0, bytes: 0 });
    expect(listSnapshots(store.folder).map(({ digest }) => digest)).toContain(snapshotDigest(first));
    store.pass(2);
    expect(store.prune(0)).toEqual({ snapshots: 1, files: 2, bytes: 2 * 'npm 1'.length });
    expect(store.missing()).toEqual([]);
  });

  test('removes snapshots that are damaged, which nothing else would', () => {
    const store = new Store();
    store.publish({ kind: 'replaced', source: store.source('npm', '1') });
    const path = join(store.folder, 'snapshots', `${'a'.repeat(64)}.json`);
    writeFileSync(path, '{}');
    expect([store.prune(0).snapshots, existsSync(path)]).toEqual([0, true]);
    store.pass(11);
    expect([store.prune(0).snapshots, existsSync(path)]).toEqual([1, false]);
    expect(listSnapshots(store.folder)).toHaveLength(1);
  });

  test('of a folder that is not there does nothing', () => {
    const folder = join(scratch(), 'db');
    expect(prune(folder, { sources: [], feeds: [] }, new Date(), 0)).toEqual({ snapshots: 0, files: 0, bytes: 0 });
  });
});

describe('publishing', () => {
  test('what was made long ago makes it young, so that no prune takes it for old', () => {
    const store = new Store();
    const source = store.source('npm', '1');
    const current = store.publish({ kind: 'replaced', source: store.source('Go', '1') });
    store.pass(600);
    store.publish({ kind: 'replaced', source });
    // This one read what is in force before.
    store.prune(0, current);
    expect(store.missing()).toEqual([]);
  });

  test('what was removed meanwhile is refused, and what is in force stays', () => {
    const store = new Store();
    const before = store.publish({ kind: 'replaced', source: store.source('npm', '1') });
    const late = store.source('npm', '2');
    store.pass(600);
    store.prune(0);
    for (const kind of ['replaced', 'checked'] as const) {
      const source = kind === 'replaced' ? late : { ...late, ecosystem: 'Go' };
      expect(() => store.publish({ kind, source })).toThrow(
        expect.objectContaining({
          code: 'advisory/file-gone',
          message: `the file of the ecosystem ${source.ecosystem} was removed before it came into force`,
        }),
      );
      expect([readCurrent(store.folder), store.missing()]).toEqual([before, []]);
    }
  });

  test('data whose pack is gone is without it', () => {
    const store = new Store();
    const source = store.source('npm', '1');
    rmSync(filePath(store.folder, source.pack!, 'pack'));
    const { pack, ...rest } = source;
    expect([pack !== undefined, store.publish({ kind: 'replaced', source }).sources]).toEqual([true, [rest]]);
  });

  test('that an update failed takes back nothing that another update learned of the same data', () => {
    const store = new Store();
    const source = store.source('npm', '1');
    store.publish({ kind: 'replaced', source });
    const failed = { at: store.checkedAt(), message: 'no connection' };
    const validator = { url: source.digest, etag: '"e"' };
    const learned = store.publish({ kind: 'checked', source: { ...source, validator } });
    expect(learned.sources[0]).toMatchObject({ validator });
    expect(store.publish({ kind: 'failed', source: { ...source, failed } }).sources).toEqual([
      { ...learned.sources[0], failed },
    ]);
    const checked = store.publish({ kind: 'checked', source: { ...source, checkedAt: store.checkedAt() } });
    expect(store.publish({ kind: 'failed', source: { ...source, failed } })).toEqual(checked);
  });
});
