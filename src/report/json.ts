import type { Evidence, EvidenceSource, EvidenceTarget, EvidenceVex } from '../model/evidence.ts';
import type { Finding, VexNote } from '../model/finding.ts';
import type { Package } from '../model/package.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Report } from './contract.ts';
import { jsonText } from './text-json.ts';

/** The JSON report, `sluice/v1`: its schema is `schema/sluice-v1.json`. No clock and no path of this machine is in it. */
export const report: Report = {
  id: 'json',
  doc: 'everything, by the schema sluice/v1',
  render: (evidence, verdict) => jsonText(jsonReport(evidence, verdict)),
};

/** The report as a value, with its keys in one fixed order. */
function jsonReport(evidence: Evidence, verdict: Verdict): object {
  return {
    schema: 'sluice/v1',
    target: jsonTarget(evidence.target),
    judged: [...evidence.judged].sort(),
    packages: evidence.packages.map(jsonPackage),
    findings: evidence.findings.map(jsonFinding),
    problems: evidence.problems.map(({ code, message, path, layer, blinding }) => ({
      code,
      message,
      path,
      layer,
      blinding,
    })),
    sources: evidence.sources.map(jsonSource),
    vex: evidence.vex?.map(jsonVex),
    verdict: {
      decision: verdict.decision,
      reasons: verdict.reasons.map(({ rule, decision, message, action }) => ({ rule, decision, message, action })),
    },
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

function jsonSource({ ecosystem, origin, records, newest, checkedAt, digest, failed }: EvidenceSource): object {
  const failure = failed && { at: failed.at, message: failed.message };
  return { ecosystem, origin, records, newest, checkedAt, digest, failed: failure };
}

function jsonVex(vex: EvidenceVex): object {
  const { document, format, digest, author, timestamp, statements, applied, believed } = vex;
  return { document, format, digest, author, timestamp, statements, applied, believed };
}

function jsonPackage(found: Package): object {
  const { purl, ecosystem, name, version, presence, paths, layer, arch, license, vendor, module, dev, ownedBy } = found;
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
  };
}

function jsonFinding(finding: Finding): object {
  const { kind, id, aliases, advisories, severity, severitySource, score, vector, fixed, layer, paths, title } =
    finding;
  const { cwes, published, disputed, fixState, exploited, epss, risk, statements, answered } = finding;
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
    disputed,
    exploited: exploited && { added: exploited.added, due: exploited.due, ransomware: exploited.ransomware },
    epss: epss && { score: epss.score, percentile: epss.percentile },
    risk,
    statements: statements?.map(jsonNote),
    answered: answered && { by: answered.by, because: answered.because },
  };
}

function jsonNote(note: VexNote): object {
  const { status, justification, says, timestamp, author, document, format, believed } = note;
  return { status, justification, says, timestamp, author, document, format, believed };
}
