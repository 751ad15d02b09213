import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Report, ReportContext } from './contract.ts';
import { type Components, componentsOf } from './cyclonedx/components.ts';
import { gateFacts } from './cyclonedx/gate.ts';
import { vulnerabilitiesOf } from './cyclonedx/vulnerabilities.ts';
import { createdAt } from './sbom/created.ts';
import { type Dependencies, dependenciesOf } from './sbom/dependencies.ts';
import { documentFacts, isImage, subjectNames, targetFacts } from './sbom/facts.ts';
import { optional, type Property, property } from './sbom/property.ts';
import { uuidOf } from './sbom/uuid.ts';
import { jsonText } from './text-json.ts';

/**
 * CycloneDX (ECMA-424) in JSON: what is in the image, and its vulnerabilities. No clock, no path of this machine. Both
 * versions say the same: 1.7 has no field more that anything is known for.
 */
export const report: Report = {
  id: 'cyclonedx',
  doc: 'CycloneDX: a bill of materials with its vulnerabilities, without secrets and settings',
  versions: ['1.6', '1.7'],
  render(evidence, verdict, context) {
    const specVersion = context.variant ?? '1.6';
    const content = jsonText(documentOf(evidence, verdict, context));
    const serialNumber = uuidOf(specVersion === '1.6' ? content : `${specVersion}\n${content}`);
    const head = jsonText({ bomFormat: 'CycloneDX', specVersion, serialNumber, version: 1 });
    // The two objects as one: the content, which may be large, is made only once.
    return `${head.slice(0, -'\n}\n'.length)},${content.slice('{'.length)}`;
  },
};

/** `bom-ref` of what was looked into. */
const subject = 'target';

function subjectType(target: EvidenceTarget): 'container' | 'platform' | 'application' {
  if (isImage(target)) return 'container';
  return target.kind === 'rootfs' ? 'platform' : 'application';
}

function documentOf(evidence: Evidence, verdict: Verdict, { version, sourceDateEpoch }: ReportContext): object {
  const components = componentsOf(evidence);
  const needs = dependenciesOf(evidence.packages);
  // What could not be read may hold more components than are listed.
  const incomplete = evidence.problems.some((problem) => problem.blinding);
  const timestamp = createdAt(sourceDateEpoch);
  return {
    metadata: {
      ...(timestamp === undefined ? {} : { timestamp }),
      tools: { components: [{ type: 'application', name: 'sluice', version }] },
      component: subjectOf(evidence.target),
      properties: metadataProperties(evidence, verdict, needs),
    },
    components: components.components,
    dependencies: [{ ref: subject, dependsOn: components.refs }, ...dependenciesFrom(needs, components)],
    ...(incomplete ? { compositions: [{ aggregate: 'incomplete', assemblies: [subject] }] } : {}),
    vulnerabilities: vulnerabilitiesOf(evidence, components),
  };
}

/** Named by content: the registry or file that it came from is not part of what it is. */
function subjectOf(target: EvidenceTarget): object {
  const content = target.digest ?? target.id;
  return {
    type: subjectType(target),
    'bom-ref': subject,
    name: subjectNames[target.kind],
    ...(content === undefined
      ? {}
      : { version: content, hashes: [{ alg: 'SHA-256', content: content.slice('sha256:'.length) }] }),
    properties: targetFacts(target),
  };
}

function metadataProperties(evidence: Evidence, verdict: Verdict, { complete }: Dependencies): Property[] {
  return [
    property('decision', verdict.decision),
    ...gateFacts(verdict),
    ...evidence.sources.flatMap(({ ecosystem, origin, newest, digest, checkedAt }) => [
      property(`source:${ecosystem}`, newest === '' ? origin : `${origin} ${newest}`),
      ...optional(`source:${ecosystem}:digest`, digest),
      ...optional(`source:${ecosystem}:checked`, checkedAt === '' ? undefined : checkedAt),
    ]),
    ...(evidence.vex ?? []).map(({ document, digest, believed }) =>
      property(believed ? 'vex' : 'vex:not-believed', `${digest} ${document}`),
    ),
    ...documentFacts(evidence),
    ...optional('dependencies', complete ? undefined : 'incomplete'),
  ];
}

/** What each package needs, where that is known; CycloneDX takes a package that is not named here as unknown. */
function dependenciesFrom({ of }: Dependencies, { packageRefs }: Components): object[] {
  return of.flatMap((needed, place) =>
    needed.length === 0
      ? []
      : [{ ref: packageRefs[place] as string, dependsOn: needed.map((other) => packageRefs[other] as string) }],
  );
}
