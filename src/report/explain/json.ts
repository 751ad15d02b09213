import type { CvssRating } from '../../advisory/cvss.ts';
import type {
  Explanation,
  FindingStory,
  FlawStory,
  GateView,
  PackageStory,
  RecordStory,
  SeverityStory,
} from '../../match/explain/contract.ts';
import type { ExplainedProduct } from '../../match/vex/explain.ts';
import { jsonNote, jsonSource } from '../kept/write-evidence.ts';
import { jsonPlaced } from '../kept/write-placed.ts';
import { jsonText } from '../text-json.ts';
import { jsonTarget } from '../text-target.ts';

/** An explanation as JSON, `sluice-explain/v1`: its schema is `schema/sluice-explain-v1.json`. */
export function explainJson(explanation: Explanation): string {
  const { asked, target, outcome, says, flaw, packages, placed, related, looked, vex, sources, snapshot, blinding } =
    explanation;
  return jsonText({
    schema: 'sluice-explain/v1',
    asked,
    target: jsonTarget(target),
    outcome,
    says,
    flaw: flaw && jsonFlaw(flaw),
    packages: packages.map(jsonPackage),
    placed: placed?.map(({ finding, gate }) => ({ finding: jsonPlaced(finding), gate: jsonGate(gate) })),
    related,
    looked: looked.map(({ kind, ecosystem, packages: count, names, known }) => {
      return { kind, ecosystem, packages: count, names, known };
    }),
    vex: vex.map(jsonStatement),
    sources: sources.map(jsonSource),
    snapshot,
    blinding: blinding.map(({ code, message, path, layer }) => ({ code, message, path, layer })),
  });
}

function jsonFlaw(flaw: FlawStory): object {
  const { id, names, title, severities, cwes, published, modified, withdrawn, disputedBy, exploited, epss } = flaw;
  return {
    id,
    names,
    title,
    severities: severities.map(jsonSeverity),
    cwes,
    published,
    modified,
    withdrawn: withdrawn.map(({ record, at }) => ({ record, at })),
    disputedBy,
    exploited: exploited && { added: exploited.added, due: exploited.due, ransomware: exploited.ransomware },
    epss: epss && { score: epss.score, percentile: epss.percentile },
  };
}

function jsonSeverity({ record, package: of, severity, source, score, vector, vectors }: SeverityStory): object {
  return { record, package: of, severity, source, score, vector, vectors: vectors.map(jsonVector) };
}

function jsonVector({ version, score, severity, vector }: CvssRating): object {
  return { version, score, severity, vector };
}

function jsonPackage(story: PackageStory): object {
  const { found, from, createdBy, judged, outcome, lookups, records, findings, standings, vex } = story;
  const { purl, ecosystem, name, version, presence, paths, layer, module, ownedBy } = found;
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
    from,
    createdBy,
    module,
    ownedBy,
    judged,
    outcome,
    lookups: lookups.map(({ ecosystem: of, name: by, version: as, order, ordered }) => {
      return { ecosystem: of, name: by, version: as, order, ordered };
    }),
    records: records.map(jsonRecord),
    findings: findings.map(jsonFinding),
    standings: standings.map(({ ecosystem: of, name: by, cve, state, severity, note }) => {
      return { ecosystem: of, name: by, cve, state, severity, note };
    }),
    vex: vex.map(jsonStatement),
  };
}

function jsonRecord(record: RecordStory): object {
  const { id, relation, aliases, upstream, title, lookup, outcome, because, ranges, versions, listed, fixed } = record;
  const { severity, vectors, cwes, published, modified, withdrawn, disputed, fixState, imports } = record;
  return {
    id,
    relation,
    aliases,
    upstream,
    title,
    lookup,
    outcome,
    because,
    ranges: ranges.map(({ type, events, concerns, holds, says }) => {
      return { type, events: events.map(({ kind, version }) => ({ kind, version })), concerns, holds, says };
    }),
    versions,
    listed,
    fixed,
    severity: severity.severity,
    severitySource: severity.source,
    score: severity.score,
    vector: severity.vector,
    vectors: vectors.map(jsonVector),
    cwes,
    published,
    modified,
    withdrawn,
    disputed,
    fixState,
    imports: imports.map(({ path, symbols }) => ({ path, symbols })),
  };
}

function jsonFinding({ finding, severityBy, risk: formula, gate }: FindingStory): object {
  const { id, aliases, advisories, severity, severitySource, score, vector, fixed, fixState, risk } = finding;
  const { statements, answered } = finding;
  return {
    id,
    aliases,
    advisories,
    severity,
    severitySource,
    severityBy,
    score,
    vector,
    fixed,
    fixState,
    risk,
    formula,
    statements: statements?.map(jsonNote),
    answered: answered && { by: answered.by, because: answered.because },
    gate: jsonGate(gate),
  };
}

function jsonGate({ counts, decision, rule, because }: GateView): object {
  return { counts, decision, rule, because };
}

function jsonStatement(one: ExplainedProduct): object {
  const { document, file, format, author, believed, number, product, finding, fits, effect, why, statement } = one;
  const { status, timestamp } = statement;
  return { document, file, format, author, believed, number, status, timestamp, product, finding, fits, effect, why };
}
