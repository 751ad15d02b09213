// The base of sluice's own image: what its program needs of this machine to run, and nothing else. There is no shell in it.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';

/** The user that containers run as, by the name and number that distroless images use. */
export const nonroot = 65532;
export const home = '/home/nonroot';

/**
 * The files of the base. Libraries that the program loads are of the machine that builds: so is `os-release`, and where that
 * is Debian or one like it, the records of their packages, by which every scanner knows them.
 */
export function baseFiles(program) {
  const libraries = librariesOf(program);
  const files = libraries.map((path) => ({ path: path.slice(1), body: readFileSync(path), mode: 0o755 }));
  const packages = [...new Set(libraries.map(packageOf))].filter((name) => name !== undefined).sort();
  return [
    ...(packages.length === 0 ? [] : recordsOf(packages)),
    text(
      'etc/passwd',
      `root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:${nonroot}:${nonroot}:nonroot:${home}:/sbin/nologin\n`,
    ),
    text('etc/group', `root:x:0:\nnonroot:x:${nonroot}:\n`),
    text('etc/nsswitch.conf', 'hosts: files dns\n'),
    { path: home.slice(1), folder: true, mode: 0o700, owner: nonroot },
    ...files,
    { path: 'tmp', folder: true, mode: 0o1777 },
  ];
}

const text = (path, words) => ({ path, body: Buffer.from(words) });

/** What the loader would load for a program, and the loader: by the names that it is asked for. */
function librariesOf(program) {
  const { status, stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ldd does not say which libraries ${program} needs`);
  const paths = [...stdout.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)].map(([, path]) => path);
  return [...new Set(paths)].sort();
}

/** The package of Debian that a file is from; undefined where no dpkg knows it. */
function packageOf(path) {
  for (const name of [path, realpathSync(path), path.replace(/^\/usr/, '')]) {
    const { status, stdout } = spawnSync('dpkg-query', ['-S', name], { encoding: 'utf8' });
    if (status === 0) return stdout.slice(0, stdout.indexOf(': '));
  }
  return undefined;
}

/** A package's record as distroless images keep it, its licence, and which distribution it is of. */
function recordsOf(packages) {
  const files = packages.flatMap((name) => {
    const { stdout } = spawnSync('dpkg-query', ['-s', name], { encoding: 'utf8' });
    const plain = name.replace(/:.*$/, '');
    const licence = `/usr/share/doc/${plain}/copyright`;
    return [
      text(`var/lib/dpkg/status.d/${plain}`, stdout),
      ...(existsSync(licence) ? [text(licence.slice(1), readFileSync(licence))] : []),
    ];
  });
  return [text('etc/os-release', readFileSync('/etc/os-release')), ...files];
}
