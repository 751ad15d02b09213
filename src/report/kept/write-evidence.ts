import type { Evidence, EvidenceSource, EvidenceTarget, EvidenceVex } from '../../model/evidence.ts';
import type { Finding, VexNote } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { jsonCollected, jsonImage } from './write-facts.ts';
import { jsonLicence, jsonPlaced } from './write-placed.ts';

/** All of a JSON report but the verdict, with the keys in one fixed order. */
export function jsonEvidence(evidence: Evidence): object {
  return {
    target: jsonTarget(evidence.target),
    judged: [...evidence.judged].sort(),
    packages: evidence.packages.map(jsonPackage),
    looked: evidence.looked,
    findings: [...evidence.findings.map(jsonFinding), ...(evidence.placed ?? []).map(jsonPlaced)],
    problems: evidence.problems.map(jsonProblem),
    sources: evidence.sources.map(jsonSource),
    vex: evidence.vex?.map(jsonVex),
    image: evidence.image && jsonImage(evidence.image),
    licences: evidence.licences?.map(jsonLicence),
    collected: evidence.collected && jsonCollected(evidence.collected),
  };
}

function jsonTarget({
  kind,
  digest,
  id,
  platform,
  distribution,
  release,
  contentSets,
  base,
  layers,
}: EvidenceTarget): object {
  return {
    kind,
    digest,
    id,
    platform,
    distribution: distribution && {
      id: distribution.id,
      version: distribution.version,
      name: distribution.name,
      endOfLife: release?.endOfLife,
      extended: release?.extended && { until: release.extended.until, name: release.extended.name },
      endOfLifeSource: release?.source,
      codename: distribution.codename,
      like: distribution.like.length > 0 ? distribution.like : undefined,
    },
    contentSets,
    base: base && { name: base.name, digest: base.digest, layers: base.layers, by: base.by },
    layers: layers.map((layer) => ({
      diffId: layer.diffId,
      digest: layer.digest,
      size: layer.size,
      createdBy: layer.createdBy,
      read: layer.read,
    })),
  };
}

/** One problem. */
export function jsonProblem({ code, message, path, layer, blinding }: Problem): object {
  return { code, message, path, layer, blinding };
}

/** One source of data. */
export function jsonSource({ ecosystem, origin, records, newest, checkedAt, digest, failed }: EvidenceSource): object {
  const failure = failed && { at: failed.at, message: failed.message };
  return { ecosystem, origin, records, newest, checkedAt, digest, failed: failure };
}

/** One VEX document. */
export function jsonVex(vex: EvidenceVex): object {
  const { document, format, digest, author, timestamp, statements, applied, believed } = vex;
  return { document, format, digest, author, timestamp, statements, applied, believed };
}

function jsonPackage(found: Package): object {
  const { purl, ecosystem, name, version, presence, paths, layer, arch, license, vendor, module, dev, ownedBy } = found;
  const { build, hashes, needs } = found;
  // A package without a source package of another name is its own origin.
  const origin = found.origin ?? { name, version };
  return {
    purl,
    ecosystem,
    name,
    version,
    presence,
    origin: { name: origin.name, version: origin.version },
    paths,
    layer,
    arch,
    license,
    vendor,
    module,
    dev,
    ownedBy,
    build,
    hashes,
    needs,
  };
}

function jsonFinding(finding: Finding): object {
  const { kind, id, aliases, advisories, severity, severitySource, score, vector, fixed, layer, paths, title } =
    finding;
  const { cwes, published, fixPublished, disputed, fixState, exploited, epss, risk, statements, answered } = finding;
  return {
    kind,
    id,
    aliases,
    advisories,
    severity,
    severitySource,
    score,
    vector,
    package: finding.package,
    name: finding.name,
    version: finding.version,
    presence: finding.presence,
    fixed,
    fixState,
    layer,
    from: finding.from,
    paths,
    title,
    cwes,
    published,
    fixPublished,
    disputed,
    exploited: exploited && { added: exploited.added, due: exploited.due, ransomware: exploited.ransomware },
    epss: epss && { score: epss.score, percentile: epss.percentile },
    risk,
    statements: statements?.map(jsonNote),
    answered: answered && { by: answered.by, because: answered.because },
  };
}

/** What a VEX statement says of a finding. */
export function jsonNote(note: VexNote): object {
  const { status, justification, says, timestamp, author, document, format, believed } = note;
  return { status, justification, says, timestamp, author, document, format, believed };
}
