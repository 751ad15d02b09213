import type { Evidence } from '../../src/model/evidence.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { ImageFacts } from '../../src/model/image-facts.ts';
import type { Package } from '../../src/model/package.ts';
import type { PlacedFinding } from '../../src/model/placed-finding.ts';
import { parseExpression } from '../../src/policy/expression/parse.ts';
import { type CustomPolicy, defaultBlame, defaultPolicy, type Policy } from '../../src/policy/policy.ts';
import type { Rule } from '../../src/policy/rule.ts';
import { subjectVariables } from '../../src/policy/subject/contract.ts';
import { commonVariables } from '../../src/policy/subject/fields/all.ts';

/** The moment that most tests judge as of. */
export const now = new Date('2024-06-10T12:00:00Z');

/** A high vulnerability in zlib, with what differs. */
export function finding(given: Partial<Finding> = {}): Finding {
  const name = given.name ?? 'zlib';
  const version = given.version ?? '1.0.0';
  return {
    kind: 'vulnerability',
    id: 'CVE-2024-1000',
    aliases: [],
    advisories: ['GHSA-aaaa-bbbb-cccc'],
    severity: 'high',
    severitySource: 'publisher',
    package: `pkg:npm/${name}@${version}`,
    name,
    version,
    presence: 'installed',
    fixed: [],
    layer: 0,
    from: 'own',
    paths: [`/app/node_modules/${name}/package.json`],
    title: '',
    cwes: [],
    ...given,
  };
}

/** A secret of high severity in a file, with what differs. */
export function placedFinding(given: Partial<PlacedFinding> = {}): PlacedFinding {
  return {
    kind: 'secret',
    id: 'secret/github-token',
    aliases: [],
    severity: 'high',
    title: 'GitHub token',
    message: 'a GitHub token',
    why: 'It works.',
    fix: 'Revoke it.',
    links: [],
    controls: [],
    place: { in: 'file', path: '/app/.env', line: 2, layer: 0, from: 'own' },
    fingerprint: 'aaaa',
    ...(given.kind === undefined || given.kind === 'secret'
      ? { secret: { shown: 'ghp_…(40)', score: 90, notes: [] } }
      : {}),
    ...given,
  };
}

/** An installed npm package, with what differs. */
export function found(name: string, given: Partial<Package> = {}): Package {
  const version = given.version ?? '1.0.0';
  const paths = [`/app/node_modules/${name}/package.json`];
  const purl = `pkg:npm/${name}@${version}`;
  return { name, version, ecosystem: 'npm', purl, presence: 'installed', paths, layer: 0, ...given };
}

/** A configuration that says nothing, with what differs. */
export function facts(given: Partial<ImageFacts> = {}): ImageFacts {
  return {
    ...{ user: '', entrypoint: [], cmd: [], workingDir: '', stopSignal: '', healthcheck: [], ports: [], volumes: [] },
    ...{ env: [], labels: {}, annotations: {}, history: [], created: '', size: 0 },
    ...given,
  };
}

/** An image in which there is nothing, with what differs. */
export function evidence(given: Partial<Evidence> = {}): Evidence {
  return {
    target: { kind: 'image', layers: [] },
    judged: ['installed'],
    packages: [],
    findings: [],
    problems: [],
    sources: [],
    image: facts(),
    ...given,
  };
}

/** A rule that stops, with what differs; its expression is read as that of a policy file. */
export function rule(when: string, given: Partial<Rule> = {}): Rule {
  const on = given.on ?? 'finding';
  const subject = subjectVariables[on];
  const variables = {
    ...commonVariables,
    [subject.name]: subject.type,
    ...(on === 'finding' ? { pkg: 'Package' } : {}),
  };
  return {
    id: 'team/rule',
    title: 'Wrong',
    why: 'It matters.',
    on,
    when: parseExpression(when, variables, ['names']),
    outcome: 'stop',
    controls: [],
    pack: 'team',
    ...given,
  };
}

/** A policy of these rules alone. */
export function policyOf(rules: readonly Rule[], given: Partial<CustomPolicy & Pick<Policy, 'failOn'>> = {}): Policy {
  const { failOn = defaultPolicy.failOn, ...own } = given;
  const custom: CustomPolicy = {
    name: 'team',
    digest: `sha256:${'1'.repeat(64)}`,
    rules,
    lists: new Map([['names', ['zlib', 'lodash']]]),
    blame: defaultBlame,
    environment: '',
    soonDays: 14,
    ...own,
  };
  return { ...defaultPolicy, failOn, custom };
}
