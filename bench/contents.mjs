// What the bench's own image holds: real packages from the registries, installed into one folder a layer.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Installed by npm, which is there wherever Node is: the programs of a web server, and of a build. */
const web = {
  '@nestjs/core': '10.4.15',
  '@nestjs/common': '10.4.15',
  antd: '5.22.5',
  axios: '1.7.9',
  express: '4.21.2',
  lodash: '4.17.20',
  'react-dom': '18.3.1',
};
const build = {
  '@angular/cli': '15.2.11',
  eslint: '8.57.1',
  jest: '27.5.1',
  'react-scripts': '5.0.1',
  typescript: '4.9.5',
  webpack: '5.97.1',
  'webpack-cli': '5.1.4',
};
const base = ['base-files', 'bash', 'coreutils', 'apt', 'git', 'curl', 'python3', 'openssl'];
/** Programs that Go made, as npm packages carry them. */
const programs = { '@esbuild/linux-x64': '0.24.2', 'lefthook-linux-x64': '1.10.10', '@esbuild/linux-arm64': '0.19.12' };
/** Applications in one jar, with the libraries inside. */
const jars = { 'google-closure-compiler-java': '20240317.0.0', 'selenium-server': '3.141.59' };
const java = ['libtomcat9-java', 'libspring-web-java', 'libjackson2-databind-java', 'liblog4j2-java'];
const python = [
  'django==4.2.16',
  'flask==3.0.3',
  'sqlalchemy==2.0.36',
  'celery==5.4.0',
  'cryptography==43.0.3',
  'boto3==1.35.90',
  'numpy==1.26.4',
];

/**
 * The layers, bottom first: what makes each one's folder. `make` throws when a tool or registry is not there; then
 * the image has no such layer, and the table says so.
 */
const contents = [
  { name: 'debian-base', make: (folder, work) => installDebs(folder, work, base, []) },
  { name: 'debian-java', make: (folder, work) => installDebs(folder, work, java, base) },
  { name: 'python', make: (folder) => installWheels(join(folder, 'usr/local/lib/python3.11/site-packages')) },
  { name: 'node-web', make: (folder) => installModules(join(folder, 'srv/web'), web) },
  { name: 'node-build', make: (folder) => installModules(join(folder, 'srv/build'), build) },
  { name: 'go-programs', make: (folder) => installModules(join(folder, 'opt/tools'), programs) },
  { name: 'fat-jars', make: (folder) => installModules(join(folder, 'opt/java'), jars) },
  { name: 'application', make: (folder) => copyLocks(folder) },
];

/** Raised when a layer's contents change: then earlier images are made anew. */
export const contentsRevision = 4;

function run(command, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    timeout: 15 * 60 * 1000,
    ...options,
  });
  if (error) throw new Error(error.code === 'ENOENT' ? `there is no ${command}` : `${command}: ${error.message}`);
  if (status === 0) return stdout;
  throw new Error(`${command} ${args[0]} failed: ${stderr.trim().split('\n').at(-1)?.slice(0, 200)}`);
}

function installModules(folder, dependencies) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify({ name: 'bench', version: '1.0.0', private: true, dependencies }, null, 2)}\n`,
  );
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  run(npm, ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--force'], {
    cwd: folder,
    shell: process.platform === 'win32',
  });
}

/** A layer of a few small files, as the last ones of most images are. */
function copyLocks(folder) {
  for (const name of ['web', 'build']) {
    const to = join(folder, 'app', name);
    mkdirSync(to, { recursive: true });
    const from = join(folder, '..', `node-${name}`, 'srv', name);
    for (const file of ['package.json', 'package-lock.json']) cpSync(join(from, file), join(to, file));
  }
}

function installWheels(folder) {
  const pip = existsSync('/usr/bin/pip3') ? '/usr/bin/pip3' : 'pip3';
  run(pip, ['install', '--quiet', '--no-compile', '--only-binary=:all:', '--target', folder, ...python]);
}

/** Downloads Debian packages with all that they depend on and unpacks them: no root rights, no script of theirs is run. */
function installDebs(folder, work, names, below) {
  const cache = join(work, 'debs');
  mkdirSync(join(cache, 'partial'), { recursive: true });
  const known = filesOf(cache, below);
  const wanted = filesOf(cache, [...below, ...names]);
  const options = aptOptions(cache);
  run('apt-get', [
    ...options,
    '-qq',
    '-y',
    '--download-only',
    '--no-install-recommends',
    'install',
    ...below,
    ...names,
  ]);
  mkdirSync(join(folder, 'var/lib/dpkg'), { recursive: true });
  let status = '';
  for (const file of wanted) {
    const path = join(cache, file);
    const control = run('dpkg-deb', ['-f', path]);
    status += `${control.replace('\n', '\nStatus: install ok installed\n')}\n`;
    if (!known.includes(file)) run('dpkg-deb', ['-x', path, folder]);
  }
  writeFileSync(join(folder, 'var/lib/dpkg/status'), status);
}

/** An empty dpkg status makes apt resolve as for an empty machine. */
function aptOptions(cache) {
  const status = join(cache, '..', 'empty-status');
  writeFileSync(status, '');
  return [
    '-o',
    `Dir::State::status=${status}`,
    '-o',
    `Dir::Cache::archives=${cache}/`,
    '-o',
    'Debug::NoLocking=1',
    '-o',
    'APT::Sandbox::User=',
  ];
}

/** The files that apt would download. */
function filesOf(cache, names) {
  if (names.length === 0) return [];
  // In another folder, for what is downloaded already is not named.
  const none = join(cache, '..', 'no-debs');
  mkdirSync(join(none, 'partial'), { recursive: true });
  const text = run('apt-get', [
    ...aptOptions(none),
    '-qq',
    '-y',
    '--print-uris',
    '--no-install-recommends',
    'install',
    ...names,
  ]);
  return [...text.matchAll(/^'[^']+' (\S+\.deb) \d+ /gm)].map((match) => match[1]).sort();
}

/** Makes the folders of all layers and returns those that could be made; tells the others by `skipped`. */
export function makeContents(work, say, skipped) {
  const made = [];
  for (const { name, make } of contents) {
    const folder = join(work, 'layers', name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    say(`installing ${name}`);
    try {
      make(folder, work);
      if (readdirSync(folder).length > 0) made.push({ name, folder });
    } catch (thrown) {
      skipped.push(`layer ${name}: ${thrown.message}`);
    }
  }
  return made;
}
