import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Place, PlacedFinding } from '../src/model/placed-finding.ts';
import { sluice } from './support/cli.ts';
import { hasShared, shared } from './support/shared.ts';

/*
 * Real images, one of which was made with secrets planted in it: beside it stands what was planted where, each value as its
 * SHA-256, and what only looks like a secret. All others hold none.
 */
interface Planted {
  readonly category: string;
  readonly kind: string;
  readonly where: string;
  readonly valueSha256?: string;
}

const planted = hasShared
  ? (JSON.parse(readFileSync(shared('images', 'bad-practice.findings.json'), 'utf8')) as { planted: Planted[] }).planted
  : [];
const images = hasShared ? readdirSync(shared('images')).filter((name) => name.endsWith('.tar')) : [];

async function secretsIn(name: string, ...more: string[]): Promise<readonly PlacedFinding[]> {
  const { stdout } = await sluice([
    'scan',
    shared('images', name),
    '--scanners',
    'secrets',
    '--no-layer-cache',
    '-o',
    'json',
    ...more,
  ]);
  return (JSON.parse(stdout) as { findings: PlacedFinding[] }).findings.filter(({ kind }) => kind === 'secret');
}

/** As the list of what was planted writes a place. */
function whereOf({ in: where, path = '', name = '', step }: Place): string {
  if (where === 'environment') return `config.Env ${name}`;
  return where === 'history' ? `history[${step}].created_by` : path;
}

/** Of a key the beginning is told, which is enough to find it: only that one is there. */
const keys = ['private-key', 'gcp-service-account'];

const hashOf = (value: string | undefined): string =>
  createHash('sha256')
    .update(value ?? '')
    .digest('hex');

describe.skipIf(!hasShared)('secrets in real images', () => {
  test('every planted one is told at its place, and nothing else', async () => {
    const found = await secretsIn('bad-practice.oci.tar', '--show-secrets');
    const told = found.flatMap(({ secret, place, also = [] }) =>
      [place, ...also].map(
        (one) => `${whereOf(one)} ${secret?.value?.startsWith('-----BEGIN') ? 'key' : hashOf(secret?.value)}`,
      ),
    );
    const wanted = planted
      .filter(({ category }) => category === 'secret')
      .map(({ kind, where, valueSha256 }) => `${where} ${keys.includes(kind) ? 'key' : valueSha256}`);
    expect(wanted.length).toBeGreaterThan(15);
    expect([...told].sort()).toEqual([...wanted].sort());
  });

  test.each(images.filter((name) => name !== 'bad-practice.oci.tar'))('%s holds none', async (name) => {
    const found = await secretsIn(name);
    expect(found.filter(({ answered }) => !answered).map(({ id, place }) => [id, place])).toEqual([]);
  });
});
