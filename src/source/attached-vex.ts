import { mayBeVex } from '../format/vex/envelope.ts';
import { parseVexOf } from '../format/vex/parse-vex.ts';
import { type Digest, digestOf } from '../model/digest.ts';
import type { Image } from '../model/image.ts';
import { type Problem, warning } from '../model/problem.ts';
import type { GivenVex, VexComponent } from '../model/vex.ts';
import { messageOf, SluiceError } from '../util/error.ts';
import { harmless } from '../util/harmless.ts';
import { type AttachedManifest, type Attachments, mayHoldVex, predicateOf } from './attachments.ts';
import { type Descriptor, maxManifestBytes, parseManifest } from './manifest.ts';
import type { RegistryAccess } from './registry-image.ts';
import type { ImageTarget } from './target.ts';

/** Largest attestation that is read, in bytes. */
const documentLimit = 16 * 1024 * 1024;
/** Most bytes of attestations of one image. */
const totalLimit = 64 * 1024 * 1024;
/** Most manifests, and most documents in them, that are looked at for one image. */
const manifestLimit = 100;
const attestationLimit = 200;
/** Most problems that are told. */
const problemLimit = 10;

/** VEX that was found attached to an image. */
export interface AttachedVex {
  /** Sorted by digest. */
  readonly given: readonly GivenVex[];
  /** `vex/attached-unreadable`: what was found and could not be read. None of it blinds: an image need not say anything. */
  readonly problems: readonly Problem[];
  /** Digests of the indexes that lead to the image: statements may name it by one of them. */
  readonly names: readonly Digest[];
}

/**
 * VEX in an image's own attestations: BuildKit's attestation manifest, cosign's `.att` tag and OCI referrers in a
 * registry; the manifests of an OCI layout that refer to the image. Signatures are not checked, so that `believed` must be
 * what the user said. Nothing is thrown for what the image or the registry does wrong.
 */
export async function attachedVex(
  target: ImageTarget,
  image: Pick<Image, 'digest' | 'id'>,
  access: RegistryAccess,
  believed: boolean,
): Promise<AttachedVex> {
  const collected = new Collected(image, believed);
  if (image.digest === undefined) return collected.result();
  try {
    const attachments = await open(target, image.digest, access);
    try {
      collected.alsoCalled(attachments.indexes);
      await collectAll(attachments, collected);
    } finally {
      attachments.close();
    }
  } catch (thrown) {
    collected.failed('what is attached to the image', thrown);
  }
  return collected.result();
}

async function open(target: ImageTarget, digest: Digest, access: RegistryAccess): Promise<Attachments> {
  if (target.kind === 'registry') {
    const { attachedInRegistry } = await import('./attached-in-registry.ts');
    return attachedInRegistry(target.reference, digest, access);
  }
  const { attachedInLayout } = await import('./attached-in-layout.ts');
  return attachedInLayout(target, digest);
}

async function collectAll(attachments: Attachments, collected: Collected): Promise<void> {
  const manifests = await attachments.list((what, thrown) => collected.failed(what, thrown));
  if (manifests.length > manifestLimit) collected.leftOut(`${manifests.length - manifestLimit} attached manifests`);
  for (const attached of manifests.slice(0, manifestLimit)) {
    try {
      await collectFrom(attached, attachments, collected);
    } catch (thrown) {
      collected.failed(`the attached manifest ${attached.descriptor.digest}`, thrown);
    }
  }
}

async function collectFrom(
  { descriptor, tied }: AttachedManifest,
  attachments: Attachments,
  collected: Collected,
): Promise<void> {
  const manifest = parseManifest(await attachments.read(descriptor, maxManifestBytes), 'the attached manifest');
  if (manifest.kind !== 'manifest') return;
  // A bundle says what it is about in the manifest around it.
  const ofAll = predicateOf({ ...descriptor, annotations: manifest.annotations }) ?? predicateOf(descriptor);
  for (const layer of manifest.layers) {
    const predicate = predicateOf(layer) ?? ofAll;
    if (!mayHoldVex(layer.mediaType) || (predicate !== undefined && !mayBeVex(predicate))) continue;
    if (!collected.hasRoomFor(layer)) return;
    try {
      // No more than was counted: a size that is not true must not lead past the limits.
      collected.add(layer, await attachments.read(layer, Math.min(documentLimit, layer.size)), tied);
    } catch (thrown) {
      collected.failed(`the attestation ${layer.digest}`, thrown);
    }
  }
}

/** What is simply something else: attestations of other kinds, and bills of materials that analyse nothing. */
const others: ReadonlySet<string> = new Set(['vex/unknown', 'vex/no-analysis']);

/** Documents as they are found. */
class Collected {
  readonly #given = new Map<Digest, GivenVex>();
  readonly #problems: Problem[] = [];
  readonly #about: VexComponent;
  readonly #own: Set<string>;
  readonly #names: Digest[] = [];
  readonly #believed: boolean;
  #bytes = 0;
  #attestations = 0;

  constructor({ digest, id }: Pick<Image, 'digest' | 'id'>, believed: boolean) {
    const hashes = [digest, id].filter((one) => one !== undefined);
    this.#about = { ids: [], hashes };
    this.#own = new Set<string>(hashes);
    this.#believed = believed;
  }

  alsoCalled(indexes: readonly Digest[]): void {
    this.#names.push(...indexes);
    for (const digest of indexes) this.#own.add(digest);
  }

  /** Whether the attestation may be read. */
  hasRoomFor({ size, digest }: Descriptor): boolean {
    if (this.#given.has(digest)) return false;
    this.#attestations++;
    this.#bytes += size;
    if (this.#attestations <= attestationLimit && this.#bytes <= totalLimit && size <= documentLimit) return true;
    this.leftOut(`the attestation ${digest}`);
    return false;
  }

  /** Keeps what is VEX. An in-toto statement must be about the image (in-toto attestation, `subject`): another's proves nothing. */
  add({ digest, annotations }: Descriptor, bytes: Buffer, tied: boolean): void {
    try {
      const { document, subjects } = parseVexOf(bytes, tied ? [this.#about] : [], (subject) => this.#isOwn(subject));
      if (subjects.length > 0 ? !subjects.some((subject) => this.#isOwn(subject)) : !tied) {
        throw new SluiceError('vex/other-subject', 'it is about another image');
      }
      const title = annotations['org.opencontainers.image.title'];
      const name = typeof title === 'string' ? harmless(title.slice(0, 200)) : `attestation ${digest.slice(7, 19)}`;
      const own = digestOf(bytes);
      this.#given.set(digest, { document, name, digest: own, believed: this.#believed });
    } catch (thrown) {
      if (!(thrown instanceof SluiceError) || !others.has(thrown.code)) throw thrown;
    }
  }

  #isOwn({ hashes }: VexComponent): boolean {
    return hashes.some((hash) => this.#own.has(hash));
  }

  failed(what: string, thrown: unknown): void {
    if (!(thrown instanceof SluiceError)) throw thrown;
    this.#note(`${what} can't be read: ${harmless(messageOf(thrown))}`);
  }

  leftOut(what: string): void {
    this.#note(`${what} is more than is read of what is attached to an image`);
  }

  #note(message: string): void {
    if (this.#problems.length < problemLimit) this.#problems.push(warning('vex/attached-unreadable', message));
  }

  result(): AttachedVex {
    const given = [...this.#given.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1));
    return { given, problems: this.#problems, names: this.#names };
  }
}
