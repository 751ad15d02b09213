import { createHash, X509Certificate } from 'node:crypto';

/** A certificate that programs of the image trust. */
export interface TrustedCertificate {
  /** SHA-256 of its DER, as hex. */
  readonly fingerprint: string;
  /** Its subject on one line; empty when it can't be read. */
  readonly subject: string;
  /** A file that holds it. */
  readonly path: string;
}

/** Folders in which programs look for certificates of authorities. */
const folders = [
  'etc/ssl/certs/',
  'etc/pki/ca-trust/',
  'etc/pki/tls/certs/',
  'usr/share/ca-certificates/',
  'usr/local/share/ca-certificates/',
  'usr/share/pki/',
  'etc/ca-certificates/',
  'usr/local/etc/ssl/',
];

/** Largest file of certificates that is read, in bytes. */
export const certificateLimit = 4 * 1024 * 1024;

/** Longest certificate in a PEM file that is read, in bytes of its text; real ones have a few thousand. */
const pemLimit = 64 * 1024;

/** Most certificates of one image; the authorities of the largest bundles are some hundreds. */
const maxCertificates = 20_000;

/** What a certificate's block is called: OpenSSL takes all of them. */
const labels = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];
const marks = labels.map((label) => ({
  begin: Buffer.from(`-----BEGIN ${label}-----`),
  end: Buffer.from(`-----END ${label}-----`),
}));

/** Whether programs take certificates from the file at this path. */
export function holdsCertificates(path: string): boolean {
  return path === 'etc/ssl/cert.pem' || folders.some((folder) => path.startsWith(folder));
}

/** The certificates of a PEM file (RFC 7468), by fingerprint. */
export function readCertificates(path: string, bytes: Buffer, into: Map<string, TrustedCertificate>): void {
  for (const { begin, end } of marks) {
    for (const der of blocks(bytes, begin, end)) {
      const fingerprint = createHash('sha256').update(der).digest('hex');
      if (into.has(fingerprint)) continue;
      if (into.size >= maxCertificates) return;
      into.set(fingerprint, { fingerprint, subject: subjectOf(der), path });
    }
  }
}

/** The bytes between each beginning and its end. A beginning without an end of its own is none: each is looked at once. */
function* blocks(bytes: Buffer, begin: Buffer, end: Buffer): Generator<Buffer> {
  let stop = -1;
  for (let at = bytes.indexOf(begin); at >= 0; ) {
    if (stop < at) stop = bytes.indexOf(end, at);
    if (stop < 0) return;
    const next = bytes.indexOf(begin, at + begin.length);
    const isWhole = (next < 0 || next > stop) && stop - at <= pemLimit;
    if (isWhole) yield Buffer.from(bytes.toString('latin1', at + begin.length, stop), 'base64');
    at = next;
  }
}

function subjectOf(der: Buffer): string {
  try {
    return new X509Certificate(der).subject.split('\n').join(', ');
  } catch {
    return '';
  }
}
