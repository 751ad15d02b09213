import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Report, ReportContext } from './contract.ts';
import { packageCases, placedCases } from './junit/findings.ts';
import { gateCases, problemCases } from './junit/gate.ts';
import { stableName } from './junit/suite-name.ts';
import { withOwnNames } from './junit/test-case.ts';
import { junitXml, type TestSuite } from './junit/xml.ts';
import { findingDecisions } from './text-decision.ts';
import { policyName } from './text-reason.ts';

/** JUnit XML, as the lists of tests of Jenkins, GitLab and others read it: what stops has failed, what nobody could see is an error. */
export const report: Report = {
  id: 'junit',
  doc: 'JUnit XML, for the list of tests of a CI system',
  render: (evidence, verdict, context) => junitXml(suiteOf(evidence, verdict, context)),
};

function suiteOf(evidence: Evidence, verdict: Verdict, { name, version }: ReportContext): TestSuite {
  const decisions = findingDecisions(verdict, evidence.findings, evidence.placed ?? []);
  return {
    name: [stableName(name), evidence.target.platform].filter((part) => part).join(' '),
    properties: propertiesOf(evidence, verdict, version),
    cases: withOwnNames([
      ...gateCases(evidence, verdict, decisions),
      ...packageCases(evidence, decisions),
      ...placedCases(evidence, decisions),
      ...problemCases(evidence),
    ]),
  };
}

function propertiesOf({ target, sources }: Evidence, verdict: Verdict, version: string): [string, string][] {
  const { kind, digest, id, platform, distribution } = target;
  const system = distribution && (distribution.name || `${distribution.id} ${distribution.version}`.trim());
  const told: [string, string | undefined][] = [
    ['sluice', version],
    ['decision', verdict.decision],
    ['policy', verdict.policy && policyName(verdict.policy)],
    ['target', kind],
    ['digest', digest],
    ['image id', id],
    ['platform', platform],
    ['distribution', system],
    ...sources.map(({ ecosystem, origin, checkedAt }): [string, string] => [
      `data for ${ecosystem}`,
      checkedAt === '' ? origin : `${origin}, current at ${checkedAt}`,
    ]),
  ];
  return told.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]));
}
