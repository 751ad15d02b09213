import type { Feeds, Standing } from '../advisory/contract.ts';
import type { EpssScore, Exploited, Finding } from '../model/finding.ts';
import { compareSeverity, severities } from '../model/severity.ts';
import { compareText } from '../util/compare-text.ts';
import { isCve } from './merge.ts';
import { riskOf } from './risk.ts';
import type { StandingKey, StandingKeyOf } from './standing-keys.ts';

type Draft = { -readonly [field in keyof Finding]: Finding[field] };

/** What KEV and EPSS say of one CVE. */
interface Threat {
  readonly exploited: Exploited | undefined;
  readonly epss: EpssScore | undefined;
}

/**
 * Adds to findings what the feeds say: whether a flaw is known to be exploited, how likely that is, the risk, and for a
 * distribution's own packages how bad it finds the flaw, what it will do about it, and that the package never had it.
 * The findings are taken over: they must be nobody else's yet, since they are written to, which spares a copy of each.
 * Returned are all of them, in their one order.
 * @throws SluiceError `advisory/feed-damaged`
 */
export function enrich(findings: Finding[], feeds: Feeds, standingKeyOf: StandingKeyOf): Finding[] {
  const ids = new Set(feeds.infos.map(({ id }) => id));
  if (ids.size === 0) return findings;
  const threats = ids.has('kev') || ids.has('epss') ? new Threats(feeds) : undefined;
  const distributed = [...ids].some((id) => id !== 'kev' && id !== 'epss');
  let moved = false;
  for (const finding of findings as Draft[]) {
    const key = distributed ? standingKeyOf(finding.package) : undefined;
    if (key) {
      const before = finding.severity;
      addStanding(finding, key, feeds);
      moved ||= finding.severity !== before;
    }
    if (threats) addThreat(finding, threats);
  }
  return moved ? inOrder(findings) : findings;
}

/** Asks once for each CVE: one flaw is in many packages. */
class Threats {
  readonly #feeds: Feeds;
  readonly #known = new Map<string, Threat>();

  constructor(feeds: Feeds) {
    this.#feeds = feeds;
  }

  of(cve: string): Threat {
    let threat = this.#known.get(cve);
    if (threat === undefined) {
      threat = { exploited: this.#feeds.exploited(cve), epss: this.#feeds.score(cve) };
      this.#known.set(cve, threat);
    }
    return threat;
  }
}

/** Of a finding with several CVEs, as errata are, the worst of each counts. */
function addThreat(finding: Draft, threats: Threats): void {
  let exploited: Exploited | undefined;
  let epss: EpssScore | undefined;
  eachCve(finding, (cve) => {
    const threat = threats.of(cve);
    if (threat.exploited && (!exploited || isWorse(threat.exploited, exploited))) exploited = threat.exploited;
    if (threat.epss && (!epss || threat.epss.score > epss.score)) epss = threat.epss;
  });
  if (exploited) finding.exploited = exploited;
  if (epss) finding.epss = epss;
  const risk = riskOf(finding);
  if (risk !== undefined) finding.risk = risk;
}

/** What ransomware uses is worse; then what has been known for longer. */
function isWorse(a: Exploited, b: Exploited): boolean {
  return a.ransomware === b.ransomware ? a.added < b.added : a.ransomware;
}

/** A word counts only where the distribution has it for every CVE of the finding: of the others it might be another one. */
function addStanding(finding: Draft, key: StandingKey, feeds: Feeds): void {
  const standings: Standing[] = [];
  let cves = 0;
  eachCve(finding, (cve) => {
    cves++;
    const standing = standingOf(key, cve, feeds);
    if (standing) standings.push(standing);
  });
  if (cves === 0 || standings.length < cves) return;
  const rated = standings.flatMap(({ severity }) => (severity ? [severity] : []));
  if (rated.length === cves) {
    finding.severity = rated.sort(compareSeverity)[0]!;
    finding.severitySource = 'distribution';
  }
  const { state, note } = standings[0]!;
  if (state === undefined || standings.some((standing) => standing.state !== state)) return;
  if (state !== 'not-affected') {
    if (finding.fixed.length === 0) finding.fixState = state;
  } else if (!finding.answered) {
    finding.answered = { by: 'distribution', because: because(key, note) };
  }
}

function standingOf({ ecosystem, names }: StandingKey, cve: string, feeds: Feeds): Standing | undefined {
  for (const name of names) {
    const standing = feeds.standing(ecosystem, name, cve);
    if (standing) return standing;
  }
  return undefined;
}

function because({ ecosystem, names }: StandingKey, note: string | undefined): string {
  const says = `${ecosystem.replace(':', ' ')} says that its package ${names.at(-1)} is not affected`;
  return note ? `${says}: ${note}` : says;
}

function eachCve({ id, aliases }: Draft, use: (cve: string) => void): void {
  if (isCve(id)) use(id);
  for (const alias of aliases) if (isCve(alias)) use(alias);
}

/** The order of `findingsOf`: worst first, then by package, then by id, then as they came. */
function inOrder(findings: readonly Finding[]): Finding[] {
  const bySeverity = new Map<string, Finding[]>(severities.map((severity) => [severity, []]));
  for (const finding of findings) bySeverity.get(finding.severity)!.push(finding);
  return [...bySeverity.values()].flatMap((alike) =>
    alike.sort((a, b) => compareText(a.package, b.package) || compareText(a.id, b.id)),
  );
}
