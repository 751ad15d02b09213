import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { archiveOf, buildImage, ociFiles } from './image-writer.ts';
import { OsvMirror } from './osv-mirror.ts';
import { file, tar } from './tar-writer.ts';

const bin = resolve(import.meta.dirname, '..', '..', 'bin', 'sluice.mjs');

/** Names by which an image speaks to the machine that reads the log. */
const hostileName = '::error title=pwned::x';
const hostileFolder = 'app/##vso[task.complete result=Succeeded;]done';

function imageOf(...names: readonly string[]): Buffer {
  const manifests = names.map((name, i) =>
    file(`${hostileFolder}/node_modules/p${i}/package.json`, JSON.stringify({ name, version: '1.0.0' })),
  );
  const history = [{ created_by: 'COPY . /app' }];
  return archiveOf(ociFiles(buildImage({ layers: [{ tar: tar(...manifests) }], config: { history } })));
}

/** An image with two bad packages, one of them with a hostile name. */
export const bad = imageOf('bad', hostileName);

/** The same with one bad package more. */
export const worse = imageOf('bad', hostileName, 'worse');

/** A mirror with an advisory of each bad package. */
export function mirrorOfBad(): OsvMirror {
  const mirror = new OsvMirror();
  const records = ['bad', 'worse', hostileName].map((name, i): [string, Buffer] => {
    const ranges = [{ type: 'SEMVER', events: [{ introduced: '0' }] }];
    const affected = [{ package: { ecosystem: 'npm', name }, ranges }];
    const severity = [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }];
    const times = { modified: '2025-01-01T00:00:00Z', published: '2025-01-01T00:00:00Z' };
    const record = { id: `X-${i}`, ...times, severity, affected, summary: 'a\n::warning::b' };
    return [record.id, Buffer.from(JSON.stringify(record))];
  });
  mirror.offer('npm', new Map(records));
  return mirror;
}

/** What a run of the program ended with. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What a runner would take for commands. */
  readonly commands: readonly string[];
}

/** A working folder below `root`, with what the build has left. */
export function workspace(root: string, image?: Buffer): string {
  const folder = mkdtempSync(join(root, 'w-'));
  if (image) writeFileSync(join(folder, 'shop.tar'), image);
  return folder;
}

/** Runs the built program in a working folder, with the variables that a CI system sets. */
export function runIn(folder: string, env: Readonly<Record<string, string>>, args: readonly string[]): Promise<Ended> {
  const given = { PATH: process.env.PATH ?? '', HOME: folder, ...env };
  return new Promise((done) => {
    execFile(process.execPath, [bin, ...args], { cwd: folder, env: given }, (error, stdout, stderr) => {
      const lines = `${stdout}\n${stderr}`.split('\n');
      const commands = lines.filter((line) => line.trimStart().startsWith('::') || /##(?:vso)?\[/.test(line));
      done({ code: error ? Number(error.code) : 0, stdout, stderr, commands });
    });
  });
}
