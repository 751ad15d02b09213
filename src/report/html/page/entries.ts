import { compareWorst } from '../compare-worst.ts';
import type { PageData, PageFinding, PageLicence, PagePackage, PageProblem, PageSubject } from '../data.ts';
import type { Tab } from './view.ts';

/** What a row of any list is searched, filtered, sorted and grouped by. */
interface Facts {
  readonly key: string;
  /** All that is searched, in lower case. */
  readonly text: string;
  /** By what a package is told from others in filters and groups. */
  readonly name: string;
  readonly layer: number | undefined;
  readonly from: string;
  /** Worst first; of packages all that their findings have. */
  readonly severities: readonly string[];
}

/** A row of one of the lists. */
export type Entry = Facts &
  (
    | { readonly tab: 'findings'; readonly row: PageFinding; readonly subject: PageSubject | undefined }
    | { readonly tab: 'packages'; readonly row: PagePackage; readonly findings: readonly PageFinding[] }
    | { readonly tab: 'licences'; readonly row: PageLicence }
    | { readonly tab: 'problems'; readonly row: PageProblem }
  );

/** All lists, each in the order in which it is shown at first. */
export type Entries = Readonly<Record<Tab, readonly Entry[]>>;

/** Makes the rows of all lists. */
export function entriesOf(data: PageData): Entries {
  const findings = [...data.findings].sort(compareWorst);
  const byPurl = new Map<string, PageFinding[]>();
  for (const finding of findings) {
    const purl = finding.subject === undefined ? undefined : data.subjects[finding.subject]?.purl;
    if (purl === undefined || finding.aside !== undefined) continue;
    const known = byPurl.get(purl);
    if (known) known.push(finding);
    else byPurl.set(purl, [finding]);
  }
  return {
    findings: findings.map((row) => findingEntry(row, data.subjects)),
    packages: data.packages
      .map((row) => packageEntry(row, byPurl.get(row.purl) ?? []))
      .sort((a, b) => b.findings.length - a.findings.length || compare(a.name, b.name)),
    licences: data.licences.map(licenceEntry),
    problems: [...data.problems].sort((a, b) => Number(b.blinding) - Number(a.blinding)).map(problemEntry),
  };
}

/** Orders texts by their code units: the same for every reader. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function textOf(...parts: readonly (string | readonly string[] | undefined)[]): string {
  return parts.flat().filter(Boolean).join('\n').toLowerCase();
}

function findingEntry(row: PageFinding, subjects: readonly PageSubject[]): Entry & { tab: 'findings' } {
  const subject = row.subject === undefined ? undefined : subjects[row.subject];
  const {
    key,
    id,
    title,
    message,
    aliases,
    places,
    cwes,
    rules,
    severity,
    kind,
    fix,
    tool,
    aside,
    layer,
    from = '',
  } = row;
  const words = [id, title, message, severity, kind, fix, tool, aside, subject?.name, subject?.version, subject?.purl];
  const marks = row.marks?.map(([text]) => text);
  const text = textOf(...words, aliases, places, cwes, rules, marks, row.controls, row.statements);
  const name = subject?.name ?? '';
  return { tab: 'findings', row, subject, key, text, name, layer, from, severities: [severity] };
}

function packageEntry(row: PagePackage, findings: readonly PageFinding[]): Entry & { tab: 'packages' } {
  const { key, name, version, purl, kind, license, paths, origin, layer, from, presence } = row;
  const text = textOf(name, version, purl, kind, license, origin, presence, paths);
  const severities = [...new Set(findings.map(({ severity }) => severity))];
  return { tab: 'packages', row, findings, key, text, name, layer, from, severities };
}

function licenceEntry(row: PageLicence): Entry {
  const { key, expression, class: of, of: name, stated, path, layer, from } = row;
  const text = textOf(expression, of, name, stated, path);
  return { tab: 'licences', row, key, text, name, layer, from, severities: [] };
}

function problemEntry(row: PageProblem): Entry {
  const { key, code, message, path, layer, blinding } = row;
  const text = textOf(code, message, path, blinding ? 'blinding' : 'partly');
  return { tab: 'problems', row, key, text, name: '', layer, from: '', severities: [] };
}
