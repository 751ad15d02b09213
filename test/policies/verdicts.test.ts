import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AdvisoryData, advisoryData } from '../../src/advisory/data.ts';
import { updateAdvisories } from '../../src/advisory/update.ts';
import { ecosystems } from '../../src/ecosystem/list.gen.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { parsePlatform } from '../../src/model/image.ts';
import { lookKinds } from '../../src/model/placed-finding.ts';
import type { Reason, Verdict } from '../../src/model/verdict.ts';
import { scan } from '../../src/pipeline/scan.ts';
import { readPolicySet } from '../../src/policy/file/policy-set.ts';
import { judgeLazily } from '../../src/policy/judge-lazily.ts';
import { packs } from '../../src/policy/packs.gen.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { wantedOf } from '../../src/policy/wanted.ts';
import { identifyTarget } from '../../src/source/target.ts';
import { giveAdvisories } from '../support/advisories.ts';
import { scratchFolder } from '../support/cli.ts';
import { hasShared, shared } from '../support/shared.ts';

const now = new Date('2026-06-01T00:00:00Z');
const ending = /\.(?:oci|docker)\.tar$/;
const images = hasShared ? readdirSync(shared('images')).filter((name) => ending.test(name)) : [];
const names = Object.keys(packs);

/** A pack or a policy file with nothing else. */
async function policyOf(policy: string): Promise<Policy> {
  const given = { policy, waivers: [], folder: undefined, environment: '', dataAges: new Map() };
  const { choose } = await readPolicySet(given, { packs });
  return choose({ names: [], labels: {} });
}

/** A policy that is made of packs and files. */
function policyUsing(path: string, uses: readonly (string | { file: string })[]): Promise<Policy> {
  writeFileSync(path, JSON.stringify({ version: 1, use: uses }));
  return policyOf(path);
}

function triggerFiles(): { file: string }[] {
  const folder = resolve(import.meta.dirname, '..', '..', 'policies', 'triggers');
  const files = readdirSync(folder).filter((name) => !name.endsWith('.test.yaml'));
  return files.map((name) => ({ file: join(folder, name) }));
}

/** What a reader of the verdict goes by: each reason with what to do about it. */
function verdictText(pack: string, { decision, reasons }: Verdict): string {
  const text = [`== ${pack}: ${decision}`, ...reasons.map(reasonText)].join('\n');
  // Paths of home folders are kept out of the repository, whoever's they are.
  return text.replaceAll('/root/', '~root/');
}

function reasonText({ decision, rule, message, action, look }: Reason): string {
  const lines = [`${decision.padEnd(9)} ${message} [${rule}]`];
  if (action !== undefined) lines.push(`          fix: ${action}`);
  if (look !== undefined) lines.push(`          look: ${look}`);
  return lines.join('\n');
}

// What each pack says of each image of the reference data, in files that are meant to be read.
describe.skipIf(!hasShared)('the packs judge real images', () => {
  let data: AdvisoryData;
  let policies: readonly (readonly [string, Policy])[];
  /** All packs and all triggers. */
  let all: Policy;
  let triggers: Policy;

  beforeAll(async () => {
    const folder = scratchFolder();
    // What is made here is the time of the update alone.
    await giveAdvisories(folder);
    const result = await updateAdvisories({
      from: shared('osv'),
      cacheDir: folder,
      offline: true,
      allowInsecure: false,
      now: () => now,
    });
    expect(result.failed).toEqual([]);
    data = await advisoryData(folder);
    policies = await Promise.all(names.map(async (name) => [name, await policyOf(name)] as const));
    triggers = await policyUsing(join(folder, 'triggers.yaml'), triggerFiles());
    all = await policyUsing(join(folder, 'all.yaml'), [...names, ...triggerFiles()]);
  }, 120_000);

  function look(image: string): Promise<Evidence> {
    return scan(identifyTarget(shared('images', image)), {
      ecosystems,
      access: { insecure: false, offline: true, env: {}, onWarning: () => {} },
      platform: { platform: parsePlatform('linux/amd64'), explicit: false },
      data,
      jobs: 1,
      wanted: (evidence) => wantedOf(all, evidence),
      look: { kinds: lookKinds, digest: 'all' },
      now,
    });
  }

  test.each(images)('%s', async (image) => {
    const evidence = await look(image);
    const judged = policies.map(async ([name, policy]) => {
      return verdictText(name, (await judgeLazily(evidence, policy, { now })).verdict);
    });
    const texts = await Promise.all(judged);
    const name = image.replace(ending, '');
    await expect(`${texts.join('\n\n')}\n`).toMatchFileSnapshot(`verdicts/${name}.txt`);
    if (name !== 'bad-practice') return;
    // It was made to break all the rules: what the triggers say of it is held against what was planted in it.
    const text = verdictText('triggers', (await judgeLazily(evidence, triggers, { now })).verdict);
    await expect(`${text}\n`).toMatchFileSnapshot(`verdicts/${name}.triggers.txt`);
  });

  test('and there are images', () => {
    expect(images.length).toBeGreaterThan(20);
  });
});
