import type { Evidence } from '../../model/evidence.ts';
import type { Finding, VexNote } from '../../model/finding.ts';
import { optional, type Property, property } from '../sbom/property.ts';
import { osvPublication, publicationOf } from '../text-advisory.ts';
import { fixSentence } from '../text-fix.ts';
import { noteText } from '../text-statement.ts';
import { analysisOf } from './analysis.ts';
import { type Components, versionText } from './components.ts';
import { ratingsOf } from './ratings.ts';

/**
 * The vulnerabilities of a document (CycloneDX 1.6 `vulnerability`): one for each id, with all that it affects; several
 * where not the same is said of all of them, for what is said holds for a vulnerability as a whole.
 */
export function vulnerabilitiesOf({ findings, judged }: Evidence, components: Components): object[] {
  const byId = new Map<string, Map<string, Finding[]>>();
  for (const finding of findings) {
    const analysis = JSON.stringify(analysisOf(finding));
    const groups = byId.get(finding.id) ?? new Map<string, Finding[]>();
    byId.set(finding.id, groups);
    const found = groups.get(analysis);
    if (found) found.push(finding);
    else groups.set(analysis, [finding]);
  }
  return [...byId.values()].flatMap((groups) =>
    [...groups.values()].map((group, at) => vulnerabilityOf(group, at, judged, components)),
  );
}

function vulnerabilityOf(
  findings: readonly Finding[],
  at: number,
  judged: Evidence['judged'],
  components: Components,
): object {
  const first = findings[0] as Finding;
  const { id, title } = first;
  const analysis = analysisOf(first);
  const cwes = [...new Set(findings.flatMap((finding) => finding.cwes.map(numberOf)))].filter((number) => number > 0);
  const published = findings.map((finding) => dateTimeOf(finding.published)).find((time) => time !== undefined);
  const aliases = unique(findings.flatMap((finding) => finding.aliases)).sort();
  const advisories = unique(findings.flatMap((finding) => finding.advisories)).sort();
  return {
    'bom-ref': at === 0 ? `vulnerability:${id}` : `vulnerability:${id}|${at + 1}`,
    id: id,
    source: sourceOf(id),
    ...(aliases.length === 0 ? {} : { references: aliases.map((alias) => ({ id: alias, source: sourceOf(alias) })) }),
    ratings: ratingsOf(findings),
    ...(cwes.length === 0 ? {} : { cwes: cwes.sort((a, b) => a - b) }),
    ...(title === '' ? {} : { description: title }),
    recommendation: unique(findings.map((finding) => fixSentence(finding))).join(' '),
    advisories: advisories.map((advisory) => ({ title: advisory, url: osvPublication(advisory).url })),
    ...(published === undefined ? {} : { published }),
    ...(analysis ? { analysis } : {}),
    affects: affectsOf(findings, components),
    properties: [
      ...unjudged(findings, judged, components),
      ...answers(findings, components),
      ...known(findings, components),
    ],
  };
}

function sourceOf(id: string): object {
  const { publisher, url } = publicationOf(id);
  return { name: publisher, url };
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

/** What is known of the flaw, and what the distribution says of it in the affected components. */
function known(findings: readonly Finding[], components: Components): Property[] {
  const exploited = findings.find((finding) => finding.exploited)?.exploited;
  const risks = findings.flatMap(({ risk }) => (risk === undefined ? [] : [risk]));
  const states = findings.flatMap(({ fixState }) => (fixState === undefined ? [] : [fixState]));
  const statements = findings.flatMap((finding) => {
    const refs = components.refsOf(finding);
    return (finding.statements ?? []).flatMap((note) => refs.map((ref) => `${ref}: ${noteText(note)}${trust(note)}`));
  });
  return [
    ...optional('exploited', exploited?.added),
    ...optional('exploited:due', exploited?.due),
    ...optional('exploited:ransomware', exploited?.ransomware ? 'true' : undefined),
    ...optional('risk', risks.length === 0 ? undefined : String(risks.reduce((a, b) => Math.max(a, b)))),
    ...optional('disputed', findings.some(({ disputed }) => disputed) ? 'true' : undefined),
    ...unique(states).map((state) => property('fix-state', state)),
    ...unique(statements).map((text) => property('statement', text)),
  ];
}

function trust({ believed }: VexNote): string {
  return believed ? '' : ' (not believed)';
}

/** The number of `CWE-79`; 0 when it is none. */
function numberOf(cwe: string): number {
  return /^CWE-\d{1,6}$/.test(cwe) ? Number(cwe.slice('CWE-'.length)) : 0;
}

/** A time as the format takes it; undefined when it is none. */
function dateTimeOf(text: string | undefined): string | undefined {
  const time = new Date(text ?? '');
  if (Number.isNaN(time.getTime()) || time.getUTCFullYear() < 1 || time.getUTCFullYear() > 9999) return undefined;
  return `${time.toISOString().slice(0, 19)}Z`;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
