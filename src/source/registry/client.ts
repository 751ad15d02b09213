import { setTimeout as delay } from 'node:timers/promises';
import type { Digest } from '../../model/digest.ts';
import type { Reference } from '../../model/reference.ts';
import { proxiesOf } from '../proxy.ts';
import { createAuthenticator } from './auth.ts';
import { openBlob, pullBlob } from './blob.ts';
import { createCredentialFinder } from './credentials.ts';
import { createTransport, type Timing } from './http.ts';
import { type PulledManifest, pullManifest } from './manifest.ts';
import { hasBlob, pushBlob, pushManifest } from './push.ts';
import { type BlobRange, pullRange } from './range.ts';
import { pullReferrers } from './referrers.ts';
import type { Sleep } from './retry.ts';
import { createSession, type RegistryEvent } from './session.ts';

/** Settings of {@link createRegistryClient}. */
export interface RegistryClientOptions {
  /** Allows plain http for hosts other than this machine, where they do not speak TLS. Certificates are still checked. */
  readonly insecure: boolean;
  /** Forbids every connection. */
  readonly offline: boolean;
  /** docker's config.json; by default `$DOCKER_CONFIG/config.json` or `~/.docker/config.json`. */
  readonly dockerConfigPath?: string;
  /** Read: `SLUICE_REGISTRY_*`, `DOCKER_CONFIG`, `HOME`, `HTTPS_PROXY` and its kin; credential helpers run in it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userAgent?: string;
  readonly onEvent?: (event: RegistryEvent) => void;
  /** Certificates of the authorities to trust instead of Node's, PEM. */
  readonly ca?: string;
  readonly timing?: Partial<Timing>;
  readonly sleep?: Sleep;
}

/** Pulls from registries, and pushes what sluice made (OCI distribution specification). Every method throws SluiceError, `registry/*`. */
export interface RegistryClient {
  /** A manifest or index, its digest checked. */
  manifest(reference: Reference): Promise<PulledManifest>;
  /**
   * A blob of exactly `size` bytes as a stream with back-pressure, taken up again where a connection broke. The
   * caller checks the digest, and leaves the loop by `break` or reads to the end.
   */
  blob(reference: Reference, digest: Digest, size: number): Promise<{ stream: AsyncIterable<Buffer> }>;
  /** A whole blob of at most `limit` bytes, its digest checked. */
  blobBytes(reference: Reference, digest: Digest, limit: number): Promise<Buffer>;
  /** Exactly the bytes of one range of a blob, which are the caller's to check. */
  blobRange(reference: Reference, range: BlobRange): Promise<Buffer>;
  /** The index of what refers to a manifest, whose bytes no digest vouches for. */
  referrers(reference: Reference, digest: Digest): Promise<Buffer>;
  /** Whether a repository that is pushed to has a blob. */
  hasBlob(reference: Reference, digest: Digest): Promise<boolean>;
  /** Leaves a blob in a repository that does not have it yet. */
  pushBlob(reference: Reference, bytes: Buffer): Promise<Digest>;
  /** Puts a manifest under the reference's tag. */
  pushManifest(reference: Reference, bytes: Buffer, mediaType: string): Promise<void>;
  /** Closes idle connections. They do not keep the process alive. */
  close(): void;
}

const defaultTiming: Timing = { idleMs: 30_000, totalMs: 120_000 };

/**
 * Makes a registry client; it opens no connection before it is asked for something.
 * @throws SluiceError `registry/credentials` when the credentials in `env` are incomplete.
 */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const { insecure, offline, ca, env, userAgent = 'sluice', sleep = (ms) => delay(ms) } = options;
  const onEvent = options.onEvent ?? (() => {});
  const proxies = proxiesOf(env);
  const transport = createTransport({ insecure, ca, proxies, timing: { ...defaultTiming, ...options.timing } });
  const find = createCredentialFinder({
    env,
    dockerConfigPath: options.dockerConfigPath,
    onTrouble: (message) => onEvent({ kind: 'warning', message }),
  });
  const authenticator = createAuthenticator({ userAgent, find, transport, secrets: proxies.secrets() });
  const session = createSession({
    insecure,
    offline,
    userAgent,
    ca,
    proxies,
    transport,
    authenticator,
    find,
    sleep,
    onEvent,
  });
  return {
    manifest: (reference) => pullManifest(session, reference),
    blob: async (reference, digest, size) => ({ stream: await openBlob(session, reference, digest, size) }),
    blobBytes: (reference, digest, limit) => pullBlob(session, reference, digest, limit),
    blobRange: (reference, range) => pullRange(session, reference, range),
    referrers: (reference, digest) => pullReferrers(session, reference, digest),
    hasBlob: (reference, digest) => hasBlob(session, reference, digest),
    pushBlob: (reference, bytes) => pushBlob(session, reference, bytes),
    pushManifest: (reference, bytes, mediaType) => pushManifest(session, reference, bytes, mediaType),
    close: () => transport.close(),
  };
}
