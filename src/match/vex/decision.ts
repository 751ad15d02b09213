import type { Finding } from '../../model/finding.ts';
import { cvesOf, namesOf } from './same-flaw.ts';
import type { Said } from './statements.ts';
import { comparableName } from './terms.ts';

/** What statements come to for one finding. */
export interface Decision {
  /** The statements that decide: one, or for an erratum of several flaws one for each that is spoken of. */
  readonly deciders: ReadonlySet<Said>;
  /** Whether the gate need not go by the finding. */
  readonly answers: boolean;
  /** Of an erratum of several flaws those that nothing answers. */
  readonly open: readonly string[];
  /** Statements that could not be taken for any flaw of an erratum: they go by another name for one of them. */
  readonly unplaced: ReadonlySet<Said>;
}

/**
 * Lets the first statement that is believed decide; `said` are those that apply, newest first. An erratum of a
 * distribution is one finding for several CVEs: it is answered when each of them is, or by what is said of the erratum.
 */
export function decide(finding: Finding, said: readonly Said[]): Decision {
  const believed = said.filter(({ given }) => given.believed);
  const parts = partsOf(finding);
  if (parts.length === 0) {
    const [first] = believed;
    const answers = first !== undefined && isAnswer(first);
    return { deciders: new Set(believed.slice(0, 1)), answers, open: [], unplaced: new Set() };
  }
  const deciders = new Set<Said>();
  const unplaced = new Set(believed);
  const open: string[] = [];
  for (const part of parts) {
    const speaking = believed.filter((one) => speaksOf(one, part, finding, parts));
    for (const one of speaking) unplaced.delete(one);
    const [first] = speaking;
    if (first !== undefined) deciders.add(first);
    if (first === undefined || !isAnswer(first)) open.push(part);
  }
  return { deciders, answers: open.length === 0, open, unplaced };
}

/** Whether the gate does not go by a flaw of which this is said. */
export function isAnswer({ statement: { status } }: Said): boolean {
  return status === 'not_affected' || status === 'fixed';
}

/** The CVEs of a finding that is for several; none where all of its names are one flaw's. */
function partsOf(finding: Finding): readonly string[] {
  const cves = cvesOf(namesOf(finding)).sort();
  return cves.length < 2 ? [] : cves;
}

/** Whether a statement speaks of one CVE of an erratum, or of the erratum: it then names that first, or no CVE of it. */
function speaksOf(said: Said, part: string, { id, advisories }: Finding, parts: readonly string[]): boolean {
  if (said.cves.includes(part)) return true;
  const whole = [id, ...advisories].map(comparableName).filter((name) => !parts.includes(name));
  const [first, ...others] = said.statement.vulnerabilities.map(comparableName);
  if (first !== undefined && whole.includes(first)) return true;
  if (parts.some((one) => said.cves.includes(one))) return false;
  // By another name for one of them: that it is affected holds for the erratum, that it is not does not.
  return !isAnswer(said) || others.some((name) => whole.includes(name));
}
