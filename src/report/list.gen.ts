// Written by `npm run gen`: do not edit.
import type { ListedReport } from './contract.ts';
import { report as json } from './json.ts';

/** All report formats, by name. */
export const reports: readonly ListedReport[] = [
  { id: 'audit', doc: 'what the verdict was made by, each input by its digest, and what became of each rule', load: async () => (await import('./audit.ts')).report },
  { id: 'csv', doc: 'CSV (RFC 4180), for spreadsheets: one row a finding', load: async () => (await import('./csv.ts')).report },
  { id: 'cyclonedx', doc: 'CycloneDX: a bill of materials with its vulnerabilities, without secrets and settings', versions: ['1.6', '1.7'], load: async () => (await import('./cyclonedx.ts')).report },
  { id: 'github-dependency-snapshot', doc: "a snapshot for GitHub's dependency graph; commit and job are those of the GITHUB_* variables", load: async () => (await import('./github-dependency-snapshot.ts')).report },
  { id: 'gitlab-code-quality', doc: "GitLab's code quality report: settings, secrets and other tools' findings, without flaws in packages", load: async () => (await import('./gitlab-code-quality.ts')).report },
  { id: 'gitlab-container-scanning', doc: "GitLab's container scanning report (schemas 15): flaws in the packages of an image", load: async () => (await import('./gitlab-container-scanning.ts')).report },
  { id: 'gitlab-dependency-scanning', doc: "GitLab's dependency scanning report (schemas 15): flaws in the packages of a folder or a bill of materials", load: async () => (await import('./gitlab-dependency-scanning.ts')).report },
  { id: 'gitlab-secret-detection', doc: "GitLab's secret detection report (schemas 15), without the secrets themselves", load: async () => (await import('./gitlab-secret-detection.ts')).report },
  { id: 'html', doc: 'one HTML file for people, which needs no network: layers, search, filters, links to findings', load: async () => (await import('./html.ts')).report },
  { id: 'json', doc: 'everything, by the schema sluice/v1', load: async () => json },
  { id: 'junit', doc: 'JUnit XML, for the list of tests of a CI system', load: async () => (await import('./junit.ts')).report },
  { id: 'markdown', doc: "Markdown for people: a pull request's comment, or a job's summary; short, the rest folded", versions: ['comment', 'summary'], load: async () => (await import('./markdown.ts')).report },
  { id: 'openvex', doc: 'OpenVEX 0.2.0: what is affected and what to do, what is answered and why, what nobody has decided yet', load: async () => (await import('./openvex.ts')).report },
  { id: 'prometheus', doc: 'Prometheus text format 0.0.4, for dashboards and alerts: sums alone', load: async () => (await import('./prometheus.ts')).report },
  { id: 'sarif', doc: 'SARIF 2.1.0, for code scanning', load: async () => (await import('./sarif.ts')).report },
  { id: 'spdx', doc: 'SPDX: a bill of materials without vulnerabilities, secrets and settings', versions: ['2.3', '3.0.1', '2.3-tag-value'], load: async () => (await import('./spdx.ts')).report },
  { id: 'table', doc: 'for people: findings by package, what to update, and why the gate says what it says', load: async () => (await import('./table.ts')).report },
  { id: 'template', doc: 'what a Liquid template of yours makes of the JSON report: template@FILE', load: async () => (await import('./template.ts')).report },
];
