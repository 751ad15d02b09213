import type { Evidence } from '../../model/evidence.ts';
import { counts, type Finding } from '../../model/finding.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import { severities } from '../../model/severity.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { ReportContext } from '../contract.ts';
import { documentTime } from '../document-time.ts';
import { jsonEvidence } from '../kept/write-evidence.ts';
import { jsonVerdict } from '../kept/write-verdict.ts';
import { publicationOf } from '../text-advisory.ts';
import { type FindingDecision, findingDecisions } from '../text-decision.ts';
import { fixSentence } from '../text-fix.ts';
import { placeText } from '../text-place.ts';

/** What a template is given: lists, texts, numbers and objects without a prototype's members. */
export type Given = null | string | number | boolean | readonly Given[] | { readonly [name: string]: Given };

/** Members that one kind of finding has and another has not: in a template all findings have all of them. */
const findingMembers = [
  ...['kind', 'id', 'aliases', 'severity', 'title', 'fixed', 'package', 'answered', 'advisories', 'severitySource'],
  ...['score', 'vector', 'name', 'version', 'presence', 'fixState', 'layer', 'from', 'paths', 'cwes', 'published'],
  ...['fixPublished', 'disputed', 'exploited', 'epss', 'risk', 'statements', 'message', 'why', 'fix', 'links'],
  ...['controls', 'place', 'also', 'fingerprint', 'secret', 'tool'],
];

const noMembers = Object.fromEntries(findingMembers.map((name) => [name, null]));

/**
 * What a template is given: the JSON report `sluice/v1`, in which what is absent is null, and a few things that every
 * template would have to work out. Secrets are never in it.
 */
export function templateModel(evidence: Evidence, verdict: Verdict, context: ReportContext): Given {
  const { findings, placed = [], target } = evidence;
  const decisions = findingDecisions(verdict, findings, placed);
  const json = jsonEvidence({ ...evidence, placed: placed.map(withoutSecret) }) as { findings: readonly object[] };
  const told = json.findings.map((finding, at) => {
    const inPackage = findings[at];
    const inPlace = placed[at - findings.length];
    const more = inPackage
      ? ofPackage(inPackage, evidence, decisions.ofFinding(inPackage))
      : inPlace && ofPlace(inPlace, target, decisions.ofPlaced(inPlace));
    return { ...noMembers, ...finding, ...more };
  });
  const counted = told.filter((finding) => (finding as { counts?: boolean }).counts);
  const ofSeverity = (one: string): number =>
    counted.filter((finding) => (finding as { severity?: string }).severity === one).length;
  return plain({
    schema: 'sluice/v1',
    ...json,
    findings: told,
    verdict: jsonVerdict(verdict),
    name: context.name,
    sluice: { version: context.version },
    time: documentTime(evidence, context),
    summary: {
      ...Object.fromEntries(severities.map((one) => [one, ofSeverity(one)])),
      counted: counted.length,
      all: told.length,
      packages: evidence.packages.length,
    },
  });
}

function withoutSecret(finding: PlacedFinding): PlacedFinding {
  if (finding.secret?.value === undefined) return finding;
  const { value: _value, ...secret } = finding.secret;
  return { ...finding, secret };
}

function ofPackage(finding: Finding, { judged }: Evidence, decided: FindingDecision | undefined): object {
  const where = finding.paths.join(', ');
  return {
    fix: fixSentence(finding),
    counts: counts(finding, judged),
    decision: decided?.decision,
    link: publicationOf(finding.id).url,
    where,
  };
}

function ofPlace(finding: PlacedFinding, target: Evidence['target'], decided: FindingDecision | undefined): object {
  const link = finding.links.find((one) => one.startsWith('https://'));
  return {
    layer: finding.place.layer,
    from: finding.place.from,
    counts: finding.answered === undefined,
    decision: decided?.decision,
    link,
    where: placeText(finding.place, target),
  };
}

/** As JSON would have it, but with null for what is absent: a template that asks for it makes no mistake. */
function plain(value: unknown): Given {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    // Without a prototype a member that is called `__proto__` is one like any other.
    const members = Object.create(null) as Record<string, Given>;
    for (const name of Object.keys(value)) members[name] = plain((value as Record<string, unknown>)[name]);
    return members;
  }
  if (typeof value === 'string') return value.toWellFormed();
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
