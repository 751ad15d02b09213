import type { TrustedCertificate } from '../../catalog/compare/certificates.ts';
import type { FileChange } from '../../catalog/compare/files.ts';
import type { VisibleFile } from '../../catalog/visible-files.ts';
import type { Comparison } from '../../match/comparison.ts';
import type { EvidenceTarget } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import { jsonText } from '../text-json.ts';
import { changeOf, isSetId } from './notable.ts';

/** A comparison as JSON, `sluice-diff/v1`: its schema is `schema/sluice-diff-v1.json`. */
export function diffJson({ before, after, packages, findings, files, settings, incomplete }: Comparison): string {
  return jsonText({
    schema: 'sluice-diff/v1',
    before: target(before),
    after: target(after),
    packages: packages.map((one) => ({ ...one })),
    findings: { came: findings.came.map(finding), went: findings.went.map(finding), stayed: findings.stayed },
    settings,
    files: files?.files.map(file),
    users: files?.users,
    certificates: files && {
      added: files.newCertificates.map(certificate),
      removed: files.goneCertificates.map(certificate),
    },
    incomplete,
  });
}

function target({ kind, digest, id, platform }: EvidenceTarget): object {
  return { kind, digest, id, platform };
}

function finding({ id, severity, package: purl, fixed, fixState, from, exploited }: Finding): object {
  return { id, severity, package: purl, fixed, fixState, from, exploited: exploited && true };
}

function file(change: FileChange): object {
  const { path, before, after, changed } = change;
  return {
    path: `/${path}`,
    change: changeOf(change),
    ...(changed.length > 0 ? { changed } : {}),
    ...(isSetId(after) && !isSetId(before) ? { newSetId: true } : {}),
    before: before && attributes(before),
    after: after && attributes(after),
  };
}

function attributes({ kind, size, mode, uid, gid, link }: VisibleFile): object {
  const octal = mode.toString(8).padStart(4, '0');
  return kind === 'symlink' ? { kind, target: link } : { kind, bytes: size, mode: octal, uid, gid };
}

function certificate({ fingerprint, subject, path }: TrustedCertificate): object {
  return { sha256: fingerprint, subject, path: `/${path}` };
}
