import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratchFolder } from '../support/cli.ts';
import { hasShared } from '../support/shared.ts';
import { gateTests } from './gate-tests.ts';
import { fileText, hostileName, root, run, workFolder } from './workspace.ts';

/** Where Groovy is, if it is: in its own home, or where Debian puts it, whose version is the one that Jenkins has. */
function groovyJars(): string | undefined {
  const folders = [process.env.GROOVY_HOME, '/usr/share/groovy'];
  for (const folder of folders.flatMap((home) => (home ? [join(home, 'lib')] : []))) {
    const jar = existsSync(folder) && readdirSync(folder).find((name) => /^groovy-\d[\d.]*\.jar$/.test(name));
    if (jar) return join(folder, jar);
  }
  return undefined;
}

const jar = groovyJars();
const java = 'java';
const hasJava = spawnSync(java, ['-version']).status === 0;
const lacking = jar !== undefined && hasJava ? undefined : 'needs Java and Groovy';
const step = join(root, 'ci', 'jenkins', 'vars', 'sluiceScan.groovy');
const source = fileText('ci/jenkins/vars/sluiceScan.groovy');

/** Plays the step in the working folder; Jenkins itself is played by a script in its own language. */
function play(base: string, settings: Readonly<Record<string, string>>) {
  const pairs = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const jenkins = join(import.meta.dirname, 'jenkins.groovy');
  const program = [java, '-XX:TieredStopAtLevel=1', '-cp', jar ?? '', 'groovy.ui.GroovyMain'];
  return run([...program, jenkins, step, join(base, 'work'), ...pairs], {}, base);
}

describe('the step for Jenkins', () => {
  test('runs scripts that are constants', () => {
    const scripts = [...source.matchAll(/\bsh\(.*?script: (.*?)(?:, returnStatus: true)?\)$/gm)].map(
      ([, script]) => script,
    );
    expect(scripts).toEqual(["libraryResource('sluice/install.sh')", "'PATH=$SLUICE_BIN:$PATH sluice ci'"]);
    expect(fileText('ci/jenkins/resources/sluice/install.sh')).toBe(fileText('ci/install.sh'));
  });

  test('comes with a Jenkinsfile that calls it, in a time that ends', () => {
    expect(fileText('ci/jenkins/Jenkinsfile')).toMatch(
      /options \{ timeout\([^)]+\) \}[\s\S]*\n {8}sluiceScan image: 'my-app\.tar'\n/,
    );
  });

  test.skipIf(lacking !== undefined)(
    'knows its settings, and takes no misspelt one (needs Java and Groovy)',
    async () => {
      const { code, stdout } = await play(scratchFolder(), { failon: 'never' });
      expect([code, stdout.replace(/there are .*/, 'there are …')]).toEqual([
        9,
        'error sluiceScan knows no failon: there are …\n',
      ]);
    },
  );

  test.skipIf(lacking !== undefined || !hasShared)(
    'leaves it to the caller what a stop means, if he wants that (needs Java and Groovy)',
    async () => {
      const base = scratchFolder();
      workFolder(base, 'bad-practice.oci.tar', hostileName);
      const settings = { image: hostileName, offline: 'true', install: root, enforce: 'false', cacheDir: '.cache' };
      const { code, stdout } = await play(base, settings);
      expect([
        code,
        stdout.split('\n').filter((line) => /^(?:timeout|junit|archive|result|error) /.test(line)),
      ]).toEqual([
        0,
        [
          'timeout 15 MINUTES',
          'junit sluice-reports/junit.xml true',
          'archive sluice-reports/** true',
          'result 2 stop sluice-reports',
        ],
      ]);
    },
  );
});

gateTests({
  title: 'the step for Jenkins',
  lacking,
  cacheDir: (base) => `${base}/work/.sluice-cache`,
  async play(base, { image, failOn = '', mirror = '' }) {
    const settings = {
      image,
      failOn,
      mirror,
      offline: String(mirror === ''),
      install: root,
      cacheDir: '.sluice-cache',
    };
    const ended = await play(base, settings);
    const said = /^(?:result (\d)|error sluice: (.*))/m.exec(ended.stdout);
    const reasons: [RegExp, number][] = [
      [/^the gate says stop/, 2],
      [/^undecided/, 3],
      [/^the work could not be done \(exit code 1\)/, 1],
    ];
    const code =
      said?.[2] === undefined ? Number(said?.[1]) : reasons.find(([words]) => words.test(said[2] ?? ''))?.[1];
    return { ...ended, code: code ?? null };
  },
});
