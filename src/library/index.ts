/**
 * sluice as a library. Nothing here prints, ends the process or reads the environment. What is exported is kept to within a
 * major version; docs/library.md says what that means.
 */

export type { Collected } from '../model/collected.ts';
export type { EvidenceSource, EvidenceVex } from '../model/evidence.ts';
export type { Finding } from '../model/finding.ts';
export type { Package } from '../model/package.ts';
export type { LicenceFact, LookKind, PlacedFinding } from '../model/placed-finding.ts';
export type { Problem } from '../model/problem.ts';
export type { Severity } from '../model/severity.ts';
export type { Decision, Reason, Verdict } from '../model/verdict.ts';
export { type ErrorCode, SluiceError } from '../util/error.ts';
export type { PolicyOptions, Report, ReportTarget, ScanOptions, UpdateOptions, UpdateResult } from './contract.ts';
export { judge } from './judge.ts';
export { formats, type RenderOptions, render } from './render.ts';
export { scan } from './scan.ts';
export { update } from './update.ts';
