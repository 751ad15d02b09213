import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratchFolder } from '../support/cli.ts';
import { hasShared, shared } from '../support/shared.ts';
import { allReports, type Ended, hostileName, reportsIn, workFolder } from './workspace.ts';

/** What a job asks of the template, by the names that all of them share. */
export interface Asked {
  readonly image: string;
  readonly failOn?: 'never';
  /** Where data comes from; without one the run is offline and has none. */
  readonly mirror?: string;
}

/** A CI system as far as a test can play it. */
export interface System {
  readonly title: string;
  /** What the template has its system keep from run to run; the working folder is `<base>/work`. */
  cacheDir(base: string): string;
  /** Runs all steps in the working folder and tells how the one that judges has ended. */
  play(base: string, asked: Asked): Promise<Ended & { readonly verdict?: string | undefined }>;
  /** Why it can't be played on this machine. */
  readonly lacking?: string | undefined;
}

/** Plays a template on real images: what it ends with, what it leaves, and that a name never becomes a command. */
export function gateTests(system: System): void {
  const away = hasShared && system.lacking === undefined;
  const why = system.lacking === undefined ? '' : ` (${system.lacking})`;

  describe.skipIf(!away)(`${system.title} runs on a real image${why}`, () => {
    const below = scratchFolder();

    async function played(name: string, image: string, asked: Asked) {
      const base = join(below, name);
      const folder = workFolder(base, image, hostileName);
      const ended = await system.play(base, asked);
      const { files, verdict } = reportsIn(join(folder, 'sluice-reports'));
      const commandsRun = existsSync(join(folder, 'owned')) || existsSync(join(folder, 'owned.tar'));
      const kept = existsSync(join(system.cacheDir(base), 'db'));
      return { came: { code: ended.code, told: ended.verdict ?? verdict, verdict, files, commandsRun, kept }, ended };
    }

    const whole = { files: allReports, commandsRun: false };

    test('stops at a bad image, whose name is no command', async () => {
      const { came, ended } = await played('stop', 'bad-practice.oci.tar', { image: hostileName });
      expect(came, ended.stderr).toEqual({ ...whole, code: 2, told: 'stop', verdict: 'stop', kept: false });
    });

    test('is undecided, and fails, without data', async () => {
      const asked: Asked = { image: hostileName, failOn: 'never' };
      const { came, ended } = await played('undecided', 'alpine-3.18.oci.tar', asked);
      expect(came, ended.stderr).toEqual({ ...whole, code: 3, told: 'undecided', verdict: 'undecided', kept: false });
    });

    test('lets an image pass with data from a mirror, which is kept for the next run', async () => {
      const asked: Asked = { image: hostileName, failOn: 'never', mirror: shared('osv') };
      const { came, ended } = await played('pass', 'alpine-3.18.oci.tar', asked);
      expect(came, ended.stderr).toEqual({ ...whole, code: 0, told: 'warn', verdict: 'warn', kept: true });
    });

    test('fails where there is nothing to scan', async () => {
      const { came, ended } = await played('none', 'alpine-3.18.oci.tar', { image: 'absent.tar' });
      expect([came.code, came.verdict], ended.stderr).toEqual([1, null]);
    });
  });
}
