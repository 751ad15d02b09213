import fc from 'fast-check';
import type { Collected } from '../../src/model/collected.ts';
import { parseDigest } from '../../src/model/digest.ts';
import type { Evidence, EvidenceTarget } from '../../src/model/evidence.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { ImageFacts } from '../../src/model/image-facts.ts';
import type { Package } from '../../src/model/package.ts';
import {
  type LicenceFact,
  licenceClasses,
  lookKinds,
  type Place,
  type PlacedFinding,
  placedKinds,
} from '../../src/model/placed-finding.ts';
import { severities } from '../../src/model/severity.ts';

/** Text as images hold it, also what an object has of its own. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('__proto__', 'constructor', 'a/b~c', '\u202e', ''),
);
const texts = fc.array(text, { maxLength: 3 });
const whole = fc.nat();
const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => parseDigest(`sha256:${hex}`));
const whose = fc.constantFrom('base', 'own');
const presence = fc.constantFrom('installed', 'declared', 'application');
const byName = fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true });
const share = fc.double({ min: 0, max: 1, noNaN: true }).map((n) => (n === 0 ? 0 : n));

/** A record of which any of the `may` can be missing. */
function record<T>(must: object, may: object = {}): fc.Arbitrary<T> {
  const all = { ...must, ...may } as Record<string, fc.Arbitrary<unknown>>;
  return fc.record(all, { requiredKeys: Object.keys(must), noNullPrototype: true }) as fc.Arbitrary<T>;
}

const note = record(
  {
    status: fc.constantFrom('not_affected', 'affected', 'fixed', 'under_investigation'),
    timestamp: text,
    author: text,
    document: text,
    format: fc.constantFrom('openvex', 'csaf', 'cyclonedx'),
    believed: fc.boolean(),
  },
  { justification: text, says: text },
);

const anyPackage = record<Package>(
  { purl: text, ecosystem: text, name: text, version: text, presence, paths: texts, layer: whole },
  {
    // A package that is its own origin has none: see `PackageRecord.origin`.
    origin: record({ name: text.map((name) => `source of ${name}`), version: text }),
    arch: text,
    license: text,
    vendor: text,
    module: text,
    build: text,
    dev: fc.boolean(),
    hashes: texts,
    needs: texts,
    ownedBy: text,
  },
).filter(({ origin, name }) => origin?.name !== name);

function findingIn(packages: readonly Package[]): fc.Arbitrary<Finding> {
  return record<Finding>(
    {
      kind: fc.constant('vulnerability'),
      id: text,
      aliases: texts,
      advisories: texts,
      severity: fc.constantFrom(...severities),
      severitySource: text,
      package: fc.constantFrom(...packages.map(({ purl }) => purl)),
      name: text,
      version: text,
      presence,
      fixed: texts,
      layer: whole,
      from: whose,
      paths: texts,
      title: text,
      cwes: texts,
    },
    {
      score: share,
      vector: text,
      fixState: fc.constantFrom('wont-fix', 'deferred', 'end-of-life', 'investigating'),
      published: text,
      fixPublished: text,
      disputed: fc.constant(true),
      exploited: record({ added: text, due: text, ransomware: fc.boolean() }),
      epss: record({ score: share, percentile: share }),
      risk: share,
      statements: fc.array(note, { minLength: 1, maxLength: 2 }),
      answered: record({ by: fc.constantFrom('owner', 'distribution', 'vex'), because: text }),
    },
  );
}

const position = fc.nat().map((n) => n + 1);
const place = record<Place>(
  {
    in: fc.constantFrom(
      ...(['file', 'environment', 'label', 'annotation', 'history', 'configuration'] as const),
      ...(['dockerfile', 'commit', 'package'] as const),
    ),
  },
  {
    path: text,
    name: text,
    line: position,
    column: position,
    endLine: position,
    endColumn: position,
    step: whole,
    layer: whole,
    removedIn: whole,
    from: whose,
    commit: text,
    cause: record({ path: text, line: position }),
  },
);

const placed = record<PlacedFinding>(
  {
    kind: fc.constantFrom(...placedKinds),
    id: text,
    aliases: texts,
    severity: fc.constantFrom(...severities),
    title: text,
    message: text,
    why: text,
    fix: text,
    links: texts,
    controls: texts,
    place,
    fingerprint: text.filter((one) => one !== ''),
  },
  {
    also: fc.array(place, { maxLength: 2 }),
    secret: record({ shown: text, score: fc.nat(100), notes: texts }, { expires: text }),
    package: text,
    tool: text,
    answered: record({ by: fc.constantFrom('owner', 'distribution', 'vex'), because: text }),
  },
);

const licence = record<LicenceFact>(
  { expression: text, class: fc.constantFrom(...licenceClasses), layer: whole, from: whose },
  { stated: text, package: text, path: text, likeness: share },
);

const target = fc
  .record({
    target: record<EvidenceTarget>(
      {
        kind: fc.constantFrom('image', 'rootfs', 'source', 'sbom', 'dockerfile'),
        layers: fc.array(
          record(
            { diffId: digest, digest, size: whole, createdBy: text },
            { read: fc.constantFrom('claimed', 'index') },
          ),
          { maxLength: 2 },
        ),
      },
      {
        digest,
        id: digest,
        platform: text,
        distribution: record({ id: text, version: text, like: texts, name: text }, { codename: text }),
        release: record({ endOfLife: text, source: text }, { extended: record({ until: text, name: text }) }),
        contentSets: texts,
        base: record({ layers: whole, by: fc.constantFrom('flag', 'provenance', 'history') }, { name: text, digest }),
      },
    ),
  })
  .map(({ target: { release, ...told } }): EvidenceTarget => {
    // What ends is a distribution's release.
    return told.distribution && release ? { ...told, release } : told;
  });

const image = record<ImageFacts>(
  {
    user: text,
    entrypoint: texts,
    cmd: texts,
    workingDir: text,
    stopSignal: text,
    healthcheck: texts,
    ports: texts,
    volumes: texts,
    env: fc.array(record({ name: text, value: text, secret: fc.boolean() }), { maxLength: 2 }),
    labels: byName,
    annotations: byName,
    history: fc.array(record({ name: text, text, from: whose }, { layer: whole, line: whole }), { maxLength: 2 }),
    created: text,
    size: whole,
  },
  { timed: fc.constant(true) },
);

const file = record(
  {
    path: text,
    kind: fc.constantFrom('file', 'folder', 'symlink', 'device'),
    size: whole,
    mode: whole,
    uid: whole,
    gid: whole,
    layer: whole,
    from: whose,
    queries: texts,
  },
  {
    ...{ link: text, owner: text, sha256: text, matches: texts, values: byName },
    ...{ capabilities: texts, inOpenFolder: fc.constant(true) },
  },
);
const account = record(
  {
    name: text,
    uid: whole,
    gid: whole,
    home: text,
    shell: text,
    groups: texts,
    password: fc.constantFrom('none', 'locked', 'set', 'unknown'),
  },
  { repeated: fc.constant(true), sameId: texts },
);

const collected = record<Collected>(
  { queries: texts, files: fc.array(file, { maxLength: 2 }) },
  {
    accounts: fc.array(account, { maxLength: 2 }),
    packageFiles: fc.array(
      record({ path: text, package: text, state: fc.constantFrom('changed', 'missing') }, { layer: whole }),
      { maxLength: 2 },
    ),
    certificates: fc.array(record({ fingerprint: text, subject: text, path: text }), { maxLength: 2 }),
    baseTag: record({ reference: text }, { digest: text }),
  },
);

/** Evidence of every form that a scan may come to, and of many that none does. */
export const arbitraryEvidence: fc.Arbitrary<Evidence> = fc
  .array(anyPackage, { minLength: 1, maxLength: 3 })
  .chain((packages) =>
    record<Evidence>(
      {
        target,
        judged: fc.subarray(['application', 'declared', 'installed'], { minLength: 1 }),
        packages: fc.constant(packages),
        findings: fc.array(findingIn(packages), { maxLength: 3 }),
        problems: fc.array(
          record(
            { code: fc.constantFrom('rpm/row-damaged', 'data/missing'), message: text, blinding: fc.boolean() },
            { path: text, layer: whole },
          ),
          { maxLength: 2 },
        ),
        sources: fc.array(
          record(
            {
              ecosystem: text,
              origin: fc.constantFrom('osv-export', 'starter', 'none', 'feed'),
              records: whole,
              newest: text,
              checkedAt: text,
            },
            { digest, failed: record({ at: text, message: text }) },
          ),
          { maxLength: 2 },
        ),
      },
      {
        vex: fc.array(
          record({
            document: text,
            format: fc.constantFrom('openvex', 'csaf', 'cyclonedx'),
            digest,
            author: text,
            timestamp: text,
            statements: whole,
            applied: whole,
            believed: fc.boolean(),
          }),
          { minLength: 1, maxLength: 2 },
        ),
        image,
        looked: fc.subarray([...lookKinds]),
        placed: fc.array(placed, { minLength: 1, maxLength: 3 }),
        licences: fc.array(licence, { maxLength: 2 }),
        collected,
      },
    ),
  );
