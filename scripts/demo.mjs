// npm run demo: sets everything up, makes a real image on the spot, and shows how the gate stops it. Ends with 0 when
// it did, and with 1 when it did not. Needs Node, npm and the npm registry; leaves nothing behind.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appLayers, dependencies, installApp } from './demo/app.mjs';
import { RunError, run } from './demo/run.mjs';
import { makeImage } from './oci/image.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sluice-demo-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const image = join(folder, 'shop.oci.tar');
const scanArgs = ['scan', 'shop.oci.tar', '--offline', '--cache-dir', join(folder, 'cache')];

try {
  setUp();
  buildImage();
  const first = scanForMachines();
  const second = scanForPeople();
  process.exitCode = sum(first, second);
} catch (thrown) {
  process.exitCode = explain(thrown);
}

function setUp() {
  caption('Setting up: the locked dependencies, then the build.');
  run('node', ['scripts/ensure.mjs'], { cwd: root });
  run('node', ['scripts/build.mjs'], { cwd: root });
}

function buildImage() {
  const named = Object.entries(dependencies).map(([name, version]) => `${name}@${version}`);
  caption(`Making an image: a small Node shop whose ${named.join(', ')} come from the npm registry, years old.`);
  const app = join(folder, 'app');
  installApp(app);
  const bytes = makeImage('shop:1.0.0', appLayers(app), { WorkingDir: '/app', Cmd: ['node', 'server.js'] });
  writeFileSync(image, bytes);
  console.log(`shop.oci.tar: 2 layers, ${(statSync(image).size / 1024 / 1024).toFixed(1)} MB, made without Docker`);
}

/** The first scan reads every layer; its report is a file. */
function scanForMachines() {
  caption('Scanning it for a machine: the report goes to a file, nothing to the terminal.');
  const { status, seconds } = scan('-q', '-o', 'json=report.json');
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  const { packages, findings, verdict } = report;
  console.log(`report.json: ${packages.length} packages, ${findings.length} findings, decision: ${verdict.decision}`);
  return { status, seconds, report };
}

/** The second scan knows the layers from the cache. */
function scanForPeople() {
  caption('Scanning it again for a person: the layers are known by their digest and not read again.');
  const { status, seconds } = scan();
  return { status, seconds };
}

/** Runs sluice as a user does, with the terminal as its output. */
function scan(...more) {
  const args = [...scanArgs, ...more];
  console.log(`$ sluice ${args.join(' ').replaceAll(folder, '$TMP')}`);
  // Settings of the user's own could let the image pass.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SLUICE_')));
  const started = performance.now();
  const { status, error } = spawnSync(process.execPath, [join(root, 'bin/sluice.mjs'), ...args], {
    cwd: folder,
    env,
    stdio: 'inherit',
  });
  if (error) throw error;
  // Stopped from outside, by Ctrl-C most likely: that proves nothing about the gate.
  if (status === null) process.exit(1);
  return { status, seconds: (performance.now() - started) / 1000 };
}

function sum(first, second) {
  console.log();
  if (first.status !== 2 || second.status !== 2) {
    console.log(
      `The gate should have stopped this image with exit code 2, and ended with ${first.status} and ${second.status}.`,
    );
    return 1;
  }
  console.log('exit code 2: a CI job stops here');
  console.log(`what fixes it: npm install ${fixes(first.report.findings).join(' ')}`);
  console.log(
    `time: ${first.seconds.toFixed(2)} s for the first scan, ${second.seconds.toFixed(2)} s with the layers known`,
  );
  console.log(
    'next: sluice db update fetches the real data; the demo used the built-in starter set alone (see README.md)',
  );
  return 0;
}

/** `name@version` for each of the application's own dependencies: the oldest version that clears all its findings. */
function fixes(findings) {
  return Object.keys(dependencies).flatMap((name) => {
    const needed = findings
      .filter((finding) => finding.name === name && finding.fixed.length > 0)
      .map((finding) => finding.fixed[0]);
    const newest = needed.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
    return newest === undefined ? [] : [`${name}@${newest}`];
  });
}

function explain(thrown) {
  if (!(thrown instanceof RunError)) throw thrown;
  console.error(`\nThe demo could not be set up: ${thrown.message}.`);
  if (/ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|ENOTCACHED|\bE[45]\d\d\b|network/i.test(thrown.output)) {
    console.error(
      'It needs the npm registry, once for its own dependencies and once for the image. Is there a network, and does',
    );
    console.error('`npm ping` answer?');
  }
  console.error(`\n${thrown.output.trim().split('\n').slice(-12).join('\n')}`);
  return 1;
}

function caption(text) {
  const bold = process.stdout.isTTY && !process.env.NO_COLOR;
  console.log(bold ? `\n\x1b[1m# ${text}\x1b[0m` : `\n# ${text}`);
}
