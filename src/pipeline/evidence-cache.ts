import { createHash } from 'node:crypto';
import type { AdvisoryData } from '../advisory/data.ts';
import type { CollectedWith } from '../catalog/collect/collect.ts';
import type { Evidence, FailedUpdate } from '../model/evidence.ts';
import type { BaseImage } from '../model/image.ts';
import type { Problem } from '../model/problem.ts';
import type { GivenVex } from '../model/vex.ts';
import { feedTitles } from '../policy/source-names.ts';
import type { OpenedImage } from '../source/contract.ts';
import { CacheFolder } from '../util/cache-folder.ts';
import { readSealed, sealed } from '../util/sealed.ts';
import type { FoundBeside } from './placed/contract.ts';

/** All that evidence depends on beside the image and sluice itself. */
export interface EvidenceInputs {
  readonly data: Pick<AdvisoryData, 'sources' | 'feeds'>;
  /** The base that the user named. */
  readonly base?: BaseImage | undefined;
  readonly vex: readonly GivenVex[];
  /** What the image is called, where a VEX document may go by that. */
  readonly names: readonly string[];
  /** What could not be read of the VEX that is attached to the image. */
  readonly vexProblems: readonly Problem[];
  /** What was looked for beside packages, and the day that rules were asked as of. */
  readonly looked?: string | undefined;
}

/**
 * The evidence on images as it was last gathered. It is a function of the image, of the data and of sluice itself, so
 * that nothing need be gathered again while all three are the same. One file an image: new data replaces the old.
 */
export class EvidenceCache {
  readonly #folder: CacheFolder;
  readonly #engine: string;

  /** `engine`: stands for everything in sluice that evidence depends on. */
  constructor(cacheDir: string, engine: string) {
    this.#folder = new CacheFolder(cacheDir);
    this.#engine = engine;
  }

  /** The evidence on an image whose content has this name, with the data's age as it is now. */
  find(name: string, opened: OpenedImage, inputs: EvidenceInputs): Evidence | undefined {
    // What is wrong with an archive is not a property of the image in it.
    if (opened.problems.length > 0) return undefined;
    const bytes = this.#folder.read(this.#path(name));
    const known = bytes && (readSealed(bytes, this.#seal(name, opened, inputs)) as Evidence | undefined);
    return known && { ...known, sources: known.sources.map(asOfNow(inputs.data)) };
  }

  keep(name: string, opened: OpenedImage, inputs: EvidenceInputs, evidence: Evidence): void {
    if (opened.problems.length > 0) return;
    this.#folder.write(this.#path(name), sealed(this.#seal(name, opened, inputs), evidence));
  }

  /** What was collected beside the evidence on an image, for whoever asked for exactly this. */
  findCollected(name: string, asked: string): CollectedWith | undefined {
    const bytes = this.#folder.read(collectedPath(name, asked));
    return bytes && (readSealed(bytes, this.#collectedSeal(name, asked)) as CollectedWith | undefined);
  }

  /** Keeps what was collected of an image whose layers are proven; one file for each that is asked for. */
  keepCollected(name: string, asked: string, collected: CollectedWith): void {
    this.#folder.write(collectedPath(name, asked), sealed(this.#collectedSeal(name, asked), collected));
  }

  /** What was found beside packages in an image, for whoever asked for exactly this. */
  findBeside(name: string, asked: string): FoundBeside | undefined {
    const bytes = this.#folder.read(besidePath(name));
    return bytes && (readSealed(bytes, this.#besideSeal(name, asked)) as FoundBeside | undefined);
  }

  /** Keeps what was found beside packages in an image whose layers are proven: the last only. */
  keepBeside(name: string, asked: string, found: FoundBeside): void {
    this.#folder.write(besidePath(name), sealed(this.#besideSeal(name, asked), found));
  }

  #besideSeal(name: string, asked: string): string {
    return `beside ${hashOf([this.#engine, name, asked].join('\n'))}`;
  }

  #collectedSeal(name: string, asked: string): string {
    return `collected ${hashOf([this.#engine, name, asked].join('\n'))}`;
  }

  #path(name: string): string {
    return `evidence/${name}`;
  }

  /** All that the evidence depends on, as one text. */
  #seal(
    name: string,
    { image, config, provenance }: OpenedImage,
    { data, base, vex, names, vexProblems, looked }: EvidenceInputs,
  ): string {
    const sources = data.sources.map(({ ecosystem, digest }) => `${ecosystem} ${digest}`);
    const feeds = data.feeds.map(({ id, digest }) => `feed ${id} ${digest}`);
    const target = JSON.stringify([image, config.history, provenance?.digest, base]);
    const documents = vex.map((one) => JSON.stringify([one.name, one.digest, one.believed, one.listedFor]));
    const called = vex.length > 0 || vexProblems.length > 0 ? [JSON.stringify([names, vexProblems])] : [];
    const beside = looked === undefined ? [] : [`looked ${looked}`];
    const parts = [this.#engine, name, ...sources, ...feeds, target, ...documents, ...called, ...beside];
    return `evidence ${hashOf(parts.join('\n'))}`;
  }
}

function besidePath(name: string): string {
  return `beside/${name}`;
}

function collectedPath(name: string, asked: string): string {
  return `collected/${name}-${hashOf(asked).slice(0, 16)}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

interface Currency {
  readonly checkedAt: string;
  readonly failed?: FailedUpdate;
}

type Source = Evidence['sources'][number];

/** When data was last known current changes without the data. */
function asOfNow({ sources, feeds }: EvidenceInputs['data']): (source: Source) => Source {
  const now = new Map<string, Currency>([
    ...sources.map((source): [string, Currency] => [source.ecosystem, source]),
    ...feeds.map((feed): [string, Currency] => [feedTitles[feed.id], feed]),
  ]);
  return (source) => {
    const { failed: before, ...known } = source;
    const { checkedAt, failed }: Currency = now.get(source.ecosystem) ?? source;
    return { ...known, checkedAt, ...(failed ? { failed } : {}) };
  };
}
