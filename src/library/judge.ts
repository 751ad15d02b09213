import type { Verdict } from '../model/verdict.ts';
import { heldAgainst } from '../pipeline/kept-baseline.ts';
import { readReport } from '../report/read-report.ts';
import type { PolicyOptions, Report } from './contract.ts';
import { baselineOf, bytesOf, openGate } from './open-gate.ts';

/** Stands for the sources that sluice was built from; put in when it is bundled. */
declare const SLUICE_BUILD: string;

/**
 * Judges a report by a policy, which may be another one than it was made by: neither the image nor any data is needed.
 * What the report tells is believed. @throws SluiceError `report/...`, `policy/...`, `waivers/...`
 */
export async function judge(report: Report, policy: PolicyOptions = {}): Promise<Verdict> {
  const evidence = readReport(bytesOf(report));
  const now = new Date();
  const { gate, names } = await openGate(policy, now, SLUICE_BUILD);
  const before = policy.baseline && heldAgainst(evidence, baselineOf(policy.baseline, gate.now));
  return (await gate.judge(evidence, names, before)).verdict;
}
