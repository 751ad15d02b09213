// Written by `npm run gen`: do not edit.
import type { ListedReport } from './contract.ts';
import { report as json } from './json.ts';

/** All report formats, by name. */
export const reports: readonly ListedReport[] = [
  { id: 'audit', doc: 'what the verdict was made by, each input by its digest, and what became of each rule', load: async () => (await import('./audit.ts')).report },
  { id: 'cyclonedx', doc: 'CycloneDX: a bill of materials with its vulnerabilities, without secrets and settings', versions: ['1.6', '1.7'], load: async () => (await import('./cyclonedx.ts')).report },
  { id: 'json', doc: 'everything, by the schema sluice/v1', load: async () => json },
  { id: 'sarif', doc: 'SARIF 2.1.0, for code scanning', load: async () => (await import('./sarif.ts')).report },
  { id: 'spdx', doc: 'SPDX: a bill of materials without vulnerabilities, secrets and settings', versions: ['2.3', '3.0.1', '2.3-tag-value'], load: async () => (await import('./spdx.ts')).report },
  { id: 'table', doc: 'for people: findings by package, what to update, and why the gate says what it says', load: async () => (await import('./table.ts')).report },
];
