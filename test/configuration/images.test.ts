import { describe, expect, test } from 'vitest';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { parsePlatform } from '../../src/model/image.ts';
import type { PlacedFinding } from '../../src/model/placed-finding.ts';
import { scan } from '../../src/pipeline/scan.ts';
import { identifyTarget } from '../../src/source/target.ts';
import { hasShared, shared, sharedJson } from '../support/shared.ts';

/** What the built-in rules say of an image of the reference data. */
async function misconfigurations(image: string): Promise<readonly PlacedFinding[]> {
  const { placed = [], problems }: Evidence = await scan(identifyTarget(shared('images', image)), {
    ecosystems,
    access: { insecure: false, offline: true, env: {}, onWarning: () => {} },
    platform: { platform: parsePlatform('linux/amd64'), explicit: false },
    jobs: 1,
    look: { kinds: ['packages', 'configuration'], digest: 'configuration' },
  });
  expect(problems.filter(({ code }) => code.startsWith('rules/'))).toEqual([]);
  return placed.filter(({ kind }) => kind === 'misconfiguration');
}

interface Planted {
  readonly category: string;
  readonly kind: string;
  readonly where: string;
  readonly layer?: number;
}

/** The rule that finds each kind of what was planted. */
const rules: Readonly<Record<string, string>> = {
  'runs-as-root': 'image/runs-as-root',
  'no-healthcheck': 'image/no-healthcheck',
  'ssh-port-exposed': 'image/remote-administration-port',
  'database-port-exposed': 'image/database-port',
  'add-from-http': 'build/add-over-http',
  'curl-pipe-shell': 'build/download-into-shell',
  setuid: 'file/setuid',
  setgid: 'file/setgid',
  'file-capability': 'file/capabilities',
  'shadow-world-readable': 'file/shadow-readable',
  'root-without-password': 'account/root-without-password',
  'sudo-without-password': 'sudo/without-password',
};

function ruleOf({ kind, where }: Planted): string {
  if (kind !== 'world-writable') return rules[kind] ?? kind;
  return where.endsWith('uploads') ? 'file/world-writable-folder' : 'file/world-writable';
}

/** What is true of the image beside what was planted in it, judged by hand. */
const besides = [
  // Its command is sshd, which is not even installed.
  'image/runs-ssh-server configuration Cmd',
  // The RUN line of step 9 says chmod 777.
  'build/open-permissions history 9',
  // What ADD has brought from the URL is still there, and can be started.
  'file/left-in-temporary-folder /tmp/install.sh',
];

function inShort({ id, place }: PlacedFinding): string {
  const where = place.path ?? (place.in === 'history' ? `history ${place.step}` : `${place.in} ${place.name}`);
  return `${id} ${where}`;
}

describe.skipIf(!hasShared)('the image in which everything is wrong', () => {
  test('yields all that was planted, and nothing that is not true', async () => {
    const found = await misconfigurations('bad-practice.oci.tar');
    const { planted } = sharedJson<{ planted: readonly Planted[] }>('images', 'bad-practice.findings.json');
    const wanted = planted.filter(({ category }) => category !== 'secret');
    const missed = wanted.filter((one) => !found.some((finding) => answers(finding, one)));
    expect(missed).toEqual([]);
    const others = found.filter((finding) => !wanted.some((one) => answers(finding, one)));
    expect(others.map(inShort).sort()).toEqual([...besides].sort());
    expect(found).toHaveLength(wanted.length + besides.length);
  }, 30_000);
});

/** Whether a finding is what was planted: by rule, place and layer. */
function answers({ id, place }: PlacedFinding, planted: Planted): boolean {
  const { where, layer } = planted;
  if (id !== ruleOf(planted)) return false;
  if (layer !== undefined && place.layer !== layer) return false;
  if (where.startsWith('/')) return place.path === where;
  return where.startsWith('history') ? place.in === 'history' : `config.${place.name}` === where;
}

/** Of each image what the rules say, judged by hand: all of it is true. */
const judged: Readonly<Record<string, readonly string[]>> = {
  'alma-8-micro.oci.tar': ['image/no-healthcheck', 'image/runs-as-root'],
  'alma-8-rpmdb-le.oci.tar': ['image/no-healthcheck', 'image/runs-as-root'],
  'alma-9-micro.oci.tar': ['image/no-healthcheck', 'image/runs-as-root'],
  // Its release ended in May 2021, and it says that it was built in 2024; so for the three applications below.
  'alpine-3.10.oci.tar': ['image/no-healthcheck', 'image/out-of-support', 'image/runs-as-root'],
  'alpine-3.18.oci.tar': ['image/no-healthcheck', 'image/runs-as-root'],
  'debian-12-slim.oci.tar': ['image/no-healthcheck', 'image/runs-as-root'],
  'distroless-like.oci.tar': ['image/no-healthcheck'],
  'go-app.oci.tar': ['image/no-healthcheck'],
  'java-app.oci.tar': ['image/no-healthcheck', 'image/runs-as-root'],
  'multi-layer-tricks.oci.tar': ['image/no-healthcheck', 'image/runs-as-root'],
  // It has a health check and a user of its own.
  'node-app.oci.tar': ['image/out-of-support'],
  'python-app.oci.tar': ['image/no-healthcheck', 'image/out-of-support', 'image/runs-as-root'],
  'ruby-php-app.oci.tar': ['image/no-healthcheck', 'image/out-of-support', 'image/runs-as-root'],
  'rust-app.oci.tar': ['image/no-healthcheck'],
  'matching-alma-8.docker.tar': ['image/no-healthcheck', 'image/runs-as-root'],
  'matching-alma-9.docker.tar': ['image/no-healthcheck', 'image/runs-as-root'],
  // Its package database names tcpdump; so do the next ones rust, go and dropbear.
  'matching-alpine-3.10.docker.tar': ['image/no-healthcheck', 'image/runs-as-root', 'package/network-tool'],
  'matching-alpine-3.11.docker.tar': [
    ...['image/no-healthcheck', 'image/runs-as-root', 'package/compiler', 'package/compiler'],
  ],
  'matching-alpine-3.9.docker.tar': [
    ...['image/no-healthcheck', 'image/runs-as-root', 'package/network-tool', 'package/ssh-server'],
  ],
  'matching-debian-10.docker.tar': ['image/no-healthcheck', 'image/runs-as-root'],
  'matching-debian-11.docker.tar': ['image/no-healthcheck', 'image/runs-as-root'],
  'matching-debian-9.docker.tar': ['image/no-healthcheck', 'image/runs-as-root'],
};

describe.skipIf(!hasShared)('what the rules say of other images is true, and no more', () => {
  test.each(Object.entries(judged))(
    '%s',
    async (image, ids) => {
      expect((await misconfigurations(image)).map(({ id }) => id).sort()).toEqual(ids);
    },
    30_000,
  );
});
