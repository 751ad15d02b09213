import { severities } from '../../model/severity.ts';

const presences = ['installed', 'declared', 'application'];
const brought = ['base', 'own'];

/** Which texts a field can hold, by the type that has it; of fields that are not here it can be any. */
export const fieldTexts: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  // The other kinds come with their own scanners.
  ['Finding.kind', ['vulnerability']],
  ['Finding.severity', severities],
  ['Finding.severitySource', ['publisher', 'distribution', 'cvss-v4', 'cvss-v3', 'cvss-v2', 'none']],
  ['Finding.presence', presences],
  ['Finding.from', brought],
  ['Finding.blame', ['introduced-known', 'introduced-since', 'inherited-known', 'inherited-since', '']],
  ['Package.worst', [...severities, '']],
  ['PolicySettings.failOn', [...severities.filter((severity) => severity !== 'unknown'), 'never']],
  ['Package.presence', presences],
  ['Package.from', brought],
  ['Package.licenseClass', ['permitted', 'notice', 'reciprocal', 'restricted', 'forbidden', 'unknown']],
  ['File.kind', ['file', 'folder', 'symlink', 'device']],
  ['File.from', brought],
  ['PackageFile.state', ['changed', 'missing']],
  ['PackageFile.from', [...brought, '']],
  ['Account.password', ['none', 'locked', 'set', 'unknown']],
  ['Instruction.from', brought],
  ['Image.kind', ['image', 'rootfs', 'source', 'sbom', 'dockerfile']],
  ['Base.by', ['flag', 'provenance', 'history', '']],
  [
    'Change.what',
    [
      ...['manifest', 'base', 'user', 'entrypoint', 'cmd', 'workdir', 'env', 'port', 'label', 'volume'],
      ...['healthcheck', 'stop-signal', 'package', 'licence', 'setuid', 'certificate', 'account'],
    ],
  ],
  ['Change.how', ['added', 'removed', 'changed', 'upgraded', 'downgraded']],
]);

/** Least and most of numbers that have such; of those that are not here it can be any. */
export const fieldRanges: ReadonlyMap<string, readonly [least: number, most: number]> = new Map<
  string,
  readonly [number, number]
>([
  ['Finding.score', [0, 10]],
  ['Finding.epss', [0, 1]],
  ['Finding.epssPercentile', [0, 1]],
  ['Finding.risk', [0, 100]],
  ...(['daysSinceDisclosure', 'daysSinceFix', 'daysSinceKev'] as const).map((name): [string, [number, number]] => [
    `Finding.${name}`,
    [-1, Number.POSITIVE_INFINITY],
  ]),
  ['Cvss.exploitability', [0, 10]],
  ['Cvss.impact', [0, 10]],
  ['Image.ageDays', [-1, Number.POSITIVE_INFINITY]],
  ['Source.ageHours', [-1, Number.POSITIVE_INFINITY]],
  ...['withVersion', 'withLicense', 'withSupplier', 'withHash', 'withPurl'].map((name): [string, [number, number]] => [
    `Completeness.${name}`,
    [0, 1],
  ]),
  ...['Package.flaws', 'Image.size', 'Image.layers', 'Image.problems', 'Image.blinding', 'File.size', 'File.mode'].map(
    (name): [string, [number, number]] => [name, [0, Number.POSITIVE_INFINITY]],
  ),
]);

/** Fields that are documented and hold nothing yet, and what they hold until then. */
export const unfilledFields: ReadonlyMap<string, string> = new Map([
  ['Image.signed', 'is false until signatures are read'],
  ['Image.signers', 'is empty until signatures are read'],
  ['Image.attestations', 'is empty until attestations are verified'],
  ...['builder', 'source', 'revision'].map((name): [string, string] => [
    `Provenance.${name}`,
    'is empty until attestations are verified',
  ]),
  ['Provenance.level', 'is 0 until attestations are verified'],
]);
