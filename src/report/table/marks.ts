import type { Finding } from '../../model/finding.ts';
import type { Role } from './style.ts';

/** A probability of exploitation from which it is told: most flaws have less than a hundredth. */
const notableScore = 0.1;

/** What sets a finding apart from others of its severity. */
export interface Mark {
  readonly text: string;
  readonly role: Role;
}

/** The marks of a finding, the gravest first: exploited (KEV), likely to be (EPSS), brought by this change, disputed. */
export function marksOf({ exploited, epss, disputed }: Finding, introduced: boolean): Mark[] {
  const marks: Mark[] = [];
  if (exploited) marks.push({ text: exploited.ransomware ? 'exploited by ransomware' : 'exploited', role: 'alarm' });
  if (epss && epss.score >= notableScore) marks.push({ text: `EPSS ${percent(epss.score)}`, role: 'warn' });
  if (introduced) marks.push({ text: 'introduced', role: 'warn' });
  if (disputed) marks.push({ text: 'disputed', role: 'aside' });
  return marks;
}

/** Whole percents; never a certainty that nobody claims. */
function percent(probability: number): string {
  return `${Math.min(99, Math.floor(probability * 100))} %`;
}
