import { type Digest, parseDigest } from '../../../src/model/digest.ts';
import { parseReference } from '../../../src/model/reference.ts';
import {
  createRegistryClient,
  type RegistryClient,
  type RegistryClientOptions,
} from '../../../src/source/registry/client.ts';
import type { RegistryEvent } from '../../../src/source/registry/session.ts';
import type { SluiceError } from '../../../src/util/error.ts';
import type { TestRegistry } from '../../support/registry.ts';

export const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** A small manifest with its media type inside. */
export const manifestBytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: manifestType, layers: [] }));

/** A client whose pauses take no time, with what it told. */
export interface Probe {
  readonly client: RegistryClient;
  readonly pauses: number[];
  readonly events: RegistryEvent[];
}

/** Makes a client for tests: no environment, no configuration, short bounds. */
export function probe(options: Partial<RegistryClientOptions> = {}): Probe {
  const pauses: number[] = [];
  const events: RegistryEvent[] = [];
  const client = createRegistryClient({
    insecure: false,
    offline: false,
    env: {},
    sleep: async (ms) => void pauses.push(ms),
    onEvent: (event) => void events.push(event),
    ...options,
  });
  return { client, pauses, events };
}

/** The reference of `team/app:1` in a test registry. */
export function appOf(registry: TestRegistry) {
  return parseReference(`${registry.host}/team/app:1`);
}

/** Everything that a stream gives. */
export async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** The error of something that must fail. */
export async function errorOf(work: Promise<unknown>): Promise<SluiceError> {
  return work.then(
    () => {
      throw new Error('it should have failed');
    },
    (thrown: SluiceError) => thrown,
  );
}

/** Bytes that differ everywhere, so that a shifted resume shows. */
export function patternOf(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i++) bytes[i] = (i * 2_654_435_761) >>> 24;
  return bytes;
}

/** A digest that nothing has. */
export const noDigest: Digest = parseDigest(`sha256:${'0'.repeat(64)}`);
