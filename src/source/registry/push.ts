import { type Digest, digestOf } from '../../model/digest.ts';
import { formatReference, type Reference } from '../../model/reference.ts';
import { SluiceError } from '../../util/error.ts';
import { RegistryFailure } from './failure.ts';
import { discard, type HttpAnswer } from './http.ts';
import type { Session, Wanted } from './session.ts';

/**
 * Leaves a blob in a repository (OCI distribution specification, "Pushing blobs": POST, then one PUT), unless it is
 * there already. Returns its digest.
 * @throws SluiceError
 */
export async function pushBlob(session: Session, reference: Reference, bytes: Buffer): Promise<Digest> {
  const digest = digestOf(bytes);
  if (await hasBlob(session, reference, digest)) return digest;
  const what = nameOf(reference, digest);
  const start: Wanted = {
    reference,
    path: 'blobs/uploads/',
    method: 'POST',
    headers: { 'content-length': '0' },
    what,
    expected: 202,
    access: 'push',
  };
  // An upload that broke can't be gone on with, so that a repetition begins with a new one.
  await session.get(start, async (answer) => {
    const path = uploadAddress(answer, digest);
    await discard(answer.message, session.transport.timing);
    const done = await session.exchange({
      ...start,
      path,
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(bytes.length) },
      body: bytes,
      expected: 201,
    });
    await discard(done.message, session.transport.timing);
  });
  return digest;
}

/**
 * Puts a manifest under the tag of the reference, in place of what was there (OCI distribution specification,
 * "Pushing manifests"). What it names has to be there.
 * @throws SluiceError
 */
export function pushManifest(session: Session, reference: Reference, bytes: Buffer, mediaType: string): Promise<void> {
  const wanted: Wanted = {
    reference,
    path: `manifests/${reference.tag ?? digestOf(bytes)}`,
    method: 'PUT',
    headers: { 'content-type': mediaType, 'content-length': String(bytes.length) },
    body: bytes,
    what: formatReference(reference),
    expected: 201,
    access: 'push',
  };
  return session.get(wanted, ({ message }) => discard(message, session.transport.timing));
}

/**
 * Whether a repository that is pushed to has a blob (OCI distribution specification, "Pulling blobs": HEAD).
 * @throws SluiceError
 */
export async function hasBlob(session: Session, reference: Reference, digest: Digest): Promise<boolean> {
  const what = nameOf(reference, digest);
  const wanted: Wanted = { reference, path: `blobs/${digest}`, method: 'HEAD', headers: {}, what, access: 'push' };
  try {
    return await session.get(wanted, async ({ message }) => {
      // Its Content-Length is the blob's; there is no body to read away.
      message.resume();
      return true;
    });
  } catch (thrown) {
    if (thrown instanceof SluiceError && thrown.code === 'registry/not-found') return false;
    throw thrown;
  }
}

function nameOf(reference: Reference, digest: Digest): string {
  return `blob ${digest} of ${formatReference(reference)}`;
}

/**
 * Where the registry wants the bytes. Another host, which gets no credentials, must speak https: no registry is to make
 * this machine write to whatever listens on it, or to send in clear what was begun in secret.
 */
function uploadAddress({ message, url }: HttpAnswer, digest: Digest): URL {
  const { location } = message.headers;
  if (location === undefined || !URL.canParse(location, url.href)) {
    throw new RegistryFailure('registry/upload', 'it takes an upload without saying where to');
  }
  const address = new URL(location, url);
  if (address.origin !== url.origin && address.protocol !== 'https:') {
    const where = `${address.protocol}//${address.host}`;
    throw new RegistryFailure('registry/upload', `it wants the upload at ${where}, which is refused`);
  }
  address.username = '';
  address.password = '';
  address.hash = '';
  // Behind what is there, which stays as the registry wrote it: it may be signed.
  address.search += `${address.search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`;
  return address;
}
