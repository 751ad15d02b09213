import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Severity } from '../../model/severity.ts';
import { type Property, property } from '../sbom/property.ts';
import { osvPublication, publicationOf } from '../text-advisory.ts';
import { fixSentence } from '../text-fix.ts';
import { type Components, versionText } from './components.ts';

const severityNames: Record<Severity, string> = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  negligible: 'info',
  unknown: 'unknown',
};

/** The vulnerabilities of a document (CycloneDX 1.6 `vulnerability`): one for each id, with all that it affects. */
export function vulnerabilitiesOf({ findings, judged }: Evidence, components: Components): object[] {
  const byId = new Map<string, Finding[]>();
  for (const finding of findings) {
    const found = byId.get(finding.id);
    if (found) found.push(finding);
    else byId.set(finding.id, [finding]);
  }
  return [...byId.values()].map((group) => vulnerabilityOf(group, judged, components));
}

function vulnerabilityOf(findings: readonly Finding[], judged: Evidence['judged'], components: Components): object {
  const { id, title } = findings[0] as Finding;
  const aliases = unique(findings.flatMap((finding) => finding.aliases)).sort();
  const advisories = unique(findings.flatMap((finding) => finding.advisories)).sort();
  return {
    'bom-ref': `vulnerability:${id}`,
    id: id,
    source: sourceOf(id),
    ...(aliases.length === 0 ? {} : { references: aliases.map((alias) => ({ id: alias, source: sourceOf(alias) })) }),
    ratings: ratingsOf(findings),
    ...(title === '' ? {} : { description: title }),
    recommendation: unique(findings.map((finding) => fixSentence(finding))).join(' '),
    advisories: advisories.map((advisory) => ({ title: advisory, url: osvPublication(advisory).url })),
    affects: affectsOf(findings, components),
    properties: [...unjudged(findings, judged, components), ...answers(findings, components)],
  };
}

function sourceOf(id: string): object {
  const { publisher, url } = publicationOf(id);
  return { name: publisher, url };
}

/** Every word on how bad it is, once; the worst first, as the findings are. */
function ratingsOf(findings: readonly Finding[]): object[] {
  const ratings = new Map<string, object>();
  for (const { severity, severitySource, score, vector } of findings) {
    const method = vector === undefined ? undefined : methodOf(vector);
    const rating = {
      ...(score === undefined ? {} : { score }),
      severity: severityNames[severity],
      ...(method === undefined ? {} : { method }),
      ...(vector === undefined ? {} : { vector: vector }),
      ...(severitySource === 'none'
        ? {}
        : { justification: severitySource === 'publisher' ? "the publisher's word" : 'computed from the vector' }),
    };
    ratings.set(JSON.stringify(rating), rating);
  }
  return [...ratings.values()];
}

/** How the score of a vector is computed (CycloneDX `scoreMethod`). */
function methodOf(vector: string): string {
  if (vector.startsWith('CVSS:4.')) return 'CVSSv4';
  if (vector.startsWith('CVSS:3.1')) return 'CVSSv31';
  if (vector.startsWith('CVSS:3.')) return 'CVSSv3';
  return vector.startsWith('AV:') || vector.startsWith('(AV:') ? 'CVSSv2' : 'other';
}

/** The components that have the flaw, with the versions that have it and those that no longer do. */
function affectsOf(findings: readonly Finding[], components: Components): object[] {
  const affects = new Map<string, object>();
  for (const finding of findings) {
    const fixed = unique(finding.fixed.map(versionText)).map((version) => ({ version, status: 'unaffected' }));
    const own = finding.version === '' ? [] : [{ version: versionText(finding.version), status: 'affected' }];
    for (const ref of components.refsOf(finding)) affects.set(ref, { ref, versions: [...own, ...fixed] });
  }
  return [...affects.values()];
}

/** Which of the affected components the gate does not judge. */
function unjudged(findings: readonly Finding[], judged: Evidence['judged'], components: Components): Property[] {
  const others = findings.filter((finding) => !judged.includes(finding.presence));
  return unique(others.flatMap((finding) => components.refsOf(finding))).map((ref) => property('not-judged', ref));
}

/** In which of the affected components it does not count, and why. */
function answers(findings: readonly Finding[], components: Components): Property[] {
  const texts = findings.flatMap((finding) => {
    const because = finding.answered?.because;
    return because === undefined ? [] : components.refsOf(finding).map((ref) => `${ref}: ${because}`);
  });
  return unique(texts).map((text) => property('answered', text));
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
