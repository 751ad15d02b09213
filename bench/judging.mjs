// Judges made-up findings by rules of the kinds that teams write; prints how long that took. Argument: bundle.
import { pathToFileURL } from 'node:url';

const { commonVariables, defaultBlame, judge, parseExpression } = await import(pathToFileURL(process.argv[2]).href);

const findings = 100_000;
const packages = 2000;
/** Of each kind of rule. */
const variants = 20;
const now = new Date('2026-01-01T00:00:00Z');

/** Ten kinds of condition, each with other values by its number. */
const kinds = [
  (i) => `finding.severity.atLeast('critical') && finding.exploited && finding.layer != ${i}`,
  (i) => `finding.severity == 'high' && finding.hasFix && finding.daysSinceFix > ${3000 + i * 200}`,
  (i) => `finding.epss > 0.${900 + i} || (finding.ransomware && finding.layer == ${i})`,
  (i) => `finding.score >= 9.0 && finding.cvss.AV == 'N' && finding.cvss.PR == 'N' && finding.layer == ${i}`,
  (i) => `pkg.name == 'package-${i}' && pkg.inRange('< 1.20.0')`,
  (i) => `finding.id in lists.accepted${i}`,
  (i) =>
    `finding.from == 'base' && finding.severity.atLeast(policy.failOn) && finding.daysSinceDisclosure > ${5000 + i * 30}`,
  (i) => `finding.cwes.exists(c, c == 'CWE-${70 + i}') && finding.installed`,
  (i) => `finding.paths.exists(p, p.glob('/opt/team-${i}/**')) && finding.severity != 'low'`,
  (i) => `pkg.ecosystem in ['npm', 'pypi'] && pkg.name.startsWith('package-1${i}') && !finding.disputed`,
];

const listed = Array.from({ length: packages }, (_, i) => packageOf(i));
const evidence = {
  target: { kind: 'image', platform: 'linux/amd64', layers: [] },
  judged: ['installed'],
  packages: listed,
  findings: Array.from({ length: findings }, (_, i) => findingIn(listed[i % packages], i)),
  problems: [],
  sources: [],
};
const lists = new Map(
  Array.from({ length: variants }, (_, i) => [
    `accepted${i}`,
    Array.from({ length: 50 }, (_, k) => `CVE-2020-${i}${k}`),
  ]),
);
const variables = { finding: 'Finding', pkg: 'Package', ...commonVariables };
const rules = kinds.flatMap((condition, kind) =>
  Array.from({ length: variants }, (_, i) => ({
    id: `team/rule-${kind}-${i}`,
    title: 'A rule',
    why: 'It is one of many.',
    on: 'finding',
    when: parseExpression(condition(i), variables),
    outcome: kind % 2 === 0 ? 'stop' : 'warn',
    controls: [],
    pack: 'team',
  })),
);
const policy = {
  failOn: 'high',
  dataAges: { default: { warn: 48, undecided: 120 }, bySource: new Map() },
  custom: { name: 'bench', digest: '', rules, lists, blame: defaultBlame, environment: '', soonDays: 14 },
};

function packageOf(i) {
  const [name, version] = [`package-${i}`, `1.${i % 30}.0`];
  const paths = [`/opt/team-${i % 40}/node_modules/${name}/package.json`];
  return {
    ecosystem: 'npm',
    name,
    version,
    purl: `pkg:npm/${name}@${version}`,
    presence: 'installed',
    paths,
    layer: i % 9,
  };
}

function findingIn({ purl, name, version, presence, paths, layer }, i) {
  const year = 2010 + (i % 15);
  return {
    kind: 'vulnerability',
    id: `CVE-${year}-${1000 + i}`,
    aliases: [`GHSA-${i}`],
    advisories: [`GHSA-${i}`],
    severity: ['critical', 'high', 'medium', 'low'][(i * 7) % 4],
    severitySource: 'cvss-v3',
    score: (i % 100) / 10,
    vector: `CVSS:3.1/AV:${i % 3 === 0 ? 'N' : 'L'}/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H`,
    package: purl,
    name,
    version,
    presence,
    fixed: i % 3 === 0 ? [] : ['2.0.0'],
    layer,
    from: layer < 3 ? 'base' : 'own',
    paths,
    title: 'A flaw',
    cwes: [`CWE-${60 + (i % 50)}`],
    published: `${year}-0${1 + (i % 9)}-11T00:00:00Z`,
    ...(i % 50 === 0 ? { exploited: { added: '2024-01-01', due: '2024-02-01', ransomware: i % 100 === 0 } } : {}),
    ...(i % 2 === 0 ? {} : { epss: { score: (i % 1000) / 1000, percentile: 0.5 } }),
  };
}

function judgeAll() {
  const begin = process.cpuUsage();
  const { verdict } = judge(evidence, policy, { now });
  const { user, system } = process.cpuUsage(begin);
  const unanswered = verdict.reasons.find(({ decision }) => decision === 'undecided');
  if (unanswered !== undefined) throw new Error(`a rule could not be evaluated: ${unanswered.message}`);
  const fired = verdict.reasons.reduce((count, { subjects }) => count + (subjects?.length ?? 0), 0);
  return { cpuMs: (user + system) / 1000, fired };
}

// The first time is what a scan pays; later ones, when everything is compiled, what a server pays.
const first = judgeAll();
const later = [judgeAll(), judgeAll()].map(({ cpuMs }) => cpuMs);
process.stdout.write(JSON.stringify({ findings, rules: rules.length, ...first, againCpuMs: Math.min(...later) }));
