import type { Digest } from '../../model/digest.ts';
import { formatReference, type Reference } from '../../model/reference.ts';
import { maxManifestBytes } from '../manifest.ts';
import { readBody } from './http.ts';
import type { Session } from './session.ts';

/**
 * The index of what refers to a manifest (OCI distribution specification 1.1, "Listing Referrers"). It is made when it is
 * asked for, so that no digest vouches for it; those that it lists do for what is read next. Only its first page is read.
 * @throws SluiceError `registry/not-found` where the registry does not know the question, and others
 */
export function pullReferrers(session: Session, reference: Reference, digest: Digest): Promise<Buffer> {
  const wanted = {
    reference,
    path: `referrers/${digest}`,
    headers: { accept: 'application/vnd.oci.image.index.v1+json' },
    what: `what refers to ${formatReference(reference)}`,
  };
  return session.get(wanted, ({ message }) => readBody(message, maxManifestBytes, session.transport.timing));
}
