// npm run bench -- --precision: searches widely used packages for secrets, and prints each one that is told.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundled } from '../scripts/bundled.mjs';
import { npmPackages, pypiPackages } from './precision-packages.mjs';

/** Fewer than one finding in so many packages is what the rules are held to. */
const packagesAFinding = 50;
/** Longer files than any source code, which only programs read: bytes. */
const longestFile = 64 * 1024 * 1024;

const usage = `Usage: node bench/precision.mjs [--folder DIR]

Installs widely used packages of npm and PyPI with what they need into a temporary folder (or DIR, which is kept and used
again), without running anything of them, searches all of their text for secrets, and prints what is told. Nothing of them
is kept elsewhere. docs/precision.md judges each finding. npm and pip must be there: about two gigabytes are fetched.
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) await precision(process.argv.slice(2));

/** Runs the bench; the exit code is 1 when more is told than may be. */
export async function precision(args) {
  if (args.includes('--help')) return void process.stdout.write(usage);
  const at = args.indexOf('--folder');
  const folder = at >= 0 ? args[at + 1] : join(tmpdir(), 'sluice-precision');
  mkdirSync(folder, { recursive: true });
  install(folder);
  const scanner = await openScanner();
  const start = process.cpuUsage();
  const total = searchFolder(scanner, folder);
  const { user, system } = process.cpuUsage(start);
  const packages = countPackages(folder);
  for (const line of total.found) console.log(line);
  const allowed = Math.floor(packages / packagesAFinding);
  console.log(
    `${total.found.length} findings in ${packages} packages (${total.files} files, ${Math.round(total.bytes / 1e6)} MB, ` +
      `${((user + system) / 1e6).toFixed(1)} s of CPU); fewer than ${allowed} are wanted`,
  );
  if (total.found.length >= allowed) process.exitCode = 1;
}

function install(folder) {
  const marker = join(folder, '.complete');
  if (existsSync(marker)) return;
  const manifest = { name: 'precision', version: '1.0.0', private: true, dependencies: npmPackages };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--force'], folder);
  const pip = ['install', '--quiet', '--no-compile', '--only-binary=:all:', '--target', join(folder, 'site-packages')];
  run('pip3', [...pip, ...pypiPackages], folder);
  writeFileSync(marker, '');
}

function run(command, args, cwd) {
  const { status, error, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (error) throw new Error(`${command}: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${stderr.trim().split('\n').at(-1)?.slice(0, 200)}`);
}

async function openScanner() {
  const contents = [
    `export { openScanner } from './src/detect/secrets/scanner.ts';`,
    `export { secretRules } from './src/detect/secrets/rules.gen.ts';`,
  ].join('\n');
  const tools = await bundled({ stdin: { contents, resolveDir: fileURLToPath(new URL('..', import.meta.url)) } });
  return tools.openScanner([tools.secretRules]);
}

/** Searches all plain files below a folder. */
function searchFolder(scanner, root) {
  const total = { files: 0, bytes: 0, found: [] };
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) searchFile(scanner, root, path, total);
    }
  }
  total.found.sort();
  return total;
}

function searchFile(scanner, root, path, total) {
  const { size } = statSync(join(root, path));
  const reader = size > longestFile ? undefined : scanner.open(path, size);
  if (reader === undefined) return;
  const bytes = readFileSync(join(root, path));
  total.files++;
  total.bytes += bytes.length;
  reader.write(bytes);
  for (const { rule, line, shown, score, notes } of reader.end().matches) {
    total.found.push(`${path}:${line} ${rule} ${shown} ${score} ${notes.join('; ')}`.trimEnd());
  }
}

/** Packages by what their managers write into each one's folder. */
function countPackages(folder) {
  const lock = JSON.parse(readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8'));
  const wheels = readdirSync(join(folder, 'site-packages')).filter((name) => name.endsWith('.dist-info'));
  return Object.keys(lock.packages).length + wheels.length;
}
