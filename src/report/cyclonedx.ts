import type { Evidence, EvidenceTarget } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Report, ReportContext } from './contract.ts';
import { componentsOf } from './cyclonedx/components.ts';
import { property } from './cyclonedx/property.ts';
import { serialNumberOf } from './cyclonedx/serial-number.ts';
import { vulnerabilitiesOf } from './cyclonedx/vulnerabilities.ts';
import { jsonText } from './text-json.ts';
import { partlyReadText } from './text-partly-read.ts';

/** CycloneDX 1.6 (ECMA-424) in JSON: what is in the image, and its vulnerabilities. No clock, no path of this machine. */
export const report: Report = {
  id: 'cyclonedx',
  doc: 'CycloneDX 1.6: a bill of materials with its vulnerabilities',
  render(evidence, verdict, context) {
    const content = jsonText(documentOf(evidence, verdict, context));
    const serialNumber = serialNumberOf(content);
    const head = jsonText({ bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber, version: 1 });
    // The two objects as one: the content, which may be large, is made only once.
    return `${head.slice(0, -'\n}\n'.length)},${content.slice('{'.length)}`;
  },
};

/** `bom-ref` of what was looked into. */
const subject = 'target';

const subjectTypes: Record<EvidenceTarget['kind'], string> = {
  image: 'container',
  rootfs: 'platform',
  source: 'application',
};
const subjectNames: Record<EvidenceTarget['kind'], string> = {
  image: 'container image',
  rootfs: 'root filesystem',
  source: 'source tree',
};

function documentOf(evidence: Evidence, verdict: Verdict, { version }: ReportContext): object {
  const components = componentsOf(evidence);
  // What could not be read may hold more components than are listed.
  const incomplete = evidence.problems.some((problem) => problem.blinding);
  return {
    metadata: {
      tools: { components: [{ type: 'application', name: 'sluice', version }] },
      component: subjectOf(evidence.target),
      properties: metadataProperties(evidence, verdict),
    },
    components: components.components,
    dependencies: [{ ref: subject, dependsOn: components.refs }],
    ...(incomplete ? { compositions: [{ aggregate: 'incomplete', assemblies: [subject] }] } : {}),
    vulnerabilities: vulnerabilitiesOf(evidence, components),
  };
}

/** Named by content: the registry or file that it came from is not part of what it is. */
function subjectOf({ kind, digest, id, platform, layers }: EvidenceTarget): object {
  const content = digest ?? id;
  return {
    type: subjectTypes[kind],
    'bom-ref': subject,
    name: subjectNames[kind],
    ...(content === undefined
      ? {}
      : { version: content, hashes: [{ alg: 'SHA-256', content: content.slice('sha256:'.length) }] }),
    properties: [
      ...(digest === undefined ? [] : [property('image:digest', digest)]),
      ...(id === undefined ? [] : [property('image:id', id)]),
      ...(platform === undefined ? [] : [property('image:platform', platform)]),
      ...layers.map((layer, number) => property(`layer:${number}:diffID`, layer.diffId)),
    ],
  };
}

function metadataProperties({ problems, sources, target }: Evidence, { decision }: Verdict): object[] {
  const unread = partlyReadText(target);
  return [
    property('decision', decision),
    ...sources.map(({ ecosystem, origin, newest }) =>
      property(`source:${ecosystem}`, newest === '' ? origin : `${origin} ${newest}`),
    ),
    ...(unread === undefined ? [] : [property('partly-read', unread)]),
    ...problems.map(({ code, message, path, blinding }) => {
      return property(
        blinding ? 'problem:blinding' : 'problem',
        `${code}: ${path === undefined ? '' : `${path}: `}${message}`,
      );
    }),
  ];
}
