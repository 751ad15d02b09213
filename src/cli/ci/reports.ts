import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlatformId } from '../../pipeline/ci/platform.ts';
import { reports } from '../../report/list.gen.ts';
import { unwritable } from '../fleet-outputs.ts';

/** One report of a run: its format, and the name of its file in the folder of reports. */
interface NamedReport {
  readonly format: string;
  readonly file: string;
  /** Where it is written; absent: everywhere. */
  readonly only?: PlatformId;
  /** Under which name later steps get its path; absent: they do not. */
  readonly output?: string;
}

const named: readonly NamedReport[] = [
  { format: 'json', file: 'sluice.json', output: 'json' },
  { format: 'sarif', file: 'sluice.sarif', output: 'sarif' },
  { format: 'html', file: 'sluice.html', output: 'html' },
  { format: 'junit', file: 'junit.xml', output: 'junit' },
  { format: 'markdown@summary', file: 'summary.md', output: 'summary' },
  { format: 'markdown', file: 'comment.md' },
  { format: 'gitlab-container-scanning', file: 'gl-container-scanning-report.json', only: 'gitlab' },
  { format: 'gitlab-dependency-scanning', file: 'gl-dependency-scanning-report.json', only: 'gitlab' },
  { format: 'gitlab-secret-detection', file: 'gl-secret-detection-report.json', only: 'gitlab' },
  { format: 'gitlab-code-quality', file: 'gl-code-quality-report.json', only: 'gitlab' },
];

/** The file with the event of the run. */
export const eventFile = 'event.json';

/** The file with what later jobs get to know, as GitLab's `artifacts:reports:dotenv` reads it. */
export const dotenvFile = 'sluice.env';

function writtenOn(platform: PlatformId): NamedReport[] {
  const known = new Set(reports.map(({ id }) => id));
  return named.filter(
    ({ format, only }) => (only === undefined || only === platform) && known.has(format.split('@')[0] ?? ''),
  );
}

/** The reports of a run as `-o` takes them. */
export function reportOutputs(folder: string, platform: PlatformId): string[] {
  return writtenOn(platform).map(({ format, file }) => `${format}=${join(folder, file)}`);
}

/** The paths that later steps get, by name. */
export function reportPaths(folder: string, platform: PlatformId): [string, string][] {
  const paths = writtenOn(platform).flatMap(({ output, file }): [string, string][] =>
    output === undefined ? [] : [[output, join(folder, file)]],
  );
  return [['reports', folder], ...paths, ['event-file', join(folder, eventFile)]];
}

/**
 * Makes the folder and takes out what an earlier run has left: a run that fails must not hand on the reports of another.
 * @throws SluiceError `output/unwritable`
 */
export function emptyReports(folder: string): void {
  try {
    makeIgnored(folder);
    for (const file of [...named.map((report) => report.file), eventFile, dotenvFile])
      rmSync(join(folder, file), { force: true });
  } catch (thrown) {
    throw unwritable(folder, thrown);
  }
}

/** Makes a folder that neither git nor a search of the source tree takes for a part of the project. */
export function makeIgnored(folder: string): void {
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(join(folder, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
}
