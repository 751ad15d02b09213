import { createHash } from 'node:crypto';
import { type Digest, digestOfHex } from '../model/digest.ts';
import type { LayerBlob, OpenLayer } from '../source/contract.ts';

/** The digest of a layer's blob as it lies there, which is not unpacked. @throws SluiceError when it can't be read */
export async function blobDigest(blob: LayerBlob, open: OpenLayer): Promise<Digest> {
  const hash = createHash('sha256');
  for await (const piece of open(blob.place)) hash.update(piece);
  return digestOfHex(hash.digest('hex'));
}
