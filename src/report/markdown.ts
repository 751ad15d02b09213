import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Report, ReportContext } from './contract.ts';
import { packageSections, placedSections } from './markdown/findings.ts';
import { answeredSection, judgedBySection, reasonSection, waiverSection } from './markdown/gate.ts';
import { headText } from './markdown/head.ts';
import { commentMarker } from './markdown/marker.ts';
import { fitSections } from './markdown/section.ts';
import { licenceSection, unseenSection } from './markdown/seen.ts';
import { groupFindings } from './table/groups.ts';
import { count } from './text-fix.ts';

/** Most that GitHub takes: characters of a comment, and bytes of a job's summary. Both are kept to in bytes of UTF-8. */
const limits = { comment: 65_536, summary: 1_048_576 } as const;

/** Bytes that the last lines take at most. */
const footBytes = 400;

/** A comment on a pull request, or a job's summary: the verdict and what to do first, and the rest folded. */
export const report: Report = {
  id: 'markdown',
  doc: "Markdown for people: a pull request's comment, or a job's summary; short, the rest folded",
  versions: ['comment', 'summary'],
  render: (evidence, verdict, context) => markdownText(evidence, verdict, context),
};

function markdownText(evidence: Evidence, verdict: Verdict, { name, version, variant }: ReportContext): string {
  const groups = groupFindings(evidence);
  const head = `${commentMarker(name)}\n${headText(evidence, verdict, groups, name)}`;
  const isSummary = variant === 'summary';
  const room = limits[isSummary ? 'summary' : 'comment'] - Buffer.byteLength(head) - footBytes;
  const more = isSummary ? '`-o json` has all' : '`-o markdown@summary` has more, `-o json` has all';
  const sections = [
    reasonSection(verdict),
    ...packageSections(groups, evidence, verdict),
    ...placedSections(evidence),
    unseenSection(evidence),
    waiverSection(verdict),
    answeredSection(evidence),
    licenceSection(evidence),
    judgedBySection(evidence, verdict),
  ];
  const { text, leftOut } = fitSections(sections, room, more);
  const where = isSummary ? 'a summary' : 'a comment';
  const cut =
    leftOut === 0 ? '' : `**${count(leftOut, 'row')} left out** to fit the size limit of ${where}: ${more}.\n\n`;
  return `${head}${text}${cut}sluice ${version}\n`;
}
