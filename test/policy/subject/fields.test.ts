import { beforeAll, describe, expect, test } from 'vitest';
import { advisoryData } from '../../../src/advisory/data.ts';
import { updateAdvisories } from '../../../src/advisory/update.ts';
import { readDockerfile } from '../../../src/detect/dockerfile/read.ts';
import { ecosystems } from '../../../src/ecosystem/list.gen.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import { parsePlatform } from '../../../src/model/image.ts';
import { scan } from '../../../src/pipeline/scan.ts';
import { BlameGate } from '../../../src/policy/blame.ts';
import { subjectKinds, subjectVariables } from '../../../src/policy/subject/contract.ts';
import { DockerfileView } from '../../../src/policy/subject/dockerfile.ts';
import { DocumentView } from '../../../src/policy/subject/document.ts';
import { types } from '../../../src/policy/subject/fields/all.ts';
import { SettingsView } from '../../../src/policy/subject/settings.ts';
import { setuidQuery } from '../../../src/policy/subject/setuid-query.ts';
import { Subjects } from '../../../src/policy/subject/subjects.ts';
import { identifyTarget } from '../../../src/source/target.ts';
import { scratchFolder } from '../../support/cli.ts';
import { hasShared, shared } from '../../support/shared.ts';
import { evidence, facts, finding, found, now, placedFinding } from '../make.ts';

/** Walks views by the tables of fields and tells each field that is missing or is not of its type. */
class Walk {
  readonly faults = new Set<string>();
  /** Types of which a view was seen. */
  readonly seen = new Set<string>();
  readonly #walked = new Set<unknown>();

  check(value: unknown, type: string, path: string): void {
    const list = /^list<(.+)>$/.exec(type)?.[1];
    const map = /^map<string, (.+)>$/.exec(type)?.[1];
    if (list !== undefined) {
      if (!Array.isArray(value)) this.faults.add(`${path}: no list`);
      else for (const item of value.slice(0, 50)) this.check(item, list, `${path}[]`);
    } else if (map !== undefined) {
      const values = value instanceof Map ? [...value.values()] : Object.values(Object(value));
      if (typeof value !== 'object' || Array.isArray(value)) this.faults.add(`${path}: no map`);
      for (const item of values) this.check(item, map, `${path}{}`);
    } else if (types[type]) this.#view(value, type, path);
    else if (!isOf(value, type)) this.faults.add(`${path}: ${String(value)} is no ${type}`);
  }

  #view(value: unknown, type: string, path: string): void {
    if (typeof value !== 'object' || value === null) {
      this.faults.add(`${path}: no ${type}`);
      return;
    }
    this.seen.add(type);
    if (this.#walked.has(value)) return;
    this.#walked.add(value);
    for (const [name, field] of Object.entries(types[type] ?? {})) {
      this.check((value as Record<string, unknown>)[name], field.type, `${type}.${name}`);
    }
  }
}

function isOf(value: unknown, type: string): boolean {
  if (type === 'int') return Number.isSafeInteger(value);
  if (type === 'double') return typeof value === 'number' && Number.isFinite(value);
  return typeof value === (type === 'bool' ? 'boolean' : type);
}

/** All views of all subjects of one image. */
function walk(of: Evidence, baseline?: Evidence): Walk {
  const walked = new Walk();
  const gate = baseline && new BlameGate({ evidence: baseline, since: '2020-01-01T00:00:00Z' });
  const inputs = { evidence: of, now, names: ['registry.example.com/team/app:v1'], ...(baseline ? { baseline } : {}) };
  const subjects = new Subjects(inputs, gate);
  walked.check(new SettingsView('high', ''), 'PolicySettings', 'policy');
  for (const [index, one] of subjects.scene.findings.slice(0, 300).entries()) {
    walked.check(subjects.finding(index), 'Finding', 'finding');
    walked.check(subjects.packageOf(one), 'Package', 'pkg');
  }
  for (const kind of subjectKinds) {
    if (kind === 'finding') continue;
    const roster = subjects.roster(kind, setuidQuery.id);
    for (const [index, view] of roster.views.slice(0, 300).entries()) {
      walked.check(view, subjectVariables[kind].type, kind);
      expect(roster.nameOf(index).id).not.toBe('');
    }
  }
  const setting = { name: 'a', value: 'b', args: ['b'], attributes: new Map(), block: '', line: 1, path: '/etc/a' };
  const effective = new Map([['a', setting]]);
  walked.check(new DocumentView({ path: '/etc/a' }, 'sshd', effective, [setting]), 'Document', 'document');
  const { dockerfile } = readDockerfile('FROM debian:12 AS build\nRUN apt-get update\n');
  if (dockerfile) walked.check(new DockerfileView('Dockerfile', dockerfile), 'Dockerfile', 'dockerfile');
  return walked;
}

/** Evidence in which there is something of everything. */
const full = evidence({
  target: {
    kind: 'image',
    platform: 'linux/arm/v7',
    distribution: { id: 'debian', version: '12', like: [], name: 'Debian 12', codename: 'bookworm' },
    release: { endOfLife: '2026-06-10', source: 'Debian Releases', extended: { until: '2028-06-30', name: 'LTS' } },
    base: { name: 'debian:12', layers: 1, by: 'history' },
    layers: [],
  },
  packages: [found('zlib', { license: 'MIT OR Zlib', vendor: 'Zlib', origin: { name: 'zlib-src', version: '2' } })],
  findings: [
    finding({
      exploited: { added: '2024-06-01', due: '2024-06-20', ransomware: true },
      epss: { score: 0.1, percentile: 0.9 },
    }),
    finding({
      id: 'CVE-2',
      score: 7.5,
      vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
      fixed: ['2'],
      risk: 10,
    }),
  ],
  placed: [
    placedFinding({ package: 'pkg:npm/zlib@1.0.0' }),
    placedFinding({ kind: 'misconfiguration', place: { in: 'configuration' } }),
    placedFinding({ kind: 'external', tool: 'x' }),
  ],
  licences: [{ expression: 'MIT', class: 'permitted', package: 'pkg:npm/zlib@1.0.0', layer: 0, from: 'own' }],
  problems: [{ code: 'npm/x', message: 'm', blinding: false }],
  sources: [{ ecosystem: 'npm', origin: 'osv-export', records: 1, newest: '', checkedAt: '2024-06-01T00:00:00Z' }],
  image: facts({
    env: [{ name: 'A', value: 'b', secret: false }],
    ports: ['22/tcp'],
    labels: { a: 'b' },
    annotations: { c: 'd' },
    history: [{ name: 'RUN', text: 'RUN x', from: 'own' }],
    created: '2024-06-01T00:00:00Z',
  }),
  collected: {
    queries: [setuidQuery.id],
    files: [
      {
        ...{ path: '/bin/su', kind: 'file', size: 1, mode: 0o4755, uid: 0, gid: 0, layer: 0, from: 'base' },
        queries: [setuidQuery.id],
        values: { a: 'b' },
      },
    ],
    accounts: [
      { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/bash', groups: ['root'], password: 'locked' },
    ],
    packageFiles: [{ path: '/bin/a', package: 'pkg:npm/zlib@1.0.0', state: 'missing' }],
    certificates: [],
    baseTag: { reference: 'debian:12', digest: `sha256:${'c'.repeat(64)}` },
  },
});

describe('every field of every view is there and of its type', () => {
  test('where there is something of everything', () => {
    const walked = walk(full, evidence());
    expect([...walked.faults]).toEqual([]);
    expect([...walked.seen].sort()).toEqual(Object.keys(types).sort());
  });

  test('where there is nothing of anything', () => {
    const { image: _image, ...bare } = evidence({ target: { kind: 'sbom', layers: [] } });
    expect([...walk(bare).faults]).toEqual([]);
    expect([...walk(bare, bare).faults]).toEqual([]);
  });

  test('and the walk itself finds what is missing or of another type', () => {
    const walked = new Walk();
    walked.check({ failOn: 1 }, 'PolicySettings', 'policy');
    walked.check(1.5, 'int', 'x');
    walked.check({ a: 1 }, 'map<string, string>', 'y');
    walked.check('a', 'list<string>', 'z');
    expect([...walked.faults]).toEqual([
      'PolicySettings.failOn: 1 is no string',
      'PolicySettings.environment: undefined is no string',
      'x: 1.5 is no int',
      'y{}: 1 is no string',
      'z: no list',
    ]);
  });
});

describe.skipIf(!hasShared)('every field of every view is there and of its type on real images', () => {
  const images = [
    'debian-12-slim.oci.tar',
    'node-app.oci.tar',
    'bad-practice.oci.tar',
    'matching-alpine-3.10.docker.tar',
  ];
  const scanned = new Map<string, Evidence>();

  beforeAll(async () => {
    const cacheDir = scratchFolder();
    const given = { from: shared('osv'), cacheDir, ecosystems: ['Alpine', 'npm'], offline: true, allowInsecure: false };
    expect((await updateAdvisories({ ...given, now: () => now })).failed).toEqual([]);
    const data = await advisoryData(cacheDir);
    for (const image of images) {
      const looked = await scan(identifyTarget(shared('images', image)), {
        ecosystems,
        access: { insecure: false, offline: true, env: {}, onWarning: () => {} },
        platform: { platform: parsePlatform('linux/amd64'), explicit: false },
        data,
        jobs: 1,
        wanted: () => ({
          files: [setuidQuery],
          accounts: true,
          packageFiles: true,
          certificates: true,
          baseTag: false,
        }),
      });
      scanned.set(image, looked);
    }
  }, 60_000);

  test.each(images)('%s', (image) => {
    const before = scanned.get('node-app.oci.tar');
    const walked = walk(scanned.get(image) as Evidence, before);
    expect([...walked.faults]).toEqual([]);
    expect(walked.seen.has('Package')).toBe(true);
  });

  test('of which all together have something of everything that images have', () => {
    const seen = new Set(images.flatMap((image) => [...walk(scanned.get(image) as Evidence, full).seen]));
    for (const type of ['Finding', 'Package', 'Instruction', 'Change', 'Account', 'File', 'Source']) {
      expect([...seen]).toContain(type);
    }
  });
});
