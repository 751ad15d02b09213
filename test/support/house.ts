import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lines of a source file above which it does more than one thing. */
const mostLines = 300;

const sourceFile = /^(?:src|scripts|bench|bin)\/.*\.(?:ts|mjs|cjs)$/;
// Spelled so that this file does not find itself.
const unfinished = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);
const machinePath =
  /(?<![\w.$}\]])\/(?:work|root|home\/[a-z][\w-]*|Users\/\w+|mnt|private\/tmp)\/[\w.]|\b[A-Z]:\\Users\\/;

/** Hosts that a reader could take for a service that sluice needs, or that tell where it was made. */
const registryHost = new RegExp(
  `(?<![\\w.-])(?:[\\w-]+\\.)*(?:${[
    'docker\\.io',
    'registry\\.npmjs\\.org',
    'registry\\.yarnpkg\\.com',
    'pypi\\.org',
    'files\\.pythonhosted\\.org',
    '(?:static|index)\\.crates\\.io',
    '(?:proxy|sum)\\.golang\\.org',
    'repo1?\\.maven(?:\\.apache)?\\.org',
    'rubygems\\.org',
    'nuget\\.org',
    '(?:deb|security|snapshot)\\.debian\\.org',
    'alpinelinux\\.org',
    'ghcr\\.io',
    'quay\\.io',
    'gcr\\.io',
    '[a-z0-9-]+\\.pkg\\.dev',
    'mcr\\.microsoft\\.com',
    'public\\.ecr\\.aws',
    'registry\\.k8s\\.io',
    'amazonaws\\.com',
    'azurecr\\.io',
    'googleapis\\.com',
  ].join('|')})(?![\\w-])`,
  'g',
);

/** Constants of the product: where docker's short names lead, and the public OSV export. */
const productHosts = [
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'auth.docker.io',
  'storage.googleapis.com',
];

/** The folder that Deno's cache has for npm's packages is called so. */
const folderNames: ReadonlyMap<string, RegExp> = new Map([['src/ecosystem/npm/', /^registry\.npmjs\.org$/]]);

/** Where package managers fetch from unless they are told otherwise: what they write names them. */
const publicHosts = new RegExp(
  `^(?:${[
    'registry\\.npmjs\\.org',
    'registry\\.yarnpkg\\.com',
    'pypi\\.org',
    'files\\.pythonhosted\\.org',
    'rubygems\\.org',
    '(?:static|index)\\.crates\\.io',
    'proxy\\.golang\\.org',
    'repo1?\\.maven(?:\\.apache)?\\.org',
    'nuget\\.org',
  ].join('|')})$`,
);

/** Files that tools left, as they left them, and what tests expect of such. */
const leftByTools = /^test\/(?:fixtures|ecosystem|format\/sbom)\//;

/** What looks at images and Dockerfiles: hidden files of an image's own root, of which it knows many, stand in it. */
const aboutImages = /^(?:README\.md|rules|policies|src\/(?:configuration|detect|policy)|docs\/policy\.md|test)(?:\/|$)/;

/** What knows the services that strangers' files name: bases of images, issuers of tokens, places of downloads. */
const aboutHosts =
  /^(?:rules|src\/detect|src\/configuration\/rules\.gen\.ts|test\/detect|test\/support\/secret-samples\.ts)/;

/** What is wrong with one file that is kept in the repository: a line each. */
export function untidy(path: string, text: string): string[] {
  if (path === 'package-lock.json' || text.includes('\0')) return [];
  const found: string[] = [];
  const lines = text.split('\n');
  const count = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  if (sourceFile.test(path) && count > mostLines)
    found.push(`${path} has ${count} lines, more than ${mostLines}: it does more than one thing`);
  lines.forEach((line, i) => {
    const place = `${path}:${i + 1}`;
    const mark = unfinished.exec(line);
    if (mark) found.push(`${place} says ${mark[0]}: finish it, or leave it out`);
    const machine = machinePath.exec(line);
    // What stands below the home of an image's own root is not of this machine.
    const ofImages = machine?.[0] === '/root/.' && aboutImages.test(path);
    if (machine && !ofImages && !(leftByTools.test(path) && machine[0].includes('/root')))
      found.push(`${place} names a path of one machine (${machine[0]}…)`);
    for (const [host] of line.matchAll(registryHost)) {
      if ([...folderNames].some(([folder, name]) => path.startsWith(folder) && name.test(host))) continue;
      if (leftByTools.test(path) && publicHosts.test(host)) continue;
      if (aboutHosts.test(path)) continue;
      if (!productHosts.includes(host)) found.push(`${place} names ${host}, which is no constant of the product`);
    }
  });
  return found;
}

/** The files that are kept in the repository, and those that are about to be. */
export function keptFiles(root: string): Map<string, string> {
  const { stdout, status } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error('git ls-files failed: is this a clone?');
  const files = new Map<string, string>();
  for (const path of stdout.split('\0').filter((name) => name !== '')) {
    try {
      files.set(path, readFileSync(join(root, path), 'latin1'));
    } catch {
      // Taken away, and not yet out of git's index.
    }
  }
  return files;
}

/** The parts of a package-lock.json that are looked at. */
export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Development tools whose install script is not needed: their program comes as a package for each platform. */
const harmlessScripts = ['node_modules/esbuild', 'node_modules/fsevents'];

/** What is wrong with the lock file: a line each. */
export function lockProblems({ packages }: Lock): string[] {
  const found: string[] = [];
  for (const [path, locked] of Object.entries(packages)) {
    if (locked.resolved?.startsWith('http')) found.push(`${path} is bound to one registry by its resolved address`);
    if (locked.hasInstallScript && !(locked.dev && harmlessScripts.includes(path))) {
      found.push(`${path} has an install script: it would run foreign code at every npm ci`);
    }
    // npm ci refuses a lock that leaves one out, even for a platform that is not this one.
    for (const name of Object.keys(locked.optionalDependencies ?? {})) {
      if (!isLocked(path, name, packages))
        found.push(`${path} wants ${name}, which the lock does not have: npm ci fails`);
    }
  }
  return found;
}

/** Whether a package is found from another one's folder upwards, as Node does. */
function isLocked(from: string, name: string, packages: Lock['packages']): boolean {
  for (let folder = from; ; ) {
    if (Object.hasOwn(packages, `${folder === '' ? '' : `${folder}/`}node_modules/${name}`)) return true;
    if (folder === '') return false;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1));
  }
}
