import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Run, scratchFolder, sluice } from '../support/cli.ts';
import { archiveOf, buildImage, ociFiles } from '../support/image-writer.ts';
import { OsvMirror } from '../support/osv-mirror.ts';
import { file, tar } from '../support/tar-writer.ts';

const mirror = new OsvMirror();
const folder = scratchFolder();
const image = join(folder, 'image.tar');
const cache = join(folder, 'cache');
let base = '';

/** An export with one advisory of one package. */
function offer(ecosystem: string, name: string): void {
  const id = `X-${ecosystem}-1`;
  const affected = [{ package: { ecosystem, name }, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }] }];
  const severity = [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N' }];
  const body = JSON.stringify({ id, modified: '2026-01-01T00:00:00Z', severity, affected });
  mirror.offer(ecosystem, new Map([[id, Buffer.from(body)]]));
}

const scan = (...more: string[]): Promise<Run> =>
  sluice(['scan', image, '-o', 'json', '--cache-dir', cache, '--update', '--from', base, ...more]);

interface Report {
  readonly verdict: { readonly reasons: readonly { readonly rule: string }[] };
}

/** What a run ended with, found, held against the data and warned of. */
function told({ code, stdout, stderr }: Run): Record<string, unknown> {
  const rules = (JSON.parse(stdout) as Report).verdict.reasons
    .map(({ rule }) => rule)
    .filter((rule) => rule.startsWith('data/'));
  return { code, found: /X-\w+-1/.exec(stdout)?.[0], rules, stderr };
}

/** Puts the last check so many hours back. */
function age(hours: number): void {
  const path = join(cache, 'db', 'current.json');
  const time = new Date(Date.now() - hours * 3_600_000).toISOString();
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/"checkedAt": "[^"]+"/g, `"checkedAt": "${time}"`));
}

beforeAll(async () => {
  const manifest = file('app/node_modules/lodash/package.json', '{"name":"lodash","version":"4.17.4"}');
  writeFileSync(image, archiveOf(ociFiles(buildImage({ layers: [{ tar: tar(manifest) }] }))));
  await mirror.listen();
  base = mirror.base;
  offer('npm', 'lodash');
  offer('PyPI', 'requests');
});

afterAll(() => mirror.close());

beforeEach(() => {
  mirror.fault = undefined;
  mirror.count();
});

describe('scan --update', () => {
  const found = { code: 0, found: 'X-npm-1', rules: [], stderr: '' };

  test('fetches what the image needs, and nothing else; and then nothing for four hours', async () => {
    expect(told(await scan())).toEqual(found);
    expect(mirror.asked).toEqual(['npm/modified_id.csv', 'npm/all.zip']);
    mirror.count();
    age(3.9);
    expect(told(await scan())).toEqual(found);
    expect(told(await scan('--offline'))).toEqual(found);
    expect(mirror.asked).toEqual([]);
    age(4.1);
    expect(told(await scan())).toEqual(found);
    expect(mirror.asked).toEqual(['npm/modified_id.csv bytes=0-16383']);
  });

  test('offline goes by the data at hand, and says so', async () => {
    age(5);
    const why = 'the data was not updated: offline, advisories are only read from a folder';
    expect(told(await scan('--offline'))).toEqual({ ...found, stderr: `sluice: warning: ${why}\n` });
    expect(mirror.asked).toEqual([]);
  });

  test('with a server that is down goes by the data at hand, warns, and judges its age', async () => {
    base = 'http://127.0.0.1:1';
    const cause = 'http://127.0.0.1:1/npm/modified_id.csv: the connection failed (ECONNREFUSED) (tried 3 times)';
    const down = { ...found, stderr: `sluice: warning: the data of npm was not updated: ${cause}\n` };
    expect(told(await scan())).toEqual({ ...down, rules: ['data/update-failed'] });
    age(130);
    expect(told(await scan())).toEqual({ ...down, code: 3, rules: ['data/age'] });
  });
});
