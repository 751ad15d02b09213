import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Change, FixPlan } from '../../../src/match/fix/contract.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import { changeBase } from '../../../src/pipeline/fix/dockerfile-edits.ts';
import type { FixOptions } from '../../../src/pipeline/fix/fix-target.ts';
import { SourceFolder } from '../../../src/pipeline/fix/source-folder.ts';
import { SluiceError } from '../../../src/util/error.ts';
import { scratchFolder } from '../../support/cli.ts';
import { archiveOf, buildImage, ociFiles } from '../../support/image-writer.ts';
import { file, tar } from '../../support/tar-writer.ts';
import { buildZip } from '../../support/zip.ts';
import { fix, flaw, patched, writeFiles } from './make.ts';

const scratch = scratchFolder();
let number = 0;

/** Debian packages, as `name version [source [source version]]`. */
const dpkg = (...lines: readonly string[]): string =>
  lines
    .map((line) => {
      const [name, version, source, sourceVersion] = line.split(' ');
      const of = source === undefined ? '' : `Source: ${source}${sourceVersion ? ` (${sourceVersion})` : ''}\n`;
      return `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\n${of}Version: ${version}\n`;
    })
    .join('\n');

const release = (version: string): Buffer =>
  file('etc/os-release', `ID=debian\nVERSION_ID="${version}"\nPRETTY_NAME="Debian ${version}"\n`);
const status = (...lines: readonly string[]): Buffer => file('var/lib/dpkg/status', dpkg(...lines));
const npm = (place: string, name: string, version: string): Buffer =>
  file(`${place}/node_modules/${name}/package.json`, JSON.stringify({ name, version }));

const jarOf = (groupId: string, artifactId: string, version: string): Buffer =>
  buildZip([
    {
      name: `META-INF/maven/${groupId}/${artifactId}/pom.properties`,
      body: `groupId=${groupId}\nartifactId=${artifactId}\nversion=${version}\n`,
    },
  ]);

/** An image archive whose first layer is the base's; `user` is whom it runs as. */
function image(layers: readonly (readonly Buffer[])[], user = '') {
  return imageRun(layers, 'layer', { user, own: [] });
}

/** The same, with more lines at the end of its history. */
function imageRun(
  layers: readonly (readonly Buffer[])[],
  line: string,
  { user, own }: { readonly user: string; readonly own: readonly object[] },
) {
  const history = layers.flatMap((_, at) => [
    { created_by: `${line} ${at}` },
    ...(at === 0 ? [{ created_by: 'CMD ["sh"]', empty_layer: true }] : []),
  ]);
  const built = buildImage({
    layers: layers.map((entries) => ({ tar: tar(...entries) })),
    config: { config: { User: user }, history: [...history, ...own] },
  });
  const path = join(scratch, `${number++}.tar`);
  writeFileSync(path, archiveOf(ociFiles(built)));
  return { kind: 'archive', path } as const;
}

function sources(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(scratch, 'source-'));
  writeFiles(folder, files);
  return folder;
}

async function planOf(target: ReturnType<typeof image>, records: readonly object[], more?: Partial<FixOptions>) {
  return (await fix(target, records, more)).plan;
}

/** The changes, in one line each. */
function told({ changes }: FixPlan): string[] {
  return changes.map(({ what, ends, brings }: Change) => {
    const name = what.kind === 'base' ? 'base' : what.name;
    return `${name} ${what.from} -> ${what.to}: ends ${ends.map(({ id }) => id)}, brings ${brings.map(({ id }) => id)}`;
  });
}

const openssl = flaw('CVE-2023-1', 'Debian:12', 'openssl', [['0', '3.0.9-2']]);
const debian12 = [release('12'), status('apt 2.6.1', 'libssl3 3.0.9-1 openssl', 'openssl 3.0.9-1', 'bash 5.2')];

describe('packages of a distribution', () => {
  test('are moved by their source package, whose binary packages go together', async () => {
    const plan = await planOf(image([debian12]), [openssl]);
    expect(told(plan)).toEqual(['openssl 3.0.9-1 -> 3.0.9-2: ends CVE-2023-1,CVE-2023-1, brings ']);
    expect(plan.changes[0]).toMatchObject({
      what: { packages: ['libssl3', 'openssl'], distribution: true, leavesMajor: false, place: '' },
      commands: [
        'apt-get update && apt-get install -y --no-install-recommends --only-upgrade libssl3 openssl && rm -rf /var/lib/apt/lists/*',
      ],
      files: [],
    });
    expect(plan).toMatchObject({ outcome: 'green', remains: [], others: 0 });
  });

  test('are moved by the version of the source, also where the binary package was built anew', async () => {
    const target = image([[release('12'), status('apt 2.6.1', 'libx 1:2-1+b1 x 2-1')]]);
    const records = [flaw('CVE-2023-2', 'Debian:12', 'x', [['0', '2-2']])];
    expect(told(await planOf(target, records))).toEqual(['x 2-1 -> 2-2: ends CVE-2023-2, brings ']);
  });

  test('stay where there is no package manager, or no fix, and it is said which', async () => {
    const target = image([[release('12'), status('libssl3 3.0.9-1 openssl', 'zlib1g 1.2 zlib')]]);
    const plan = await planOf(target, [openssl, flaw('CVE-2023-3', 'Debian:12', 'zlib', [['0']])]);
    expect(plan.changes).toEqual([]);
    expect(plan.outcome).toBe('stop');
    expect(plan.remains.map(({ id, because, fixed }) => [id, because, fixed])).toEqual([
      ['CVE-2023-1', 'no-package-manager', ['3.0.9-2']],
      ['CVE-2023-3', 'no-fix', []],
    ]);
  });

  test('answer for the files that they own as before', async () => {
    const metadata = file(
      'usr/lib/python3/dist-packages/jinja2-3.1.2.dist-info/METADATA',
      'Name: Jinja2\nVersion: 3.1.2\n',
    );
    const owned = file(
      'var/lib/dpkg/info/python3-jinja2.list',
      '/usr/lib/python3/dist-packages/jinja2-3.1.2.dist-info/METADATA\n',
    );
    const here = status('apt 2.6.1', 'python3-jinja2 3.1.2-1 jinja2');
    const records = [
      flaw('CVE-2024-1', 'PyPI', 'jinja2', [['0', '3.1.3']]),
      flaw('CVE-2024-1', 'Debian:12', 'jinja2', [['0', '3.1.2-1+deb12u1']]),
    ];
    const plan = await planOf(image([[release('12'), here, metadata, owned]]), records);
    expect(told(plan)).toEqual(['jinja2 3.1.2-1 -> 3.1.2-1+deb12u1: ends CVE-2024-1, brings ']);
    expect(plan).toMatchObject({ outcome: 'green', after: { decision: 'pass' }, remains: [] });
  });

  test('are updated behind the FROM of the last stage, as root', async () => {
    const files = {
      Dockerfile: 'FROM golang:1.22 AS build\nRUN go build\n\nFROM debian:12\nCOPY --from=build /a /a\n',
    };
    const plan = await planOf(image([debian12], 'app'), [openssl], { source: sources(files) });
    expect(plan.changes[0]).toMatchObject({ files: ['Dockerfile'], commands: [], notes: [] });
    expect(patched(files, plan.patches).Dockerfile).toBe(`FROM golang:1.22 AS build
RUN go build

FROM debian:12
USER root
RUN apt-get update \\
    && apt-get install -y --no-install-recommends --only-upgrade libssl3 openssl \\
    && rm -rf /var/lib/apt/lists/*
USER app
COPY --from=build /a /a
`);
  });
});

describe('versions', () => {
  const app = image([[file('bin/sh')], [npm('app', 'x', '1.2.0')]]);
  const of = (...pairs: readonly (readonly [string, string?])[]) => flaw('CVE-1', 'npm', 'x', pairs);

  test('stay within the major version where one there ends it', async () => {
    const records = [of(['0', '1.4.0'], ['2.0.0', '2.1.0'])];
    expect(told(await planOf(app, records))).toEqual(['x 1.2.0 -> 1.4.0: ends CVE-1, brings ']);
  });

  test('leave it where none there does, and it is said that this may break something', async () => {
    const plan = await planOf(app, [of(['0', '1.4.0']), flaw('CVE-2', 'npm', 'x', [['0', '3.0.0']])]);
    expect(told(plan)).toEqual(['x 1.2.0 -> 3.0.0: ends CVE-1,CVE-2, brings ']);
    expect(plan.changes[0]?.what).toMatchObject({ leavesMajor: true });
  });

  test('go past a fix that has a flaw of its own', async () => {
    const plan = await planOf(app, [of(['0', '1.4.0']), flaw('CVE-3', 'npm', 'x', [['1.3.0', '1.5.0']])]);
    expect(told(plan)).toEqual(['x 1.2.0 -> 1.5.0: ends CVE-1, brings ']);
    expect(plan.outcome).toBe('green');
  });

  test('may bring a flaw that does not stop the gate, and that is said', async () => {
    const plan = await planOf(app, [of(['0', '1.4.0']), flaw('CVE-4', 'npm', 'x', [['1.3.0']], 'LOW')]);
    expect(told(plan)).toEqual(['x 1.2.0 -> 1.4.0: ends CVE-1, brings CVE-4']);
    expect(plan).toMatchObject({ outcome: 'green', after: { decision: 'warn' }, others: 1 });
  });

  test('are none where every fix is as bad', async () => {
    const plan = await planOf(app, [of(['0', '1.4.0']), flaw('CVE-3', 'npm', 'x', [['1.3.0']])]);
    expect(plan.changes).toEqual([]);
    expect(plan.remains.map(({ id, because }) => [id, because])).toEqual([['CVE-1', 'no-clearing-version']]);
  });

  test('are left alone where nothing stops the gate', async () => {
    const plan = await planOf(app, [flaw('CVE-1', 'npm', 'x', [['0', '1.4.0']], 'MEDIUM')]);
    expect(plan).toMatchObject({ outcome: 'green', changes: [], others: 1, before: { decision: 'warn' } });
  });

  test('are changed in each place, and only where they stop the gate', async () => {
    const target = image([debian12, [npm('a', 'x', '1.2.0'), npm('b', 'x', '1.2.0'), npm('b', 'y', '1.0.0')]]);
    const records = [of(['0', '1.4.0']), flaw('CVE-5', 'npm', 'y', [['0', '2.0.0']], 'LOW')];
    const plan = await planOf(target, records);
    expect(plan.changes.map(({ what }) => (what.kind === 'package' ? `${what.name} ${what.place}` : ''))).toEqual([
      'x /a',
      'x /b',
    ]);
  });

  test('of Go are written as Go writes them', async () => {
    const files = { 'go.mod': 'module m\nrequire example.com/x v1.2.0+incompatible\n' };
    const records = [flaw('CVE-6', 'Go', 'example.com/x', [['0', '1.4.0']])];
    const { plan } = await fix({ kind: 'source', path: sources(files) }, records);
    expect(patched(files, plan.patches)['go.mod']).toBe('module m\nrequire example.com/x v1.4.0+incompatible\n');
  });
});

test('more flaws than a reason names are counted all the same', async () => {
  const names = Array.from({ length: 1100 }, (_, at) => `x${at}`);
  const target = image([[file('bin/sh')], names.map((name) => npm('app', name, '1.0.0'))]);
  const records = names.map((name, at) => flaw(`CVE-${at}`, 'npm', name, [['0', '1.0.1']]));
  const { changes, outcome } = await planOf(target, records);
  expect([changes.length, outcome]).toEqual([1100, 'green']);
});

describe('the base image', () => {
  const records = [
    openssl,
    flaw('CVE-7', 'npm', 'npm-lib', [['0', '2.0.0']]),
    flaw('CVE-8', 'npm', 'x', [['0', '2.0.0']]),
  ];
  const old = [release('12'), status('libssl3 3.0.9-1 openssl'), npm('usr/lib', 'npm-lib', '1.0.0')];
  const app = [npm('app', 'x', '2.0.0')];
  const target = image([old, app]);
  const candidate = image([[release('12'), status('libssl3 3.0.9-2 openssl'), npm('usr/lib', 'npm-lib', '2.0.0')]]);

  test('alone can end what it brings', async () => {
    const plan = await planOf(target, records);
    expect(plan.changes).toEqual([]);
    expect(plan.remains.map(({ id, because }) => [id, because])).toEqual([
      ['CVE-2023-1', 'no-package-manager'],
      ['CVE-7', 'base-image'],
    ]);
  });

  test('is replaced by a candidate that ends it', async () => {
    const plan = await planOf(target, records, { candidates: [{ target: candidate, name: 'debian:12.5' }] });
    expect(told(plan)).toEqual(['base  -> debian:12.5: ends CVE-2023-1,CVE-7, brings ']);
    expect(plan).toMatchObject({ outcome: 'green', remains: [] });
    expect(plan.changes[0]?.notes).toEqual([
      'debian:12.5 is no reference: push it, and name it in the FROM of the Dockerfile',
    ]);
  });

  test('is replaced in the Dockerfile by what the candidate is pulled by', () => {
    const base = { kind: 'base', from: '', to: 'debian:12.5', digest: `sha256:${'ab'.repeat(32)}` } as const;
    const edited = (text: string, reference: string) => {
      const folder = new SourceFolder(sources({ Dockerfile: text }));
      const made = changeBase({ folder, path: 'Dockerfile' }, base, reference);
      return [folder.text('Dockerfile'), made.files];
    };
    expect(edited('FROM debian:11\n', 'debian:12.5')).toEqual(['FROM debian:12.5\n', ['Dockerfile']]);
    // What was named by its content is named by its content again.
    expect(edited('FROM debian@sha256:00\n', 'debian:12.5')).toEqual([
      `FROM debian:12.5@${base.digest}\n`,
      ['Dockerfile'],
    ]);
    expect(edited('FROM scratch\n', 'debian:12.5')).toEqual(['FROM scratch\n', []]);
    expect(changeBase(undefined, base, 'debian:12.5').notes).toEqual(['in the Dockerfile: FROM debian:12.5']);
  });

  test('is replaced by the one of several that leaves least', async () => {
    const half = image([[release('12'), status('libssl3 3.0.9-2 openssl'), npm('usr/lib', 'npm-lib', '1.5.0')]]);
    const candidates = [half, candidate].map((one, at) => ({ target: one, name: `candidate-${at}` }));
    expect(told(await planOf(target, records, { candidates }))[0]).toContain('candidate-1');
  });

  test('stays where updates of fewer parts end it all', async () => {
    const withApt = image([debian12, app]);
    const plan = await planOf(withApt, [openssl], { candidates: [{ target: candidate, name: 'other' }] });
    expect(told(plan)).toEqual(['openssl 3.0.9-1 -> 3.0.9-2: ends CVE-2023-1,CVE-2023-1, brings ']);
  });

  test('brings how it is run, but for what the image itself sets', async () => {
    const on = (user: string, own: readonly object[]): Parameters<typeof imageRun>[2] => ({ user, own });
    const plan = async (user: string, theirs: string, own: readonly object[]) => {
      const image = imageRun([old, app], 'c', on(user, own));
      const other = imageRun([[release('12'), status('libssl3 3.0.9-2 openssl')]], 'c', on(theirs, []));
      const gate = async () => (evidence: Evidence) => ({
        evidence,
        verdict:
          evidence.image?.user === 'app'
            ? { decision: 'pass' as const, reasons: [] }
            : { decision: 'stop' as const, reasons: [{ rule: 'root', decision: 'stop' as const, message: 'root' }] },
      });
      const { changes, outcome, notes } = await planOf(image, [], {
        gate,
        candidates: [{ target: other, name: 'other' }],
      });
      return [outcome, changes.length, notes];
    };
    expect(await plan('', 'app', [])).toEqual(['green', 1, []]);
    const rejected = ['other as the base is not better: with 1 change 1 reason to stop would remain'];
    expect(await plan('0', 'app', [{ created_by: 'USER 0', empty_layer: true }])).toEqual(['stop', 0, rejected]);
    expect(await plan('', '', [])).toEqual(['stop', 0, rejected]);
  });

  test('leaves it open where the image installs packages of another release', async () => {
    const own = image([old, [...app, status('libssl3 3.0.9-1 openssl', 'curl 7.88')]]);
    const newer = image([[release('13'), status('libssl3 3.5 openssl')]]);
    const plan = await planOf(own, [...records, flaw('CVE-9', 'Debian:13', 'a', [['0', '1']])], {
      candidates: [{ target: newer, name: 'debian:13' }],
    });
    expect(plan.outcome).toBe('undecided');
    expect(plan.changes[0]?.notes[1]).toBe(
      'the image installs packages that come from another release then, in versions that nobody knows yet: curl',
    );
  });

  test('must be known', async () => {
    const path = join(scratch, 'flat.tar');
    writeFileSync(path, archiveOf(ociFiles(buildImage({ layers: [{ tar: tar(...old) }] }))));
    const thrown = await fix({ kind: 'archive', path }, records, {
      candidates: [{ target: candidate, name: 'c' }],
    }).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(SluiceError);
    expect((thrown as SluiceError).code).toBe('fix/base-unknown');
  });
});

describe('the sources of an image', () => {
  const lock = (version: string): string =>
    JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/x': { version } } }, undefined, 2);
  const target = image([debian12, [npm('app', 'x', '1.2.0')]]);
  const records = [flaw('CVE-1', 'npm', 'x', [['0', '1.4.0']])];

  test('are patched where they name what is installed', async () => {
    const files = { 'web/package-lock.json': lock('1.2.0'), 'old/package-lock.json': lock('1.1.0') };
    const plan = await planOf(target, records, { source: sources(files) });
    expect(plan.patches.map(({ path }) => path)).toEqual(['web/package-lock.json']);
    expect(plan.changes[0]?.commands).toEqual(['(cd web && npm install)']);
    expect(patched(files, plan.patches)['web/package-lock.json']).toBe(lock('1.4.0'));
  });

  test('are patched where they name an older version, and left alone where they have the fix', async () => {
    const older = await planOf(target, records, { source: sources({ 'package-lock.json': lock('1.1.0') }) });
    expect(older.patches[0]?.text).toBe(lock('1.4.0'));
    const newer = await planOf(target, records, { source: sources({ 'package-lock.json': lock('1.5.0') }) });
    expect(newer.patches).toEqual([]);
    expect(newer.changes[0]?.notes).toEqual(['package-lock.json has x 1.5.0 already: build the image anew']);
  });

  test('of a Maven project manage what other dependencies bring', async () => {
    const jar = file('app/lib/commons-text-1.9.jar', jarOf('org.apache.commons', 'commons-text', '1.9'));
    const files = { 'pom.xml': '<project>\n    <groupId>a</groupId>\n</project>\n' };
    const flaws = [flaw('CVE-2', 'Maven', 'org.apache.commons:commons-text', [['0', '1.10.0']])];
    const plan = await planOf(image([debian12, [jar]]), flaws, { source: sources(files) });
    expect(patched(files, plan.patches)['pom.xml']).toBe(`<project>
    <groupId>a</groupId>
    <dependencyManagement>
        <dependencies>
            <dependency>
                <groupId>org.apache.commons</groupId>
                <artifactId>commons-text</artifactId>
                <version>1.10.0</version>
            </dependency>
        </dependencies>
    </dependencyManagement>
</project>
`);
  });

  test('are written only when asked, keep their mode, and no link is followed out of them', async () => {
    const folder = sources({ 'package-lock.json': lock('1.2.0') });
    const outside = sources({ 'package-lock.json': lock('1.2.0'), Dockerfile: 'FROM debian:12\n' });
    symlinkSync(outside, join(folder, 'linked'));
    symlinkSync(join(outside, 'Dockerfile'), join(folder, 'Dockerfile'));
    const both = [...records, openssl];
    const { plan, write } = await fix(target, both, { source: folder });
    expect(plan.patches.map(({ path }) => path)).toEqual(['package-lock.json']);
    expect(readFileSync(join(folder, 'package-lock.json'), 'utf8')).toBe(lock('1.2.0'));
    write();
    expect(readFileSync(join(folder, 'package-lock.json'), 'utf8')).toBe(lock('1.4.0'));
    expect(readFileSync(join(outside, 'package-lock.json'), 'utf8')).toBe(lock('1.2.0'));
    expect(readFileSync(join(outside, 'Dockerfile'), 'utf8')).toBe('FROM debian:12\n');
    // The file is no longer what the patch was made of.
    expect(() => write()).toThrow(/has changed while it was looked at/);
    await expect(fix(target, both, { source: folder, dockerfile: join(outside, 'Dockerfile') })).rejects.toThrow(
      'the Dockerfile is no file below the source folder',
    );
  });
});
