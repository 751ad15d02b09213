import type { Digest } from './digest.ts';

/** Operating system and processor that an image is for (OCI image index, `platform`). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** One line of an image's history (OCI image configuration). */
export interface HistoryLine {
  readonly createdBy: string;
  /** Whether it made no layer. */
  readonly empty: boolean;
  /** RFC 3339: when it ran, as the image says; absent where it does not. */
  readonly created?: string;
}

/** How a container of the image is run, as its configuration says (OCI image configuration, `config`). */
export interface RunConfig {
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workingDir: string;
  /** `NAME=value`; values may be secrets. */
  readonly env: readonly string[];
  /** `8080/tcp`, sorted. */
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly stopSignal: string;
  /** The check's command; empty when there is none. */
  readonly healthcheck: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
}

/** The parts of an image configuration that sluice uses. */
export interface ImageConfig {
  readonly platform: Platform;
  readonly run: RunConfig;
  /** SHA-256 of each layer's uncompressed tar, bottom first. */
  readonly diffIds: readonly Digest[];
  readonly history: readonly HistoryLine[];
  /** RFC 3339: when it was built, as it says itself; empty when it does not say, or not so. */
  readonly created: string;
}

/** One layer as the image's manifest describes it. */
export interface LayerDescriptor {
  readonly diffId: Digest;
  /** Digest of the blob; in a `docker save` archive the layer has no other name than its diffID. */
  readonly digest: Digest;
  /** Size of the blob in bytes. */
  readonly size: number;
  /** The history line that made the layer; empty when the history does not say. */
  readonly createdBy: string;
}

/** How it is known which layers are the base image's: the user named it, the build's provenance, or the history's shape. */
export type BaseKnownBy = 'flag' | 'provenance' | 'history';

/** The image that an image was built on. */
export interface BaseImage {
  /** As the annotation `org.opencontainers.image.base.name`, the provenance or the user calls it. */
  readonly name?: string;
  /** Digest of its manifest or index. */
  readonly digest?: Digest;
  /** How many of the image's layers are the base's: the lowest ones. */
  readonly layers: number;
  readonly by: BaseKnownBy;
}

/** A container image: what it is called by content, never where it was found. */
export interface Image {
  /** Digest of the manifest; a `docker save` archive has none. */
  readonly digest?: Digest;
  /** Digest of the configuration: docker's image id. */
  readonly id: Digest;
  readonly platform: Platform;
  /** Bottom first. */
  readonly layers: readonly LayerDescriptor[];
  /** What the image itself says of the one that it was built on. */
  readonly base?: BaseImage;
}

/** `os/architecture[/variant]`, with the spellings in use made one (`x86_64`, `aarch64`, arm64's `v8`). */
export function platformText(platform: Platform): string {
  const { os, architecture, variant } = normalizePlatform(platform);
  return variant ? `${os}/${architecture}/${variant}` : `${os}/${architecture}`;
}

/** Reads `os/architecture[/variant]`; a lone architecture means linux. */
export function parsePlatform(text: string): Platform {
  const parts = text.toLowerCase().split('/');
  const [os, architecture, variant] = parts.length === 1 ? ['linux', parts[0]] : parts;
  return normalizePlatform({ os: os ?? '', architecture: architecture ?? '', ...(variant ? { variant } : {}) });
}

/** Whether an image for `offered` is the one wanted. A wanted platform without variant takes any. */
export function platformMatches(wanted: Platform, offered: Platform): boolean {
  const a = normalizePlatform(wanted);
  const b = normalizePlatform(offered);
  return a.os === b.os && a.architecture === b.architecture && (!a.variant || a.variant === b.variant);
}

const architectures = new Map([
  ['x86_64', 'amd64'],
  ['x64', 'amd64'],
  ['aarch64', 'arm64'],
  ['ia32', '386'],
  ['i386', '386'],
]);

function normalizePlatform(platform: Platform): Platform {
  const architecture = architectures.get(platform.architecture) ?? platform.architecture;
  // arm64 has one variant only, which some tools write and some do not (containerd platforms).
  const variant = architecture === 'arm64' && platform.variant === 'v8' ? undefined : platform.variant;
  return { os: platform.os, architecture, ...(variant ? { variant } : {}) };
}
