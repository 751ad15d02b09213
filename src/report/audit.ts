import { digestOf } from '../model/digest.ts';
import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import type { Answer } from '../model/finding.ts';
import type { Verdict } from '../model/verdict.ts';
import { rulesOf } from '../policy/judge.ts';
import type { Baseline } from '../policy/judging.ts';
import { placeName } from '../policy/subject/placed-name.ts';
import { SluiceError } from '../util/error.ts';
import type { JudgedBy, Report } from './contract.ts';
import { auditRules, ownReasons } from './kept/audit-rules.ts';
import { policyDigest, policySettings } from './kept/policy-settings.ts';
import { jsonEvidence, jsonSource, jsonVex } from './kept/write-evidence.ts';
import { jsonBaseline, jsonWaiver } from './kept/write-verdict.ts';
import { jsonText } from './text-json.ts';

/** The audit record, `sluice/audit-v1`: its schema is `schema/sluice-audit-v1.json`. Of all reports it alone tells the time. */
export const report: Report = {
  id: 'audit',
  doc: 'what the verdict was made by, each input by its digest, and what became of each rule',
  render(evidence, verdict, { judgedBy, version }) {
    if (judgedBy) return jsonText(auditRecord(evidence, verdict, judgedBy, version));
    throw new SluiceError('usage/output', 'an audit record can only be written where a verdict is made');
  },
};

/** The record as a value, with its keys in one fixed order. */
function auditRecord(evidence: Evidence, verdict: Verdict, judgedBy: JudgedBy, version: string): object {
  const { policy, judging, build, kept, made = judging.now } = judgedBy;
  const rules = rulesOf(policy);
  return {
    schema: 'sluice/audit-v1',
    at: judging.now.toISOString(),
    made: made.toISOString(),
    dataAt: judging.dataNow?.toISOString(),
    sluice: { version, build },
    target: auditTarget(evidence.target, judging.names),
    report: kept && { name: kept.name, digest: digestOf(kept.bytes) },
    evidence: auditEvidence(evidence),
    sources: evidence.sources.map(jsonSource),
    vex: (evidence.vex ?? []).map(jsonVex),
    policy: auditPolicy(judgedBy, verdict),
    rules: auditRules(rules, verdict, judging.now),
    // What no policy can switch off: problems, the age of the data, the end of a release.
    own: ownReasons(rules, verdict),
    waivers: {
      files: (judging.waivers?.files ?? []).map(({ name, digest }) => ({ name, digest })),
      uses: (verdict.waivers ?? []).map(jsonWaiver),
      answered: waived(evidence),
    },
    baseline: judging.baseline && auditBaseline(judging.baseline, verdict),
    verdict: { decision: verdict.decision },
  };
}

function auditTarget(
  { kind, digest, id, platform, base, layers }: EvidenceTarget,
  names: readonly string[] = [],
): object {
  return {
    kind,
    digest,
    id,
    names,
    platform,
    layers: layers.map(({ diffId }) => diffId),
    base: base && { name: base.name, digest: base.digest, layers: base.layers, by: base.by },
  };
}

/** The digest is of what was judged, without what waivers answer: the same for every policy. */
function auditEvidence(evidence: Evidence): object {
  const { packages, findings, placed = [], problems, judged, looked } = evidence;
  const given = { ...evidence, findings: findings.map(withoutWaiver), placed: placed.map(withoutWaiver) };
  return {
    digest: digestOf(jsonText(jsonEvidence(given))),
    judged: [...judged].sort(),
    looked,
    packages: packages.length,
    findings: findings.length + placed.length,
    answered: answers(evidence),
    problems: problems.length,
    blinding: problems.filter(({ blinding }) => blinding).length,
  };
}

function withoutWaiver<T extends { readonly answered?: Answer }>(finding: T): T {
  if (finding.answered?.by !== 'waiver') return finding;
  const { answered: _answered, ...rest } = finding;
  return rest as unknown as T;
}

/** How many findings do not count, by what answers them. */
function answers({ findings, placed = [] }: Evidence): object {
  const by = { owner: 0, distribution: 0, vex: 0, waiver: 0 };
  for (const { answered } of [...findings, ...placed]) if (answered) by[answered.by]++;
  return by;
}

/** The findings that waivers take away: a kept report has them as findings that count. */
function waived({ findings, placed = [] }: Evidence): object[] {
  const inPackages = findings.flatMap(({ id, package: purl, severity, answered }) =>
    answered?.by === 'waiver' ? [{ id, package: purl, severity, because: answered.because }] : [],
  );
  const inPlaces = placed.flatMap((finding) => {
    const { id, fingerprint, package: purl, severity, answered, place } = finding;
    if (answered?.by !== 'waiver') return [];
    return [{ id, at: placeName(place), fingerprint, package: purl, severity, because: answered.because }];
  });
  return [...inPackages, ...inPlaces];
}

function auditPolicy({ policy, files }: JudgedBy, verdict: Verdict): object {
  const { custom } = policy;
  return {
    name: custom?.name ?? 'default',
    digest: policyDigest(policy),
    files: (files ?? []).map(({ name, digest }) => ({ name, digest })),
    mapping: custom?.mapping ?? verdict.policy?.mapping,
    environment: custom?.environment ?? '',
    ...policySettings(policy),
    blame: custom && { ...custom.blame },
    lists: custom && Object.fromEntries([...custom.lists].map(([name, texts]) => [name, texts.length])),
  };
}

function auditBaseline({ evidence, since, report }: Baseline, { baseline }: Verdict): object {
  const { target, sources } = evidence;
  return {
    kind: target.kind,
    digest: target.digest,
    id: target.id,
    report: report && { name: report.name, digest: report.digest },
    evidence: digestOf(jsonText(jsonEvidence(evidence))),
    since,
    sources: sources.map(jsonSource),
    findings: baseline && (jsonBaseline(baseline) as { findings: object }).findings,
  };
}
