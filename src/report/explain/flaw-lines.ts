import type { FlawStory, SeverityStory } from '../../match/explain/contract.ts';
import { compareSeverity } from '../../model/severity.ts';
import { listed } from '../text-fix.ts';
import { day, field, type Layout } from './layout.ts';

/** What the flaw is: its names, how bad who says that it is, what is known of its exploitation. */
export function flawLines(flaw: FlawStory, layout: Layout): string[] {
  const others = flaw.names.filter((name) => name !== flaw.id);
  return [
    ...field('Also', others.length === 0 ? [] : [others.join(', ')], layout),
    ...field('Severity', flaw.modified === undefined ? [] : severityTexts(flaw), layout),
    ...field('Weakness', flaw.cwes.length === 0 ? [] : [flaw.cwes.join(', ')], layout),
    ...field(flaw.published === undefined ? 'Changed' : 'Published', timesTexts(flaw), layout),
    ...field('Withdrawn', withdrawnTexts(flaw), layout, 'warn'),
    ...field('Disputed', disputedTexts(flaw), layout, 'warn'),
    ...field('Exploited', exploitedTexts(flaw), layout, 'alarm'),
    ...field('EPSS', epssTexts(flaw), layout),
  ];
}

/** Records that say the same are told together, the worst first; those that say nothing only when none says more. */
function severityTexts({ severities }: FlawStory): string[] {
  const alike = new Map<string, SeverityStory & { readonly records: string[] }>();
  for (const one of severities) {
    const key = JSON.stringify([one.severity, one.source, one.vectors]);
    const known = alike.get(key);
    if (!known) alike.set(key, { ...one, records: [one.record] });
    else if (!known.records.includes(one.record)) known.records.push(one.record);
  }
  const said = [...alike.values()].filter(({ source, vectors }) => source !== 'none' || vectors.length > 0);
  if (said.length === 0) return ['no record says how bad it is'];
  return said
    .sort((a, b) => compareSeverity(a.severity, b.severity))
    .flatMap(({ severity, source, records, vectors }) => [
      source === 'none'
        ? `nobody has said, in ${listed(records, 'and')}`
        : `${severity}, ${sourceText(source)} ${listed(records, 'and')}`,
      ...vectors.map((rated) => `  ${rated.score.toFixed(1)} ${rated.severity}  ${rated.vector}`),
    ]);
}

/** Whose word a severity is. */
export function sourceText(source: string): string {
  if (source === 'publisher') return 'by the word of the publisher of';
  const cvss = /^cvss-v(\d)$/.exec(source)?.[1];
  return cvss === undefined ? `by the word of ${source} in` : `by the CVSS ${cvss} score of`;
}

function timesTexts({ published, modified }: FlawStory): string[] {
  if (modified === undefined) return [];
  return [published === undefined ? day(modified) : `${day(published)}, last changed ${day(modified)}`];
}

function withdrawnTexts({ withdrawn }: FlawStory): string[] {
  return withdrawn.map(({ record, at }) => `${record} was taken back on ${day(at)}: it never matches`);
}

function disputedTexts({ disputedBy }: FlawStory): string[] {
  if (disputedBy.length === 0) return [];
  return [
    `${listed(disputedBy, 'and')} ${disputedBy.length === 1 ? 'says' : 'say'} that somebody contests that this is a flaw`,
  ];
}

function exploitedTexts({ exploited }: FlawStory): string[] {
  if (!exploited) return [];
  const { added, due, ransomware } = exploited;
  const by = ransomware ? ', by ransomware too' : '';
  return [`known to be exploited${by}: in CISA's catalogue (KEV) since ${added}, to be mended by ${due}`];
}

function epssTexts({ epss }: FlawStory): string[] {
  if (!epss) return [];
  const { score, percentile } = epss;
  const part = `${(percentile * 100).toFixed(1)} % of all CVEs score no higher`;
  return [`${(score * 100).toFixed(2)} % likely to be exploited within 30 days; ${part} (FIRST)`];
}
