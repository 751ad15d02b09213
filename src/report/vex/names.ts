import type { Finding } from '../../model/finding.ts';

/** All names of a finding's flaw. */
export function namesOf({ id, aliases }: Finding): string[] {
  return [id, ...aliases];
}

/** A name as it is compared: databases differ in the case of GHSA ids. */
export function folded(name: string): string {
  return name.toUpperCase();
}

/** The CVEs among names, each once. */
export function cvesIn(names: readonly string[]): string[] {
  return [...new Set(names.filter((name) => folded(name).startsWith('CVE-')))];
}

/** What can be decided on at once in a finding: its flaw; of an erratum for several CVEs the erratum, or one of them. */
export interface Unit {
  readonly finding: Finding;
  /** Each of them stands for all of it, and for nothing else in the package. */
  readonly names: readonly string[];
  /** The one CVE of several; absent: the finding as a whole. */
  readonly part?: string;
}

/** The units of a finding, that which is all of it first. What is said of one CVE of an erratum is not said of the others. */
export function unitsOf(finding: Finding): [Unit, ...Unit[]] {
  const names = namesOf(finding);
  const cves = cvesIn(names);
  if (cves.length < 2) return [{ finding, names }];
  const whole = names.filter((name) => name === finding.id || finding.advisories.includes(name));
  const parts = cves.filter((cve) => !whole.includes(cve));
  return [{ finding, names: whole }, ...parts.map((part): Unit => ({ finding, names: [part], part }))];
}
