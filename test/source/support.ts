import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenedImage } from '../../src/source/contract.ts';
import type { ImageChoice } from '../../src/source/oci-image.ts';
import { openImage } from '../../src/source/open.ts';
import { type ImageTarget, identifyTarget } from '../../src/source/target.ts';
import { SluiceError } from '../../src/util/error.ts';
import { scratchFolder } from '../support/cli.ts';
import { buildImage, type ImageSpec } from '../support/image-writer.ts';
import { file, tar } from '../support/tar-writer.ts';

const amd64: ImageChoice = { platform: { os: 'linux', architecture: 'amd64' }, explicit: false };

/** No registry is asked. */
export const noRegistry = { insecure: false, offline: true, env: {} };

/** A folder whose files get names of their own. */
export function scratch(): (name?: string) => string {
  const folder = scratchFolder();
  let serial = 0;
  return (name = 'x') => {
    mkdirSync(join(folder, String(++serial)));
    return join(folder, String(serial), name);
  };
}

/** Writes a file and returns its path. */
export function written(path: string, bytes: Buffer | string): string {
  writeFileSync(path, bytes);
  return path;
}

/** Opens what is an image; its layers are read and thrown away, so that what is wrong with them shows. @throws SluiceError */
export async function open(path: string, choice: Partial<ImageChoice> = {}): Promise<OpenedImage> {
  const target = identifyTarget(path) as ImageTarget;
  const opened = await openImage(target, noRegistry, { ...amd64, ...choice });
  opened.close();
  return opened;
}

/** The code of what goes wrong. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof SluiceError) return `${thrown.code}: ${thrown.message}`;
    throw thrown;
  }
  return 'none';
}

/** An image of small layers. */
export function smallImage(more: Partial<ImageSpec> = {}): ReturnType<typeof buildImage> {
  return buildImage({ layers: [{ tar: tar(file('a', 'one')) }, { tar: tar(file('b', 'two')) }], ...more });
}
